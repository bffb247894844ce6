// LinearKernels: the inner loops of linear models, one set of functions an instruction set.
//
// All sets give the same bits. A dot product is kept in 32 lanes (lane l sums the features j with
// j % 32 == l, in order), the lanes are folded 32 -> 16 -> 8 -> 4 -> 2 -> 1, and products are
// never fused with sums. So a score depends on its row alone: not on the machine, not on the
// number of rows in the call.
#pragma once

#include "base/cpu.h"

#include <cstddef>

namespace ringmaker::model {

/// How many lanes a dot product has; weights and fill are padded with zeros to a multiple of it.
inline constexpr size_t kLinearLanes = 32;

[[nodiscard]] constexpr size_t padded_to_lanes(size_t count) noexcept {
  return (count + kLinearLanes - 1) / kLinearLanes * kLinearLanes;
}

/// Plain pointers, so that the files of one instruction set need nothing else.
/// Numbers of a view stand apart: copied as one pair, as compilers do where they can, they would be
/// read wider than the caller has just written them, which stalls a call for one row of
/// 100 features for 2 of 30 ns.
struct LinearTask {
  const float* rows = nullptr;  // row_count x features; NaN where missing
  size_t row_count = 0;
  const float* weights = nullptr;  // outputs x stride
  size_t features = 0;
  const float* fill = nullptr;  // stride
  size_t outputs = 0;
  const float* bias = nullptr;  // outputs: the raw value of a row that equals fill
  size_t stride = 0;            // padded_to_lanes(features)
};

struct LinearKernels {
  /// raw[i * outputs + k] = bias[k] + sum_j weights[k][j] * (rows[i][j] - fill[j]), a missing
  /// value adding nothing.
  void (*score)(const LinearTask& task, float* raw);
  /// gradient[k][j] += sum_i residual[i * outputs + k] * (rows[i][j] - fill[j]), a missing value
  /// adding nothing; rows in order, four at a time. `gradient` is outputs x stride.
  void (*accumulate)(const LinearTask& task, const float* residual, float* gradient);
  /// values[i] = 1 / (1 + exp(-values[i])), within 0.6 ulp.
  void (*logistic)(float* values, size_t count);
  /// values[i] = exp(values[i]), within 0.6 ulp.
  void (*exponential)(float* values, size_t count);
};

/// The kernels of the best set not above `set`.
[[nodiscard]] const LinearKernels& linear_kernels(base::InstructionSet set) noexcept;

}  // namespace ringmaker::model
