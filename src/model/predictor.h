// Predictor: a model compiled for inference.
//
// One instance serves all shards: it is immutable after construction, allocates nothing in
// predict() and never fails there. One virtual call a batch is free; one a row is not.
#pragma once

#include "data/dense_block.h"
#include "data/schema.h"

#include <cstddef>
#include <string_view>

namespace ringmaker::model {

/// Thread-safe.
class Predictor {
 public:
  virtual ~Predictor() = default;

  [[nodiscard]] virtual const data::Schema& schema() const noexcept = 0;
  [[nodiscard]] virtual const data::OutputSchema& output() const noexcept = 0;
  /// "linear", "gbdt", ...
  [[nodiscard]] virtual std::string_view kind() const noexcept = 0;
  /// The name of the instruction set its kernels were chosen for.
  [[nodiscard]] virtual std::string_view instruction_set() const noexcept = 0;

  /// Scores every row as output() describes. rows.columns == schema().feature_count(),
  /// scores.rows == rows.rows, scores.columns == output().score_columns(). NaN in a row is a
  /// missing value. A row may hold infinities; where they cancel each other its scores are NaN, and
  /// no label follows. The score of a row does not depend on the other rows of the call.
  virtual void predict(data::DenseView rows, data::DenseSpan scores) const noexcept = 0;
};

}  // namespace ringmaker::model
