#include "train/evaluation/class_counts.h"

namespace ringmaker::train {

ClassCounts count_class(std::span<const double> predicted, std::span<const double> labels,
                        double threshold) {
  ClassCounts counts;
  for (size_t i = 0; i < labels.size(); ++i) {
    const bool taken = predicted[i] > threshold;
    const bool own = labels[i] > 0;
    counts.found += taken && own ? 1 : 0;
    counts.mistaken += taken && !own ? 1 : 0;
    counts.missed += !taken && own ? 1 : 0;
  }
  return counts;
}

std::vector<ClassCounts> count_classes(std::span<const ClassStanding> rows, size_t classes) {
  std::vector<ClassCounts> counts(classes);
  for (const ClassStanding& row : rows) {
    if (row.taken == row.own) {
      counts[row.own].found += 1;
    } else {
      counts[row.taken].mistaken += 1;
      counts[row.own].missed += 1;
    }
  }
  return counts;
}

}  // namespace ringmaker::train
