// Loss: what a row's raw scores cost, given its label, and how that changes with them.
//
// One file a loss. A loss with a kink is offered smoothed, too: with width w its Moreau envelope,
// which is smooth, below the loss by at most w/2 times its steepest slope squared, and the loss
// itself at width 0 (where a kink answers one of its subgradients). A solver of smooth functions
// goes from wide to narrow and so comes to the minimum of the loss itself.
#pragma once

#include "model/linear/linear_kernels.h"

#include <cstddef>
#include <string_view>

namespace ringmaker::train {

/// The rows of one block. Plain pointers: losses are inner loops.
struct LossBlock {
  size_t rows = 0;
  size_t outputs = 1;
  const double* raw = nullptr;     // rows x outputs
  const double* labels = nullptr;  // values; 0 or 1; class indices
  const float* weights = nullptr;  // one a row; null: every row weighs 1
  double weight_sum = 1;           // of all rows, not only of the block
  double width = 0;                // of the smoothing
  float* slopes = nullptr;         // out: by raw, times the row's share
  float* scratch = nullptr;        // rows x outputs, for the loss to use
  const model::LinearKernels* kernels = nullptr;

  /// What the row counts in the mean.
  [[nodiscard]] double share(size_t row) const noexcept {
    return (weights == nullptr ? 1.0 : static_cast<double>(weights[row])) / weight_sum;
  }
};

/// Immutable and thread-safe.
class Loss {
 public:
  virtual ~Loss() = default;
  /// As Linear Learner calls it.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// The block's part of the mean loss; fills its slopes.
  [[nodiscard]] virtual double evaluate(const LossBlock& block) const noexcept = 0;
  /// False when the loss has a kink, so that a solver of smooth functions needs a width.
  [[nodiscard]] virtual bool smooth() const noexcept = 0;
};

}  // namespace ringmaker::train
