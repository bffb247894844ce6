#include "model/tree/walk_layout.h"

#include <algorithm>
#include <array>
#include <functional>

namespace ringmaker::model {

// Whether a child is a leaf is nothing a processor can guess, so that nothing here branches on it:
// what is of no use is written and then written over.

void WalkPlacer::count_leaves(const Tree& tree) {
  const TreeNode* nodes = ensemble_.nodes.data() + tree.node_begin;
  ids_.resize(tree.node_count + size_t{2});
  ids_[0] = 0;
  size_t count = 1;
  for (size_t first = 0; first < count;) {
    ++layout_.depth;
    for (const size_t end = count; first < end; ++first) {
      const TreeNode& node = nodes[ids_[first]];
      ids_[count] = static_cast<uint32_t>(node.right);
      count += node.right >= 0 ? 1 : 0;
      ids_[count] = static_cast<uint32_t>(node.left);
      count += node.left >= 0 ? 1 : 0;
    }
  }
  leaves_.resize(tree.node_count + size_t{1});
  leaves_[tree.node_count] = 1;
  const auto below = [&](int32_t child) {
    return leaves_[child < 0 ? tree.node_count : static_cast<uint32_t>(child)];
  };
  while (count-- > 0) {
    const TreeNode& node = nodes[ids_[count]];
    leaves_[ids_[count]] = below(node.right) + below(node.left);
  }
}

const WalkLayout& WalkPlacer::place(const Tree& tree) {
  layout_.children.assign(tree.node_count, WalkLayout::kNowhere);
  layout_.places = kWalkLine;
  layout_.depth = 0;
  next_ = 2;  // the root stands alone
  if (tree.node_count == 0) {
    return layout_;
  }
  count_leaves(tree);
  open_.assign(1, 0);
  while (!open_.empty()) {
    const uint32_t id = open_.back();
    open_.pop_back();
    place_below(id, ensemble_.nodes.data() + tree.node_begin);
  }
  return layout_;
}

/// Fills a line with pairs below node `id`, and leaves open what has no room on it.
void WalkPlacer::place_below(uint32_t id, const TreeNode* nodes) {
  const bool fits = 2 * (leaves_[id] - 1) <= room();
  if (!fits && next_ != 2) {
    next_ = layout_.places;
    layout_.places += kWalkLine;
  }
  // Nodes that stand on this line. A pair takes one away and brings two at most.
  std::array<Weighed, kWalkLine / 2 + 3> near{};
  near[0] = weighed(id);
  size_t count = 1;
  while (count > 0 && room() > 0) {
    size_t heaviest = 0;
    for (size_t i = 1; i < count; ++i) {
      heaviest = near[i] > near[heaviest] ? i : heaviest;
    }
    const auto parent = static_cast<uint32_t>(near[heaviest]);
    near[heaviest] = near[--count];
    layout_.children[parent] = next_;
    next_ += 2;
    for (const int32_t child : {nodes[parent].right, nodes[parent].left}) {
      near[count] = weighed(static_cast<uint32_t>(std::max(child, 0)));
      count += child >= 0 ? 1 : 0;
    }
  }
  // The lightest come next: small subtrees share lines.
  std::fill(near.begin() + static_cast<std::ptrdiff_t>(count), near.end(), 0);
  std::ranges::sort(near, std::greater<>());
  for (size_t i = 0; i < count; ++i) {
    open_.push_back(static_cast<uint32_t>(near[i]));
  }
}

void WalkPlaces::find(const TreeEnsemble& ensemble, const Tree& tree, const WalkLayout& layout) {
  if (tree.node_count == 0) {
    inner.clear();
    leaves.assign(1, {0, 0});
    return;
  }
  const TreeNode* nodes = ensemble.nodes.data() + tree.node_begin;
  at_.resize(tree.node_count + size_t{1});  // behind the nodes one for leaves
  at_[0] = 0;
  inner.resize(tree.node_count);
  leaves.resize(tree.node_count + size_t{2});
  size_t inner_count = 0;
  size_t leaf_count = 0;
  const auto stand = [&](int32_t child, uint32_t at) {
    at_[child < 0 ? tree.node_count : static_cast<uint32_t>(child)] = at;
    leaves[leaf_count] = {static_cast<uint32_t>(~child), at};
    leaf_count += child < 0 ? 1 : 0;
  };
  for (uint32_t id = 0; id < tree.node_count; ++id) {
    const uint32_t children = layout.children[id];
    if (children != WalkLayout::kNowhere) {
      stand(nodes[id].right, children);
      stand(nodes[id].left, children + 1);
      inner[inner_count++] = {id, 0, children};
    }
  }
  inner.resize(inner_count);
  leaves.resize(leaf_count);
  for (Inner& one : inner) {
    one.at = at_[one.id];
  }
}

}  // namespace ringmaker::model
