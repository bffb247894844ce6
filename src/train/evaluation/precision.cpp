#include "train/evaluation/precision.h"

namespace ringmaker::train {

double precision(const ClassCounts& counts) noexcept {
  const double taken = counts.found + counts.mistaken;
  return taken > 0 ? counts.found / taken : 0;
}

double macro_precision(std::span<const ClassCounts> classes) noexcept {
  double total = 0;
  for (const ClassCounts& counts : classes) {
    total += precision(counts);
  }
  return total / static_cast<double>(classes.size());
}

}  // namespace ringmaker::train
