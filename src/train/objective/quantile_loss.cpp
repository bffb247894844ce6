#include "train/objective/quantile_loss.h"

#include "train/objective/pieces.h"

namespace ringmaker::train {

double QuantileLoss::evaluate(const LossBlock& block) const noexcept {
  return sum_over_residuals(block, [&](double residual) {
    return kink(residual, quantile_, 1 - quantile_, block.width);
  });
}

}  // namespace ringmaker::train
