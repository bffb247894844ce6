// Predictor: a model compiled for inference.
//
// One instance serves all shards: it is immutable after construction, allocates nothing in
// predict() but a thread's scratch at its first calls, and never fails there. Two virtual calls a
// batch are free; one a row is not.
#pragma once

#include "base/check.h"
#include "data/dense_block.h"
#include "data/schema.h"

#include <cstddef>
#include <cstdint>
#include <string>
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
  /// Which kernels score how many rows, for people; empty where there is one way for all.
  [[nodiscard]] virtual std::string plan() const { return {}; }

  /// So many rows cost little more than one, so that who scores in slices had better not take
  /// fewer.
  [[nodiscard]] virtual size_t rows_at_once() const noexcept { return 1; }

  /// The raw values of every row: what the parameters add up to, before the link; log-odds, where
  /// scores are probabilities. rows.columns == schema().feature_count(), raw.rows == rows.rows,
  /// raw.columns == output().score_columns(). NaN in a row is a missing value. A row may hold
  /// infinities; where they cancel each other its values are NaN, and no label follows. The values
  /// of a row do not depend on the other rows of the call.
  virtual void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept = 0;
  /// The sums of every output before anything chooses among them: what predict_raw() gives, but for
  /// models whose score is the index of a class, which have one a class where output() says so.
  /// margins.columns == output().margin_columns().
  virtual void margins(data::DenseView rows, data::DenseSpan margins) const noexcept {
    predict_raw(rows, margins);
  }
  /// Turns raw values into scores as output() describes, in place and each row by itself. Who wants
  /// both keeps a copy between the two calls.
  virtual void link(data::DenseSpan values) const noexcept = 0;
  /// Scores as output() describes, of its margins. Not where output() has them apart.
  void scores_of(data::DenseView margins, data::DenseSpan scores) const noexcept;

  /// What each feature adds to each margin, as output().explanation has it, which says that there
  /// are such: values[(i * margins + k) * contributions_each + j] of feature j to margin k of row
  /// i, and the bias at the end. With the bias they add up to the margin. The first call may make
  /// what it needs, which takes as long as compiling the model, and every call some memory.
  virtual void contributions(data::DenseView /*rows*/, double* /*values*/) const noexcept {
    RM_UNREACHABLE();
  }
  /// What the model's own library calls the leaf of tree t that row i reaches, at
  /// names[i * leaves + t], where output().explanation says that there are such.
  virtual void leaves(data::DenseView /*rows*/, uint32_t* /*names*/) const noexcept {
    RM_UNREACHABLE();
  }

  /// Scores every row.
  void predict(data::DenseView rows, data::DenseSpan scores) const noexcept {
    predict_raw(rows, scores);
    link(scores);
  }
};

}  // namespace ringmaker::model
