#include "train/objective/softmax_loss.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ringmaker::train {

double SoftmaxLoss::evaluate(const LossBlock& block) const noexcept {
  const size_t outputs = block.outputs;
  double total = 0;
  for (size_t i = 0; i < block.rows; ++i) {
    const double* raw = block.raw + i * outputs;
    float* lowered = block.scratch + i * outputs;
    const double greatest = *std::max_element(raw, raw + outputs);
    for (size_t k = 0; k < outputs; ++k) {
      lowered[k] = static_cast<float>(raw[k] - greatest);
    }
    const auto label = static_cast<size_t>(block.labels[i]);
    total -= block.share(i) * static_cast<double>(lowered[label]);
  }
  block.kernels->exponential(block.scratch, block.rows * outputs);
  for (size_t i = 0; i < block.rows; ++i) {
    const float* e = block.scratch + i * outputs;
    const double share = block.share(i);
    const double sum = std::accumulate(e, e + outputs, 0.0);
    const auto label = static_cast<size_t>(block.labels[i]);
    total += share * std::log(sum);
    for (size_t k = 0; k < outputs; ++k) {
      const double probability = static_cast<double>(e[k]) / sum;
      block.slopes[i * outputs + k] =
          static_cast<float>(share * (probability - (k == label ? 1.0 : 0.0)));
    }
  }
  return total;
}

}  // namespace ringmaker::train
