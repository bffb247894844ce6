#include "model/tree/walk_layout.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <tuple>
#include <utility>

namespace ringmaker::model {

// Whether a child is a leaf is nothing a processor can guess, so that nothing here branches on it:
// what is of no use is written and then written over.

namespace {

using Near = std::array<uint64_t, kWalkLine / 2 + 1>;

/// By a network of comparisons: the order is nothing to be guessed either.
void sort_descending(Near& near) {
  static_assert(std::tuple_size_v<Near> == 5);
  constexpr std::pair<size_t, size_t> kNetwork[] = {{0, 3}, {1, 4}, {0, 2}, {1, 3}, {0, 1},
                                                    {2, 4}, {1, 2}, {3, 4}, {2, 3}};
#pragma GCC unroll 9
  for (const auto& [i, j] : kNetwork) {
    const uint64_t larger = std::max(near[i], near[j]);
    near[j] = std::min(near[i], near[j]);
    near[i] = larger;
  }
}

}  // namespace

/// A child's place in lists of nodes that have one more for all leaves, behind the nodes. Nodes
/// that nothing reaches may name children that are not there: these count as leaves.
uint32_t WalkPlacer::slot_of(int32_t child) const noexcept {
  return std::min(static_cast<uint32_t>(child), count_);
}

/// Of a node whose children have been looked at; whether they stand behind it.
bool WalkPlacer::look_below(uint32_t id) noexcept {
  const int32_t right_child = ensemble_.nodes.right(first_ + id);
  const int32_t left_child = ensemble_.nodes.left(first_ + id);
  const Below right = below_[slot_of(right_child)];
  const Below left = below_[slot_of(left_child)];
  below_[id] = {right.leaves + left.leaves, std::max(right.depth, left.depth) + 1};
  return static_cast<uint32_t>(right_child) > id && static_cast<uint32_t>(left_child) > id;
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
  first_ = tree.node_begin;
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
  // Nodes that stand on this line, the heaviest first, and 0 behind them. A pair takes one away and
  // brings two at most, so that while there is room the last place is free.
  Near near{weighed(id)};
  const auto stand = [&](int32_t child, uint32_t at) {
    const uint32_t slot = slot_of(child);
    const Weighed weight = weighed(slot);
    at_[slot] = at;
    layout_.leaves[leaf_count_] = {static_cast<uint32_t>(~child), at};
    leaf_count_ += child < 0 ? 1 : 0;
    return child < 0 ? 0 : weight;
  };
  while (near[0] != 0 && room() > 0) {
    const auto parent = static_cast<uint32_t>(near[0]);
    layout_.inner[inner_count_++] = {parent, at_[parent], next_};
    const Weighed right = stand(ensemble_.nodes.right(first_ + parent), next_);
    const Weighed left = stand(ensemble_.nodes.left(first_ + parent), next_ + 1);
    near = {near[1], near[2], near[3], right, left};
    sort_descending(near);
    next_ += 2;
  }
  // The lightest come next: small subtrees share lines.
  const size_t first = open_.size();
  open_.resize(first + near.size());
  size_t count = 0;
  for (size_t i = 0; i < near.size(); ++i) {
    open_[first + i] = static_cast<uint32_t>(near[i]);
    count += near[i] != 0 ? 1 : 0;
  }
  open_.resize(first + count);
}

}  // namespace ringmaker::model
