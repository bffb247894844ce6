// WalkLayout: where a tree's nodes and leaves stand in memory, for walks that wait for it.
//
// Siblings stand side by side, the right one first, and a pair stands on the same cache line as its
// parent where there is room: a line is entered at a pair and filled with the pairs below it, those
// above the most leaves first. So a walk finds two or three levels on a line instead of one.
#pragma once

#include "model/tree/tree_levels.h"
#include "model/tree/trees_view.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::model {

/// Places of a line: four pairs.
inline constexpr uint32_t kWalkLine = 8;

/// Places count from 0, where the root stands.
struct WalkLayout {
  struct Inner {
    uint32_t id;
    uint32_t at;
    uint32_t children;  // where the right child stands; the left one stands behind it
  };
  struct Leaf {
    uint32_t id;
    uint32_t at;
  };

  std::vector<Inner> inner;  // the nodes that the root reaches
  std::vector<Leaf> leaves;  // one for each place where a leaf stands
  uint32_t places = 0;       // a multiple of kWalkLine; some stay empty
  uint32_t depth = 0;        // of the deepest leaf
};

/// Places one tree of an ensemble after the other, in memory that they share.
class WalkPlacer {
 public:
  explicit WalkPlacer(const TreesView& ensemble) : ensemble_(ensemble) {}

  /// Holds until the next call.
  [[nodiscard]] const WalkLayout& place(const Tree& tree);

 private:
  struct Below {
    uint32_t leaves;
    uint32_t depth;
  };
  /// A node with the leaves below it in front, so that the heavier one is the greater.
  using Weighed = uint64_t;

  void look_below(const Tree& tree);
  [[nodiscard]] bool look_below(uint32_t id) noexcept;
  void place_below(uint32_t id);
  [[nodiscard]] uint32_t slot_of(int32_t child) const noexcept;
  [[nodiscard]] Weighed weighed(uint32_t id) const noexcept {
    return uint64_t{below_[id].leaves} << 32U | id;
  }
  [[nodiscard]] uint32_t room() const noexcept { return layout_.places - next_; }

  const TreesView ensemble_;
  size_t first_ = 0;    // node of the tree, which has
  uint32_t count_ = 0;  // so many
  WalkLayout layout_;
  std::vector<Below> below_;  // of each node; behind the nodes one for leaves
  std::vector<uint32_t> at_;  // the same: where it stands
  TreeLevels levels_;
  std::vector<uint32_t> open_;  // nodes that stand, while their children do not
  uint32_t next_ = 0;
  size_t inner_count_ = 0;
  size_t leaf_count_ = 0;
};

}  // namespace ringmaker::model
