#include "train/objective/eps_insensitive_absolute_loss.h"

#include "train/objective/pieces.h"

#include <cmath>

namespace ringmaker::train {

double EpsInsensitiveAbsoluteLoss::evaluate(const LossBlock& block) const noexcept {
  return sum_over_residuals(block, [&](double residual) {
    const Piece outside = kink(std::abs(residual) - insensitivity_, 0, 1, block.width);
    return Piece{outside.value, std::copysign(outside.slope, residual)};
  });
}

}  // namespace ringmaker::train
