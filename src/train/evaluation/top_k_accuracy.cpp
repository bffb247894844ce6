#include "train/evaluation/top_k_accuracy.h"

#include "train/evaluation/class_rank.h"

namespace ringmaker::train {

double top_k_accuracy(std::span<const double> predicted, std::span<const double> labels,
                      size_t classes, size_t k) {
  size_t found = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    found += rank_of(predicted.subspan(i * classes, classes), static_cast<size_t>(labels[i])) < k
                 ? 1
                 : 0;
  }
  return static_cast<double>(found) / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
