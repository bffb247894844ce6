// TreeWalk: the float walk, for ensembles of any shape and calls of any size.
//
// A tree lies breadth first in nodes of 8 bytes (12 where features or nodes are too many), a right
// child behind its left one, so that a step is a comparison and an addition. From a leaf the way is
// 0: a walk that has arrived steps on the spot, and eight walks (of eight rows, or of one row in
// eight trees) go side by side without a branch.
#pragma once

#include "data/dense_block.h"
#include "model/tree/split_columns.h"
#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// 11 bits of column, one that sends NaN to the right, 20 of the way to the left child, in nodes.
struct NarrowNode {
  static constexpr uint32_t kColumnsMax = 1U << 11;
  static constexpr uint32_t kNodesMax = 1U << 20;

  float cut = 0;
  uint32_t link = 0;

  [[nodiscard]] uint32_t column() const noexcept { return link & (kColumnsMax - 1); }
  [[nodiscard]] uint32_t nan_right() const noexcept { return (link >> 11) & 1; }
  [[nodiscard]] uint32_t way() const noexcept { return link >> 12; }
};

struct WideNode {
  float cut = 0;
  uint32_t column_and_nan = 0;
  uint32_t way_left = 0;

  [[nodiscard]] uint32_t column() const noexcept { return column_and_nan >> 1; }
  [[nodiscard]] uint32_t nan_right() const noexcept { return column_and_nan & 1; }
  [[nodiscard]] uint32_t way() const noexcept { return way_left; }
};

struct WalkTree {
  uint32_t root = 0;
  uint32_t depth = 0;
  uint32_t output = 0;
};

/// Immutable, thread-safe. Adds leaves in the order of the trees, in the ensemble's precision.
class TreeWalk {
 public:
  /// `ensemble` can be walked (validate_trees()), and `splits` is of it.
  TreeWalk(const TreeEnsemble& ensemble, const SplitColumns& splits);

  /// raw[i][k] += the leaves that row i reaches in the trees of output k.
  void add(data::DenseView rows, data::DenseSpan raw) const noexcept;

 private:
  /// A column that is not simply a feature's value; it stands behind the features.
  struct Derived {
    uint32_t slot;
    SplitColumn column;
  };

  void place_columns(const TreeEnsemble& ensemble, const SplitColumns& splits);
  void place_tree(const TreeEnsemble& ensemble, const SplitColumns& splits, const Tree& tree,
                  bool wide);
  void place_node(bool wide, float cut, uint32_t column, bool nan_right, uint32_t way);
  void fill_columns(data::DenseView rows, float* columns) const noexcept;
  void add_walked(data::DenseView columns, data::DenseSpan raw) const noexcept;

  size_t features_;
  size_t leaf_width_;
  Precision precision_;
  std::vector<uint32_t> slots_;  // of each column
  std::vector<Derived> derived_;
  std::vector<uint32_t> nan_zero_features_;  // whose NaN is read as 0 by all nodes
  std::vector<uint32_t> category_words_;

  std::vector<WalkTree> trees_;
  std::vector<NarrowNode> narrow_;
  std::vector<WideNode> wide_;         // one of the two is empty
  std::vector<uint32_t> leaf_values_;  // of each node: where its leaf's values begin
  std::vector<float> float_values_;    // one of the two is empty
  std::vector<double> double_values_;
};

}  // namespace ringmaker::model
