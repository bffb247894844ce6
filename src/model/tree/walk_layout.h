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

[[nodiscard]] WalkLayout walk_layout(const TreeEnsemble& ensemble, const Tree& tree);

}  // namespace ringmaker::model
