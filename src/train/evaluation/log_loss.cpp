#include "train/evaluation/log_loss.h"

#include "train/evaluation/minus_log.h"

namespace ringmaker::train {

double log_loss(std::span<const double> predicted, std::span<const double> labels) {
  double total = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    total += minus_log(labels[i] > 0 ? predicted[i] : 1 - predicted[i]);
  }
  return total / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
