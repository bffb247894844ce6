#include "train/evaluation/recall.h"

namespace ringmaker::train {

double recall(const ClassCounts& counts) noexcept {
  const double own = counts.found + counts.missed;
  return own > 0 ? counts.found / own : 0;
}

double macro_recall(std::span<const ClassCounts> classes) noexcept {
  double total = 0;
  for (const ClassCounts& counts : classes) {
    total += recall(counts);
  }
  return total / static_cast<double>(classes.size());
}

}  // namespace ringmaker::train
