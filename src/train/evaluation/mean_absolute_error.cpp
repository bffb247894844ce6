#include "train/evaluation/mean_absolute_error.h"

#include <cmath>

namespace ringmaker::train {

double mean_absolute_error(std::span<const double> predicted, std::span<const double> labels) {
  double total = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    total += std::abs(predicted[i] - labels[i]);
  }
  return total / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
