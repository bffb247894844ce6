#include "model/tree/tree_paths.h"

#include "base/check.h"

#include <algorithm>
#include <limits>

namespace ringmaker::model {
namespace {

constexpr uint32_t kUnseen = std::numeric_limits<uint32_t>::max();

uint32_t take_slot(uint32_t id, std::vector<uint32_t>& slots, std::vector<uint32_t>& ids) {
  if (id >= slots.size()) {
    slots.resize(id + size_t{1}, kUnseen);
  }
  if (slots[id] == kUnseen) {
    slots[id] = static_cast<uint32_t>(ids.size());
    ids.push_back(id);
  }
  return slots[id];
}

PathStep leave_step(bool left_leaf, bool right_leaf) {
  return left_leaf ? (right_leaf ? PathStep::kLeaveFork : PathStep::kLeaveLeftLeaf)
                   : (right_leaf ? PathStep::kLeaveRightLeaf : PathStep::kLeave);
}

}  // namespace

PathSlots::PathSlots(const TreeWalk& walk, size_t features_of_rows) {
  slot_of_feature.resize(features_of_rows, kUnseen);
  for (size_t at = 0; at < walk.places(); ++at) {
    const PlacedNode node = walk.node(static_cast<uint32_t>(at));
    if (!node.is_leaf()) {
      ++nodes;
      take_slot(node.column, slot_of_column, columns);
      take_slot(walk.feature_of(node.column), slot_of_feature, features);
    }
  }
}

PathBuilder::PathBuilder(const TreeWalk& walk, const PathSlots& slots)
    : walk_(walk), slots_(slots), last_(slots.features.size()), means_(walk.leaf_width()) {
  RM_CHECK(walk.covers().size() == walk.places());
}

void PathBuilder::build(size_t t, TreePaths& paths) {
  paths.moves.clear();
  paths.nodes.clear();
  paths.values.clear();
  paths.levels = 0;
  std::ranges::fill(means_, 0.0);
  asked_max_ = 0;
  const uint32_t root = walk_.trees()[t].root;
  uint32_t value = 0;
  if (!take_leaf(root, 1, paths, value)) {
    open(root, false, 1, paths);
  }
  while (!open_.empty()) {
    Open& top = open_.back();
    PathNode& node = paths.nodes[top.node];
    if (top.next == 2) {
      close(paths);
      continue;
    }
    const bool right = top.next++ == 1;
    const PlacedNode placed = walk_.node(top.at);
    const uint32_t child = right ? placed.right(top.at) : placed.left(top.at);
    const double share = top.share * (right ? node.share_right : node.share_left);
    last_[node.slot] = {node.level + 1, right ? node.z_right : node.z_left};
    if (take_leaf(child, share, paths, right ? node.right_value : node.left_value)) {
      continue;
    }
    const bool asked = right && !walk_.node(placed.left(top.at)).is_leaf();
    paths.moves.push_back({!right  ? PathStep::kAskThenLeft
                           : asked ? PathStep::kRight
                                   : PathStep::kAskThenRight,
                           top.node});
    open(child, right, share, paths);
  }
  paths.points = (asked_max_ + 1) / 2;
}

bool PathBuilder::take_leaf(uint32_t at, double share, TreePaths& paths, uint32_t& value) {
  if (!walk_.node(at).is_leaf()) {
    return false;
  }
  value = static_cast<uint32_t>(paths.values.size());
  for (size_t j = 0; j < walk_.leaf_width(); ++j) {
    paths.values.push_back(walk_.leaf_value(at, j));
    means_[j] += share * paths.values.back();
  }
  return true;
}

void PathBuilder::open(uint32_t at, bool is_right, double share, TreePaths& paths) {
  const PlacedNode placed = walk_.node(at);
  const auto cover = [&](uint32_t of) { return static_cast<double>(walk_.covers()[of]); };
  const uint32_t slot = slots_.slot_of_feature[walk_.feature_of(placed.column)];
  const Last last = last_[slot];
  PathNode node{.cut = placed.cut,
                .column = slots_.slot_of_column[placed.column],
                .slot = slot,
                .level = static_cast<uint32_t>(open_.size()),
                .above = last.level,
                .z = last.z,
                .nan_right = placed.nan_right,
                .is_right = is_right};
  // Where no training row came by, nothing is known of its sides: each gets a half.
  const bool seen = cover(at) > 0;
  node.share_left = seen ? cover(placed.left(at)) / cover(at) : 0.5;
  node.share_right = seen ? cover(placed.right(at)) / cover(at) : 0.5;
  node.z_left = node.z * node.share_left;
  node.z_right = node.z * node.share_right;
  asked_ += node.above == 0 ? 1 : 0;
  asked_max_ = std::max(asked_max_, asked_);
  paths.levels = std::max(paths.levels, open_.size() + 1);
  open_.push_back({at, static_cast<uint32_t>(paths.nodes.size()), 0, share});
  paths.nodes.push_back(node);
}

void PathBuilder::close(TreePaths& paths) {
  const Open top = open_.back();
  const PathNode& node = paths.nodes[top.node];
  const PlacedNode placed = walk_.node(top.at);
  const bool left_leaf = walk_.node(placed.left(top.at)).is_leaf();
  const bool right_leaf = walk_.node(placed.right(top.at)).is_leaf();
  paths.moves.push_back({leave_step(left_leaf, right_leaf), top.node});
  last_[node.slot] = {node.above, node.z};
  asked_ -= node.above == 0 ? 1 : 0;
  open_.pop_back();
}

}  // namespace ringmaker::model
