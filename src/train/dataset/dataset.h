// Dataset: the rows a learner sees, complete and in memory, row-major.
#pragma once

#include "data/dense_block.h"
#include "data/schema.h"

#include <vector>

namespace ringmaker::train {

struct Dataset {
  /// rows x schema.feature_count(); NaN where missing.
  data::DenseBlock features;
  /// One a row. Regression: the value; classification: the class index in output.class_names.
  std::vector<double> labels;
  /// One a row, or empty when every row weighs 1.
  std::vector<float> weights;
  data::Schema schema;
  data::OutputSchema output;

  [[nodiscard]] size_t rows() const noexcept { return features.rows(); }
};

}  // namespace ringmaker::train
