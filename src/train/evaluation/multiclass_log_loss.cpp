#include "train/evaluation/multiclass_log_loss.h"

#include "train/evaluation/minus_log.h"

namespace ringmaker::train {

double multiclass_log_loss(std::span<const double> predicted, std::span<const double> labels,
                           size_t classes) {
  double total = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    total += minus_log(predicted[i * classes + static_cast<size_t>(labels[i])]);
  }
  return total / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
