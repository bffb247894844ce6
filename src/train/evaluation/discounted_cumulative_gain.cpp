#include "train/evaluation/discounted_cumulative_gain.h"

#include "train/evaluation/class_rank.h"

#include <cmath>

namespace ringmaker::train {

double discounted_cumulative_gain(std::span<const double> predicted, std::span<const double> labels,
                                  size_t classes) {
  double total = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const size_t rank =
        rank_of(predicted.subspan(i * classes, classes), static_cast<size_t>(labels[i]));
    total += 1 / std::log2(static_cast<double>(rank + 2));
  }
  return total / static_cast<double>(labels.size());
}

}  // namespace ringmaker::train
