#include "train/evaluation/top_k_accuracy.h"

#include <algorithm>

namespace ringmaker::train {

double top_k_accuracy(std::span<const ClassStanding> rows, size_t k) {
  const auto found = std::count_if(rows.begin(), rows.end(),
                                   [k](const ClassStanding& row) { return row.rank < k; });
  return static_cast<double>(found) / static_cast<double>(rows.size());
}

}  // namespace ringmaker::train
