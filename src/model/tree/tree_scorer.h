// TreeScorer: an ensemble compiled for one CPU. The ensemble itself may be discarded.
//
// The same bits come from every kernel and every instruction set: leaves are added one by one in
// the order of the trees, in the ensemble's precision, whatever the number of rows in the call.
#pragma once

#include "base/cpu.h"
#include "data/dense_block.h"
#include "model/tree/tree_ensemble.h"
#include "model/tree/tree_walk.h"

#include <memory>
#include <string>

namespace ringmaker::model {

/// Immutable, thread-safe. A thread's first calls allocate its scratch, later ones nothing.
class TreeScorer {
 public:
  /// `ensemble` has passed validate_trees().
  TreeScorer(TreeEnsemble ensemble, base::InstructionSet set);
  ~TreeScorer();

  /// Adds to raw[i][k] the leaves that row i reaches in the trees of output k: in float32 one by
  /// one, in float64 their sum. rows.columns == features, raw.columns == outputs,
  /// raw.rows == rows.rows.
  void score(data::DenseView rows, data::DenseSpan raw) const noexcept;

  /// See Predictor.
  [[nodiscard]] size_t rows_at_once() const noexcept;
  /// The one layout that every ensemble has.
  [[nodiscard]] const TreeWalk& walk() const noexcept;

  /// Which kernel scores how many rows, for people: "1+ rows: walk".
  [[nodiscard]] std::string plan() const;

 private:
  struct Layouts;
  std::unique_ptr<const Layouts> layouts_;
};

}  // namespace ringmaker::model
