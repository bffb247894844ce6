#include "train/evaluation/discounted_cumulative_gain.h"

#include <cmath>

namespace ringmaker::train {

double discounted_cumulative_gain(std::span<const ClassStanding> rows) {
  double total = 0;
  for (const ClassStanding& row : rows) {
    total += 1 / std::log2(static_cast<double>(row.rank) + 2);
  }
  return total / static_cast<double>(rows.size());
}

}  // namespace ringmaker::train
