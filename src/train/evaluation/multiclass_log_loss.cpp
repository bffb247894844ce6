#include "train/evaluation/multiclass_log_loss.h"

#include "train/evaluation/minus_log.h"

namespace ringmaker::train {

double multiclass_log_loss(std::span<const ClassStanding> rows) {
  double total = 0;
  for (const ClassStanding& row : rows) {
    total += minus_log(row.probability);
  }
  return total / static_cast<double>(rows.size());
}

}  // namespace ringmaker::train
