// TreeWalk: walks from node to node, for ensembles of any shape and calls of any size.
//
// Rows are first turned into keys, integers of the order of the floats, one column for each way in
// which nodes read a feature; what is missing has the key that sends it to its side. A node is then
// one comparison of integers, and the way to the child an addition with carry. From a leaf the way
// is 0: a walk that has arrived steps on the spot, and sixteen rows in a tree, or one row in eight
// trees, go side by side without a branch. See walk_layout.h for how nodes lie in memory.
#pragma once

#include "data/dense_block.h"
#include "model/tree/split_columns.h"
#include "model/tree/trees_view.h"
#include "model/tree/walk_layout.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ringmaker::model {

/// Left where the key of `column` is below `cut`: the left child stands way + 1 places behind, the
/// right one `way`. A leaf has the column whose key is below nothing, and its value for a cut: the
/// bits of a float, or where its values begin. 12 bits of column, 20 of the way.
struct NarrowNode {
  static constexpr uint32_t kColumnsMax = 1U << 12;
  static constexpr uint32_t kPlacesMax = 1U << 20;

  uint32_t cut = 0;
  uint32_t link = 0;

  [[nodiscard]] static NarrowNode make(uint32_t cut, uint32_t column, uint32_t way) noexcept {
    return {cut, column | way << 12};
  }
  [[nodiscard]] uint32_t column() const noexcept { return link & (kColumnsMax - 1); }
  [[nodiscard]] uint32_t way() const noexcept { return link >> 12; }
};

struct WideNode {
  uint32_t cut = 0;
  uint32_t column_of = 0;
  uint32_t way_of = 0;
  uint32_t unused = 0;

  [[nodiscard]] static WideNode make(uint32_t cut, uint32_t column, uint32_t way) noexcept {
    return {cut, column, way};
  }
  [[nodiscard]] uint32_t column() const noexcept { return column_of; }
  [[nodiscard]] uint32_t way() const noexcept { return way_of; }
};

template <class Node>
struct alignas(64) WalkNodes {
  Node nodes[kWalkLine];
};

struct WalkTree {
  uint32_t root = 0;
  uint32_t depth = 0;
  uint32_t output = 0;
};

/// A node of the layout, whichever of the two it is.
struct PlacedNode {
  float cut = 0;
  uint32_t column = 0;  // of TreeWalk::lanes()
  bool nan_right = false;
  uint32_t way = 0;  // to the right child, behind which the left one stands; 0: a leaf

  [[nodiscard]] bool is_leaf() const noexcept { return way == 0; }
  /// The children of a node that stands at `at`.
  [[nodiscard]] uint32_t right(uint32_t at) const noexcept { return at + way; }
  [[nodiscard]] uint32_t left(uint32_t at) const noexcept { return at + way + 1; }
};

/// Immutable, thread-safe. Adds leaves in the order of the trees, in the ensemble's precision.
class TreeWalk {
 public:
  /// `ensemble` can be walked (validate_trees()), and `splits` is of it.
  TreeWalk(const TreesView& ensemble, const SplitColumns& splits);

  /// raw[i][k] += the leaves that row i reaches in the trees of output k. Many rows at a time are
  /// best: each tree then comes into the caches once for all of them.
  void add(data::DenseView rows, data::DenseSpan raw) const noexcept;
  /// names[i * trees().size() + t]: what the library calls the leaf of tree t that row i reaches.
  void leaves(data::DenseView rows, uint32_t* names) const noexcept;

  // The trees themselves, for whoever makes something else of them.

  [[nodiscard]] std::span<const WalkTree> trees() const noexcept { return trees_; }
  [[nodiscard]] size_t leaf_width() const noexcept { return leaf_width_; }
  /// Nodes, leaves, and what the layout leaves empty, which looks like a leaf.
  [[nodiscard]] size_t places() const noexcept { return leaf_names_.size(); }
  [[nodiscard]] PlacedNode node(uint32_t at) const noexcept;
  /// Value `j` of the leaf at `at`.
  [[nodiscard]] double leaf_value(uint32_t at, size_t j) const noexcept;
  /// Of every place, TreeEnsemble's covers; empty where the file does not tell.
  [[nodiscard]] std::span<const float> covers() const noexcept { return covers_; }
  /// Which feature a column is read from.
  [[nodiscard]] uint32_t feature_of(uint32_t column) const noexcept {
    return columns_[column].feature;
  }
  /// lanes[c * stride + i] = what columns[c] holds of row i, but for NaN, which nan_right sends to
  /// its side. stride >= rows.rows, of which there are at most kRowsOfLanes.
  static constexpr size_t kRowsOfLanes = 64;
  void lanes(data::DenseView rows, std::span<const uint32_t> columns, size_t stride,
             float* lanes) const noexcept;

 private:
  /// A column that holds a feature's key.
  struct Plain {
    uint32_t column;
    uint32_t feature;
    uint32_t nan_key;
  };

  void place_columns();
  template <class Node>
  void place_trees(const TreesView& ensemble, const SplitColumns& splits,
                   std::vector<WalkNodes<Node>>& lines);
  template <class Node>
  void place_nodes(const TreesView& ensemble, const SplitColumns& splits, const Tree& tree,
                   const WalkLayout& layout, size_t first, WalkNodes<Node>* lines);
  template <class Node>
  void place_leaves(const TreesView& ensemble, const Tree& tree, const WalkLayout& layout,
                    size_t first, WalkNodes<Node>* lines);
  template <class Node>
  void name_leaves(const Node* nodes, const uint32_t* keys, uint32_t* names) const noexcept;
  template <size_t kCount, class Node>
  void name_leaves_of(const Node* nodes, const uint32_t* keys, size_t first,
                      uint32_t* names) const noexcept;
  /// keys[column * stride] of one row.
  void fill_keys(const float* row, size_t stride, uint32_t* keys) const noexcept;
  template <class Forest>
  void add_rows(const Forest& forest, data::DenseView rows, data::DenseSpan raw) const noexcept;
  template <class Forest>
  void add_slice(const Forest& forest, data::DenseView rows, data::DenseSpan raw) const noexcept;

  size_t leaf_width_;
  Precision precision_;
  std::vector<SplitColumn> columns_;
  std::vector<Plain> plain_;
  std::vector<uint32_t> derived_;  // columns whose values read() makes
  uint32_t leaf_column_ = 0;       // the last one
  std::vector<uint32_t> category_words_;

  std::vector<WalkTree> trees_;
  std::vector<WalkNodes<NarrowNode>> narrow_;
  std::vector<WalkNodes<WideNode>> wide_;  // one of the two is empty
  std::vector<float> float_values_;        // where leaves say where theirs begin
  std::vector<double> double_values_;
  std::vector<float> covers_;         // of each place
  std::vector<uint32_t> leaf_names_;  // of each place
};

}  // namespace ringmaker::model
