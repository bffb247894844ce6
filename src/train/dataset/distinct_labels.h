// DistinctLabels: the different numbers among labels.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

namespace ringmaker::train {

/// Up to one more than `most`, which tells that there are more.
[[nodiscard]] inline std::set<double> distinct_labels(const std::vector<double>& labels,
                                                      size_t most) {
  std::set<double> values;
  for (const double label : labels) {
    values.insert(label);
    if (values.size() > most) {
      break;
    }
  }
  return values;
}

}  // namespace ringmaker::train
