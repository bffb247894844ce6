#include "train/evaluation/f_beta.h"

namespace ringmaker::train {

double f_beta(const ClassCounts& counts, double beta) noexcept {
  const double weighed = (1 + beta * beta) * counts.found;
  const double all = weighed + beta * beta * counts.missed + counts.mistaken;
  return all > 0 ? weighed / all : 0;
}

double macro_f_beta(std::span<const ClassCounts> classes, double beta) noexcept {
  double total = 0;
  for (const ClassCounts& counts : classes) {
    total += f_beta(counts, beta);
  }
  return total / static_cast<double>(classes.size());
}

}  // namespace ringmaker::train
