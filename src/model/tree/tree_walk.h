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
#include <span>
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
  uint32_t leaf_begin = 0;  // in the ensemble
};

/// A node of the layout, whichever of the two it is.
struct PlacedNode {
  float cut = 0;
  uint32_t column = 0;  // of TreeWalk::lanes()
  bool nan_right = false;
  uint32_t way = 0;  // to the left child, behind which stands the right one; 0: a leaf
};

/// Immutable, thread-safe. Adds leaves in the order of the trees, in the ensemble's precision.
class TreeWalk {
 public:
  /// `ensemble` can be walked (validate_trees()), and `splits` is of it.
  TreeWalk(const TreeEnsemble& ensemble, const SplitColumns& splits);

  /// raw[i][k] += the leaves that row i reaches in the trees of output k.
  void add(data::DenseView rows, data::DenseSpan raw) const noexcept;
  /// names[i * trees().size() + t]: what the library calls the leaf of tree t that row i reaches.
  void leaves(data::DenseView rows, uint32_t* names) const noexcept;

  // The trees themselves, for whoever makes something else of them.

  [[nodiscard]] std::span<const WalkTree> trees() const noexcept { return trees_; }
  [[nodiscard]] size_t leaf_width() const noexcept { return leaf_width_; }
  [[nodiscard]] size_t nodes() const noexcept { return leaf_values_.size(); }
  [[nodiscard]] PlacedNode node(uint32_t at) const noexcept;
  /// Value `j` of the leaf at `at`.
  [[nodiscard]] double leaf_value(uint32_t at, size_t j) const noexcept;
  /// Of every node and leaf, TreeEnsemble's covers; empty where the file does not tell.
  [[nodiscard]] std::span<const float> covers() const noexcept { return covers_; }
  /// Which feature a column is read from.
  [[nodiscard]] uint32_t feature_of(uint32_t column) const noexcept {
    return column < features_ ? column : derived_[column - features_].column.feature;
  }
  /// lanes[c * stride + i] = what columns[c] holds of row i. stride >= rows.rows, of which there
  /// are at most kRowsOfLanes.
  static constexpr size_t kRowsOfLanes = 64;
  void lanes(data::DenseView rows, std::span<const uint32_t> columns, size_t stride,
             float* lanes) const noexcept;

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
  /// The rows themselves, where they are their columns; else filled into the thread's memory.
  [[nodiscard]] data::DenseView columns_of(data::DenseView rows) const noexcept;
  template <class Node>
  void name_leaves(const Node* nodes, const float* row, uint32_t* names) const noexcept;
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
  std::vector<float> covers_;       // of each node
  std::vector<uint32_t> leaf_ids_;  // TreeEnsemble::leaf_ids
};

}  // namespace ringmaker::model
