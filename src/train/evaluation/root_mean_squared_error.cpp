#include "train/evaluation/root_mean_squared_error.h"

#include "train/evaluation/mean_squared_error.h"

#include <cmath>

namespace ringmaker::train {

double root_mean_squared_error(std::span<const double> predicted, std::span<const double> labels) {
  return std::sqrt(mean_squared_error(predicted, labels));
}

}  // namespace ringmaker::train
