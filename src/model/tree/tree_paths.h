// TreePaths: one tree as the list of moves that path kernels make.
#pragma once

#include "model/tree/path_kernels.h"
#include "model/tree/tree_walk.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ringmaker::model {

struct TreePaths {
  std::vector<PathMove> moves;  // none of a tree that is one leaf
  std::vector<PathNode> nodes;
  std::vector<double> values;  // leaf_width a leaf
  std::vector<double> inverses;
  size_t levels = 0;
  /// Of the quadrature: half as many, rounded up, as the most features that a path asks for.
  size_t points = 0;
};

/// Which columns and features the trees of an ensemble ask for, numbered from 0.
struct PathSlots {
  std::vector<uint32_t> columns;          // of each slot of a column: TreeWalk's
  std::vector<uint32_t> features;         // of each slot of a feature: the row's
  std::vector<uint32_t> slot_of_column;   // of those that are asked for; of others, anything
  std::vector<uint32_t> slot_of_feature;  // likewise
  size_t nodes = 0;                       // that ask

  PathSlots(const TreeWalk& walk, size_t features);
};

/// Makes one tree after the other. Not thread-safe.
class PathBuilder {
 public:
  /// The two must outlive it; the walk has covers.
  PathBuilder(const TreeWalk& walk, const PathSlots& slots);

  /// `paths` becomes tree `t`, whatever it was before, but for `inverses`, of which it has the
  /// numbers only: they take the quadrature.
  void build(size_t t, TreePaths& paths);
  /// Of the tree built last: the mean of its leaves' values j by their share of the training data.
  [[nodiscard]] std::span<const double> means() const noexcept { return means_; }

 private:
  /// A node whose subtrees are being gone through.
  struct Open {
    uint32_t at = 0;    // in the walk
    uint32_t node = 0;  // in the paths
    uint32_t next = 0;  // 0: its left child, 1: its right child, 2: none
    double share = 1;   // of all training data
  };
  /// The lowest node above that asks a feature.
  struct Last {
    uint32_t level = 0;
    double z = 1;
  };

  void open(uint32_t at, bool is_right, double share, TreePaths& paths);
  /// Whether the child is a leaf; then it is done, and has its value at `value`.
  bool take_leaf(uint32_t at, double share, TreePaths& paths, uint32_t& value);
  void close(TreePaths& paths);

  const TreeWalk& walk_;
  const PathSlots& slots_;
  std::vector<Open> open_;
  std::vector<Last> last_;  // of each feature
  std::vector<double> means_;
  size_t asked_ = 0;  // features that the path asks for
  size_t asked_max_ = 0;
};

}  // namespace ringmaker::model
