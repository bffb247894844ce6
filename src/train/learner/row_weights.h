// RowWeights: what each row counts, from its own weight and that of its class.
#pragma once

#include "base/result.h"
#include "train/dataset/dataset.h"

#include <string_view>
#include <vector>

namespace ringmaker::train {

struct ClassWeights {
  /// Binary: rows of class 1 count this much more; negative: as much as makes the classes equal.
  double positive = 1;
  /// Multiclass: every class counts the same, however many rows it has.
  bool balanced = false;
};

/// kInvalidInput when the weights of the rows leave nothing to learn from: all are 0, or those of a
/// whole class. `channel` names the data; only that of training needs every class.
[[nodiscard]] base::Result<void> check_weights(const Dataset& dataset, std::string_view channel,
                                               bool every_class);

/// One a row; empty when every row counts 1.
[[nodiscard]] std::vector<float> row_weights(const Dataset& train, const ClassWeights& classes);

}  // namespace ringmaker::train
