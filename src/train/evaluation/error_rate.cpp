#include "train/evaluation/error_rate.h"

namespace ringmaker::train {

double error_rate(std::span<const double> predicted, std::span<const double> labels,
                  double threshold) {
  size_t wrong = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    wrong += (predicted[i] > threshold) == (labels[i] > 0) ? 0 : 1;
  }
  return static_cast<double>(wrong) / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
