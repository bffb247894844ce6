// ExactScores: raw scores whose products and sums are kept in double, though rows are float32.
//
// Where columns nearly repeat each other, weights are large and their products almost cancel: in
// float32 what is left of a score is rounding, and a solver that follows it stops beside the
// minimum. All instruction sets give the same bits: lane l of 16 sums the features j with
// j % 16 == l, in order, and the lanes are folded 16 -> 8 -> 4 -> 2 -> 1.
#pragma once

#include "base/cpu.h"

#include <cstddef>

namespace ringmaker::train {

inline constexpr size_t kExactLanes = 16;

[[nodiscard]] constexpr size_t padded_to_exact_lanes(size_t count) noexcept {
  return (count + kExactLanes - 1) / kExactLanes * kExactLanes;
}

/// Plain pointers, so that the files of one instruction set need nothing else.
struct ExactScoresTask {
  const float* rows = nullptr;  // row_count x features, finite
  size_t row_count = 0;
  size_t features = 0;              // one at least
  const double* weights = nullptr;  // outputs x stride, zeros behind the features
  const double* bias = nullptr;     // outputs
  size_t outputs = 0;
  size_t stride = 0;  // padded_to_exact_lanes(features)
};

/// raw[i * outputs + k] = bias[k] + sum_j weights[k][j] * rows[i][j]
using ExactScores = void (*)(const ExactScoresTask& task, double* raw);

/// That of the best set not above `set`.
[[nodiscard]] ExactScores exact_scores(base::InstructionSet set) noexcept;

}  // namespace ringmaker::train
