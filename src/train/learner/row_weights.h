// RowWeights: what each row counts, from its own weight and that of its class.
#pragma once

#include "train/dataset/dataset.h"

#include <vector>

namespace ringmaker::train {

struct ClassWeights {
  /// Binary: rows of class 1 count this much more; negative: as much as makes the classes equal.
  double positive = 1;
  /// Multiclass: every class counts the same, however many rows it has.
  bool balanced = false;
};

/// One a row; empty when every row counts 1.
[[nodiscard]] std::vector<float> row_weights(const Dataset& train, const ClassWeights& classes);

}  // namespace ringmaker::train
