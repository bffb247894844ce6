#include "train/objective/logistic_loss.h"

#include "base/check.h"

#include <cmath>

namespace ringmaker::train {

// With e = exp(-|z|): log(1 + exp(z)) = max(z, 0) + log(1 + e), and the probability of class 1 is
// 1 / (1 + e) or e / (1 + e). Rows of equal weight need one logarithm a block: that of the
// product of their 1 + e, at most 2^rows.
double LogisticLoss::evaluate(const LossBlock& block) const noexcept {
  RM_DCHECK(block.rows < 1000);
  for (size_t i = 0; i < block.rows; ++i) {
    block.scratch[i] = -static_cast<float>(std::abs(block.raw[i]));
  }
  block.kernels->exponential(block.scratch, block.rows);
  double total = 0;
  double product = 1;
  for (size_t i = 0; i < block.rows; ++i) {
    const double z = block.raw[i];
    const double label = block.labels[i];
    const double e = static_cast<double>(block.scratch[i]);
    const double weight = block.share(i);
    const double above = z > 0 ? z : 0.0;
    total += weight * (above - label * z);
    if (block.weights == nullptr) {
      product *= 1 + e;
    } else {
      total += weight * std::log1p(e);
    }
    const double probability = (z > 0 ? 1.0 : e) / (1 + e);
    block.slopes[i] = static_cast<float>(weight * (probability - label));
  }
  return total + std::log(product) / block.weight_sum;
}

}  // namespace ringmaker::train
