// TreeLevels: the nodes that a tree's root reaches, level by level.
#pragma once

#include "model/tree/trees_view.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ringmaker::model {

/// Looks at one tree after the other, in memory that they share.
class TreeLevels {
 public:
  /// Requires that the tree can be walked (validate_trees()).
  void look_at(const TreesView& ensemble, const Tree& tree) {
    const NodesView& nodes = ensemble.nodes;
    ids_.resize(tree.node_count + size_t{1});
    ids_[0] = 0;
    count_ = tree.node_count == 0 ? 0 : 1;
    depth_ = 0;
    for (size_t first = 0; first < count_;) {
      ++depth_;
      for (const size_t end = count_; first < end; ++first) {
        // Which child is a leaf cannot be guessed: what is none is written over.
        const size_t n = size_t{tree.node_begin} + ids_[first];
        for (const int32_t child : {nodes.left(n), nodes.right(n)}) {
          ids_[count_] = static_cast<uint32_t>(child);
          count_ += child < 0 ? 0 : 1;
        }
      }
    }
  }

  /// Parents stand before their children.
  [[nodiscard]] std::span<const uint32_t> ids() const noexcept { return {ids_.data(), count_}; }
  /// Of the deepest leaf.
  [[nodiscard]] uint32_t depth() const noexcept { return depth_; }

 private:
  std::vector<uint32_t> ids_;
  size_t count_ = 0;
  uint32_t depth_ = 0;
};

}  // namespace ringmaker::model
