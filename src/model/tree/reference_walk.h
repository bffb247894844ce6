// ReferenceWalk: every row down every tree, node by node, leaves added in the order of the trees.
//
// The plain definition of what an ensemble answers: the judge of every fast layout, and the one way
// to the leaves themselves.
#pragma once

#include "data/dense_block.h"
#include "model/tree/tree_arrays.h"
#include "model/tree/tree_ensemble.h"

#include <cstdint>

namespace ringmaker::model {

/// The ensemble has passed validate_trees(). Immutable, hence thread-safe.
class ReferenceWalk {
 public:
  explicit ReferenceWalk(TreeEnsemble ensemble) : ensemble_(unfiled(std::move(ensemble))) {}

  [[nodiscard]] const TreeEnsemble& ensemble() const noexcept { return ensemble_; }

  /// Adds to raw[i][k] the leaves that row i reaches in the trees of output k: in float32 one by
  /// one, in float64 their sum. rows.columns == features, raw.columns == outputs.
  void score(data::DenseView rows, data::DenseSpan raw) const noexcept;
  /// base_values and the leaves that `row` reaches, in the ensemble's precision: sums[k] of output
  /// k. The row has `features` values.
  void sums(const double* row, double* sums) const noexcept;
  /// What the library calls the leaf that `row` reaches in tree t, at leaves[t].
  void leaves(const float* row, uint32_t* leaves) const noexcept;
  void leaves(const double* row, uint32_t* leaves) const noexcept;

 private:
  TreeEnsemble ensemble_;
};

/// The number, within its tree, of the leaf that `row` reaches.
[[nodiscard]] uint32_t leaf_reached(const TreeEnsemble& ensemble, const Tree& tree,
                                    const float* row) noexcept;
[[nodiscard]] uint32_t leaf_reached(const TreeEnsemble& ensemble, const Tree& tree,
                                    const double* row) noexcept;

}  // namespace ringmaker::model
