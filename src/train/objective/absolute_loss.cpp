#include "train/objective/absolute_loss.h"

#include "train/objective/pieces.h"

namespace ringmaker::train {

double AbsoluteLoss::evaluate(const LossBlock& block) const noexcept {
  return sum_over_residuals(block,
                            [&](double residual) { return kink(residual, 1, 1, block.width); });
}

}  // namespace ringmaker::train
