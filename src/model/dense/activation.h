// What a layer makes of its sums, and the functions that kernels have.
#pragma once

#include <cstdint>

namespace ringmaker::model {

/// What a layer makes of each of its sums.
enum class Activation : uint8_t {
  kNone,
  kRelu,      // max(x, 0), and NaN of NaN
  kTanh,      // as ElementaryFunction
  kLogistic,  // as ElementaryFunction
};

/// Functions of a float, over all floats: NaN gives NaN, infinities the limit. The error is given
/// in units of the last place of the result, subnormal results included; tests measure it.
enum class ElementaryFunction : uint8_t {
  kExponential,  // within 1 ulp
  kLogistic,     // 1 / (1 + exp(-x)), within 2.5 ulp
  kTanh,         // within 2.5 ulp
  kErf,          // within 1.5 ulp
};

}  // namespace ringmaker::model
