#include "train/objective/huber_loss.h"

#include "train/objective/pieces.h"

#include <cmath>

namespace ringmaker::train {

double HuberLoss::evaluate(const LossBlock& block) const noexcept {
  return sum_over_residuals(block, [&](double residual) {
    const double far = std::abs(residual) - delta_;
    return far <= 0 ? Piece{residual * residual / 2, residual}
                    : Piece{delta_ * (far + delta_ / 2), std::copysign(delta_, residual)};
  });
}

}  // namespace ringmaker::train
