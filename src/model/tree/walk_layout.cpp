#include "model/tree/walk_layout.h"

#include <algorithm>
#include <array>
#include <ranges>

namespace ringmaker::model {

// Whether a child is a leaf is nothing a processor can guess, so that nothing here branches on it:
// what is of no use is written and then written over.

/// A child's place in lists of nodes that have one more for all leaves, behind the nodes. Nodes
/// that nothing reaches may name children that are not there: these count as leaves.
uint32_t WalkPlacer::slot_of(int32_t child) const noexcept {
  return std::min(static_cast<uint32_t>(child), count_);
}

/// Of a node whose children have been looked at; whether they stand behind it.
bool WalkPlacer::look_below(uint32_t id) noexcept {
  const TreeNode& node = nodes_[id];
  const Below right = below_[slot_of(node.right)];
  const Below left = below_[slot_of(node.left)];
  below_[id] = {right.leaves + left.leaves, std::max(right.depth, left.depth) + 1};
  return static_cast<uint32_t>(node.right) > id && static_cast<uint32_t>(node.left) > id;
}

void WalkPlacer::look_below(const Tree& tree) {
  below_.resize(count_ + size_t{1});
  below_[count_] = {.leaves = 1, .depth = 0};
  bool forward = true;
  for (uint32_t id = count_; id-- > 0;) {
    forward &= look_below(id);
  }
  if (forward) {
    return;
  }
  // In few files children stand in front of their parents.
  levels_.look_at(ensemble_, tree);
  for (const uint32_t id : std::views::reverse(levels_.ids())) {
    static_cast<void>(look_below(id));
  }
}

const WalkLayout& WalkPlacer::place(const Tree& tree) {
  nodes_ = ensemble_.nodes.data() + tree.node_begin;
  count_ = tree.node_count;
  layout_.places = kWalkLine;
  layout_.depth = 0;
  if (count_ == 0) {
    layout_.inner.clear();
    layout_.leaves.assign(1, {0, 0});
    return layout_;
  }
  look_below(tree);
  layout_.depth = below_[0].depth;
  layout_.inner.resize(count_);
  layout_.leaves.resize(count_ + size_t{2});
  inner_count_ = 0;
  leaf_count_ = 0;
  at_.resize(count_ + size_t{1});
  at_[0] = 0;
  next_ = 2;  // the root stands alone
  open_.assign(1, 0);
  while (!open_.empty()) {
    const uint32_t id = open_.back();
    open_.pop_back();
    place_below(id);
  }
  layout_.inner.resize(inner_count_);
  layout_.leaves.resize(leaf_count_);
  return layout_;
}

/// Fills a line with pairs below node `id`, and leaves open what has no room on it.
void WalkPlacer::place_below(uint32_t id) {
  const bool fits = 2 * (below_[id].leaves - 1) <= room();
  if (!fits && next_ != 2) {
    next_ = layout_.places;
    layout_.places += kWalkLine;
  }
  // Nodes that stand on this line; 0 behind them. A pair takes one away and brings two at most.
  std::array<Weighed, kWalkLine / 2 + 1> near{};
  near[0] = weighed(id);
  size_t count = 1;
  const auto stand = [&](int32_t child, uint32_t at) {
    const uint32_t slot = slot_of(child);
    at_[slot] = at;
    layout_.leaves[leaf_count_] = {static_cast<uint32_t>(~child), at};
    leaf_count_ += child < 0 ? 1 : 0;
    near[count] = child < 0 ? 0 : weighed(slot);
    count += child < 0 ? 0 : 1;
  };
  while (count > 0 && room() > 0) {
    size_t heaviest = 0;
    for (size_t i = 1; i < near.size(); ++i) {
      heaviest = near[i] > near[heaviest] ? i : heaviest;
    }
    const auto parent = static_cast<uint32_t>(near[heaviest]);
    near[heaviest] = near[--count];
    near[count] = 0;
    layout_.inner[inner_count_++] = {parent, at_[parent], next_};
    stand(nodes_[parent].right, next_);
    stand(nodes_[parent].left, next_ + 1);
    next_ += 2;
  }
  // The lightest come next: small subtrees share lines.
  const size_t first = open_.size();
  open_.resize(first + near.size() + 1);
  for (const Weighed one : near) {
    const auto heavier = std::ranges::count_if(near, [one](Weighed other) { return other > one; });
    open_[first + static_cast<size_t>(heavier)] = static_cast<uint32_t>(one);
  }
  open_.resize(first + count);
}

}  // namespace ringmaker::model
