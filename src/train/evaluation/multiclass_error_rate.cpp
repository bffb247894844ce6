#include "train/evaluation/multiclass_error_rate.h"

#include "train/evaluation/class_rank.h"

namespace ringmaker::train {

double multiclass_error_rate(std::span<const double> predicted, std::span<const double> labels,
                             size_t classes) {
  size_t wrong = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    wrong += winner_of(predicted.subspan(i * classes, classes)) == static_cast<size_t>(labels[i])
                 ? 0
                 : 1;
  }
  return static_cast<double>(wrong) / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
