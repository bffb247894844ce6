#include "train/evaluation/multiclass_error_rate.h"

#include <algorithm>

namespace ringmaker::train {

double multiclass_error_rate(std::span<const ClassStanding> rows) {
  const auto wrong = std::count_if(rows.begin(), rows.end(),
                                   [](const ClassStanding& row) { return row.taken != row.own; });
  return static_cast<double>(wrong) / static_cast<double>(rows.size());
}

}  // namespace ringmaker::train
