// The kernel of a support vector machine: how alike a row and a vector are.
#pragma once

#include <cstdint>

namespace ringmaker::model {

enum class KernelType : uint8_t {
  kLinear,   // x.v
  kPoly,     // (gamma * x.v + coef0) ^ degree
  kRbf,      // exp(-gamma * |x - v|^2)
  kSigmoid,  // tanh(gamma * x.v + coef0)
};

/// What a type does not name is not looked at.
struct KernelFunction {
  KernelType type = KernelType::kLinear;
  float gamma = 0;
  float coef0 = 0;
  float degree = 0;
};

}  // namespace ringmaker::model
