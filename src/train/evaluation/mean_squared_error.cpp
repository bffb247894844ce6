#include "train/evaluation/mean_squared_error.h"

namespace ringmaker::train {

double mean_squared_error(std::span<const double> predicted, std::span<const double> labels) {
  double total = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const double error = predicted[i] - labels[i];
    total += error * error;
  }
  return total / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
