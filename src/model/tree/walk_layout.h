// WalkLayout: where a tree's nodes and leaves stand in memory, for walks that wait for it.
//
// Siblings stand side by side, the right one first, and a pair stands on the same cache line as its
// parent where there is room: a line is entered at a pair and filled with the pairs below it, those
// above the most leaves first. So a walk finds two or three levels on a line instead of one.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// Places of a line: four pairs.
inline constexpr uint32_t kWalkLine = 8;

/// Places count from 0, where the root stands.
struct WalkLayout {
  static constexpr uint32_t kNowhere = UINT32_MAX;

  /// Of each node id, the place of its right child; the left one stands behind it. kNowhere where
  /// the root does not reach the node.
  std::vector<uint32_t> children;
  uint32_t places = 0;  // a multiple of kWalkLine; some stay empty
  uint32_t depth = 0;   // of the deepest leaf
};

/// The same by what stands where, in the order of the ids: of nodes that the root reaches, and of
/// each place where a leaf stands.
struct WalkPlaces {
  struct Inner {
    uint32_t id;
    uint32_t at;
    uint32_t children;
  };
  struct Leaf {
    uint32_t id;
    uint32_t at;
  };

  std::vector<Inner> inner;
  std::vector<Leaf> leaves;

  /// Keeps its memory.
  void find(const TreeEnsemble& ensemble, const Tree& tree, const WalkLayout& layout);

 private:
  std::vector<uint32_t> at_;  // of each node
};

/// Places one tree of an ensemble after the other, in memory that they share.
class WalkPlacer {
 public:
  explicit WalkPlacer(const TreeEnsemble& ensemble) : ensemble_(ensemble) {}

  /// Holds until the next call.
  [[nodiscard]] const WalkLayout& place(const Tree& tree);

 private:
  /// A node with the leaves below it in front, so that the heavier one is the greater.
  using Weighed = uint64_t;

  void count_leaves(const Tree& tree);
  void place_below(uint32_t id, const TreeNode* nodes);
  [[nodiscard]] Weighed weighed(uint32_t id) const noexcept {
    return uint64_t{leaves_[id]} << 32U | id;
  }
  [[nodiscard]] uint32_t room() const noexcept { return layout_.places - next_; }

  const TreeEnsemble& ensemble_;
  WalkLayout layout_;
  std::vector<uint32_t> ids_;     // what the root reaches, parents first
  std::vector<uint32_t> leaves_;  // below each node; behind the nodes a 1, for leaves
  std::vector<uint32_t> open_;    // nodes that stand, while their children do not
  uint32_t next_ = 0;
};

}  // namespace ringmaker::model
