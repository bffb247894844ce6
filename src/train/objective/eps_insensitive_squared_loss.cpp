#include "train/objective/eps_insensitive_squared_loss.h"

#include "train/objective/pieces.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::train {

double EpsInsensitiveSquaredLoss::evaluate(const LossBlock& block) const noexcept {
  return sum_over_residuals(block, [&](double residual) {
    const double outside = std::max(0.0, std::abs(residual) - insensitivity_);
    return Piece{outside * outside / 2, std::copysign(outside, residual)};
  });
}

}  // namespace ringmaker::train
