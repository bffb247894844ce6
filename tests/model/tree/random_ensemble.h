// Random ensembles, rows that hit their thresholds, and what the plain definition answers.
#pragma once

#include "base/random.h"
#include "data/dense_block.h"
#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <vector>

namespace ringmaker::model {

struct EnsembleShape {
  size_t features = 5;
  size_t outputs = 1;
  size_t leaf_width = 1;
  size_t trees = 11;
  size_t depth_max = 6;
  /// A node ends in leaves before depth_max with this probability.
  double early_leaf = 0.1;
  /// Distinct thresholds of a feature; 0: as many as nodes.
  size_t thresholds = 20;
  double categories = 0;
  bool zero_missing = false;
  bool nan_zero = false;
  Precision precision = Precision::kFloat32;
};

[[nodiscard]] TreeEnsemble random_ensemble(const EnsembleShape& shape, uint64_t seed);

/// Values on and beside the thresholds of the ensemble, codes, infinities, zeros of both signs, and
/// where `nan` NaN.
[[nodiscard]] data::DenseBlock random_rows(const TreeEnsemble& ensemble, size_t rows, bool nan,
                                           uint64_t seed);

/// What a node by node walk adds to `raw`.
void add_plainly(const TreeEnsemble& ensemble, data::DenseView rows, data::DenseSpan raw);

}  // namespace ringmaker::model
