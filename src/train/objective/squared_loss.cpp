#include "train/objective/squared_loss.h"

#include "train/objective/pieces.h"

namespace ringmaker::train {

double SquaredLoss::evaluate(const LossBlock& block) const noexcept {
  return sum_over_residuals(
      block, [](double residual) { return Piece{residual * residual / 2, residual}; });
}

}  // namespace ringmaker::train
