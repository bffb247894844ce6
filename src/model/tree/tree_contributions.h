// TreeContributions: what each feature contributes to the raw values of trees, exactly.
//
//   raw value of an output = bias + sum of the contributions of all features
//
// where the bias is what the model answers on the mean over its training data, told by the covers
// of its nodes. path_kernels.h has the method. Trees become lists of moves, which are kept for the
// next rows; of large ensembles, where they would take much memory, they are made anew for every
// 64 rows.
#pragma once

#include "base/cpu.h"
#include "base/result.h"
#include "data/dense_block.h"
#include "model/tree/path_kernels.h"
#include "model/tree/quadrature.h"
#include "model/tree/tree_paths.h"
#include "model/tree/tree_walk.h"

#include <cstddef>
#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe. In double, from leaves as the ensemble has them.
class TreeContributions {
 public:
  /// Of how many nodes the moves are kept: some 100 bytes each.
  static constexpr size_t kNodesKeptMax = size_t{1} << 18;
  /// Levels of a tree times points of its quadrature, at most, which bounds the memory of a walk.
  static constexpr size_t kWalkMax = size_t{1} << 18;

  /// kUnsupported, in a sentence, where the trees have no contributions: their file does not tell
  /// how much of the training data came by each node, or a tree is beyond all measure.
  [[nodiscard]] static base::Result<void> check(const TreeWalk& walk, size_t features);

  /// check() holds; the walk outlives it. `base_values` are the ensemble's base values, one an
  /// output.
  TreeContributions(const TreeWalk& walk, size_t features, const std::vector<double>& base_values,
                    base::InstructionSet set, size_t nodes_kept_max = kNodesKeptMax);

  /// values[(i * outputs + k) * (features + 1) + j]: of feature j to output k of row i; the bias at
  /// j = features. A row's values depend on nothing but the row.
  void explain(data::DenseView rows, double* values) const noexcept;

 private:
  struct Rule {
    std::vector<double> t;  // empty: no tree has so many points
    std::vector<double> u;
    std::vector<double> weight;
  };
  void finish(TreePaths& paths);
  void invert(TreePaths& paths) const;
  void explain_slice(data::DenseView rows, double* values) const noexcept;
  void add_tree(const TreePaths& paths, size_t t, const float* columns, size_t groups,
                double* sums) const noexcept;

  const TreeWalk& walk_;
  const PathKernels& kernels_;
  size_t features_;
  PathSlots slots_;
  std::vector<double> bias_;      // one an output
  std::vector<Rule> rules_;       // by points
  std::vector<TreePaths> paths_;  // of all trees, or of none
};

}  // namespace ringmaker::model
