#include "train/objective/hinge_loss.h"

#include "train/objective/pieces.h"

namespace ringmaker::train {

double HingeLoss::evaluate(const LossBlock& block) const noexcept {
  double total = 0;
  for (size_t i = 0; i < block.rows; ++i) {
    const double side = block.labels[i] > 0 ? 1 : -1;
    const Piece short_by = kink(margin_ - side * block.raw[i], 0, 1, block.width);
    total += block.share(i) * short_by.value;
    block.slopes[i] = static_cast<float>(-side * block.share(i) * short_by.slope);
  }
  return total;
}

}  // namespace ringmaker::train
