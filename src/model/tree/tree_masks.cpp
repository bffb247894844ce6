#include "model/tree/tree_masks.h"

#include "model/tree/lane_sums.h"
#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <bit>
#include <type_traits>

namespace ringmaker::model {
namespace {

constexpr uint32_t kLeavesMax = 256;
/// 64 KB of ranks for a slice.
constexpr size_t kColumnsMax = 1024;
/// A node of a perfect tree costs about half of one that keeps its shape.
constexpr uint32_t kSlotNodeCost = 2;
constexpr uint32_t kStrideMin = 16;
/// Greater than every rank: the node sends all to the left, where the leaf stands as well.
constexpr int8_t kNoCut = 127;

uint32_t four(int8_t cut) { return static_cast<uint8_t>(cut) * 0x01010101U; }

}  // namespace

/// A tree with its nodes' children, splits and places at hand.
struct TreeMasks::Shape {
  const TreeEnsemble& ensemble;
  const SplitColumns& splits;
  const Tree& tree;

  [[nodiscard]] const TreeNode& node(int32_t id) const {
    return ensemble.nodes[tree.node_begin + static_cast<uint32_t>(id)];
  }
  [[nodiscard]] Split split(int32_t id) const { return splits.split(node(id)); }
  [[nodiscard]] int32_t root() const { return tree.node_count == 0 ? -1 : 0; }

  /// The nodes that the root reaches, parents before their children.
  [[nodiscard]] std::vector<int32_t> nodes_in_order() const {
    std::vector<int32_t> ids;
    if (root() == 0) {
      ids.push_back(0);
    }
    for (size_t i = 0; i < ids.size(); ++i) {
      for (const int32_t child : {node(ids[i]).left, node(ids[i]).right}) {
        if (child >= 0) {
          ids.push_back(child);
        }
      }
    }
    return ids;
  }

  [[nodiscard]] uint32_t depth() const {
    std::vector<uint32_t> depths(tree.node_count, 0);
    uint32_t deepest = 0;
    for (const int32_t id : nodes_in_order()) {
      const uint32_t below = depths[static_cast<uint32_t>(id)] + 1;
      deepest = std::max(deepest, below);
      for (const int32_t child : {node(id).left, node(id).right}) {
        if (child >= 0) {
          depths[static_cast<uint32_t>(child)] = below;
        }
      }
    }
    return deepest;
  }
};

bool TreeMasks::fits(const TreeEnsemble& ensemble) {
  return std::ranges::all_of(ensemble.trees, [](const Tree& tree) {
    return tree.leaf_count <= kLeavesMax && tree.node_count < kLeavesMax;
  });
}

bool TreeMasks::fits(const ThresholdRanks& ranks) { return ranks.columns() <= kColumnsMax; }

TreeMasks::TreeMasks(const TreeEnsemble& ensemble, const SplitColumns& splits,
                     const ThresholdRanks& ranks, const TreeKernels& kernels)
    : kernels_(kernels),
      ranks_(ranks),
      precision_(ensemble.precision),
      leaf_width_(ensemble.leaf_width) {
  for (const Tree& tree : ensemble.trees) {
    place_tree(ensemble, splits, tree);
  }
  // Slots of nodes follow those of leaves, whose number is known now.
  for (SlotNode& node : slot_nodes_) {
    for (uint16_t* slot : {&node.left, &node.right}) {
      if (*slot >= kLeavesMax) {
        *slot = static_cast<uint16_t>(*slot - kLeavesMax + leaf_slots_);
      }
    }
  }
}

void TreeMasks::place_tree(const TreeEnsemble& ensemble, const SplitColumns& splits,
                           const Tree& tree) {
  const Shape shape{ensemble, splits, tree};
  const uint32_t depth = shape.depth();
  MaskTree placed{.output = tree.output};
  std::vector<int32_t> leaves;
  const bool perfect = depth <= kPerfectDepthMax &&
                       (1U << depth) - 1 <= kSlotNodeCost * tree.node_count + kPerfectDepthMax;
  if (perfect) {
    placed.shape = depth;
    placed.node_begin = static_cast<uint32_t>(perfect_nodes_.size());
    place_perfect(shape, shape.root(), depth, leaves);
  } else {
    place_slots(shape, placed, leaves);
  }
  place_values(ensemble, tree, placed, leaves);
  trees_.push_back(placed);
}

void TreeMasks::place_perfect(const Shape& shape, int32_t id, uint32_t depth,
                              std::vector<int32_t>& leaves) {
  if (depth == 0) {
    leaves.push_back(~id);
    return;
  }
  const bool leaf = id < 0;
  place_perfect(shape, leaf ? id : shape.node(id).left, depth - 1, leaves);
  place_perfect(shape, leaf ? id : shape.node(id).right, depth - 1, leaves);
  const auto place =
      leaf ? ThresholdRanks::Place{.column = 0, .cut = kNoCut} : ranks_.place(shape.split(id));
  perfect_nodes_.push_back({static_cast<uint32_t>(place.column * kLanes), four(place.cut)});
}

void TreeMasks::place_slots(const Shape& shape, MaskTree& tree, std::vector<int32_t>& leaves) {
  tree.shape = kAnyShape;
  tree.node_begin = static_cast<uint32_t>(slot_nodes_.size());
  std::vector<int32_t> ids = shape.nodes_in_order();
  std::ranges::reverse(ids);  // children first
  std::vector<uint32_t> slots(shape.tree.node_count);
  const auto slot_of = [&](int32_t child) {
    if (child >= 0) {
      return static_cast<uint16_t>(slots[static_cast<uint32_t>(child)]);
    }
    leaves.push_back(~child);
    return static_cast<uint16_t>(leaves.size() - 1);
  };
  for (const int32_t id : ids) {
    const auto place = ranks_.place(shape.split(id));
    slots[static_cast<uint32_t>(id)] = kLeavesMax + tree.node_count++;
    slot_nodes_.push_back({.column_begin = static_cast<uint32_t>(place.column * kLanes),
                           .cuts = four(place.cut),
                           .left = slot_of(shape.node(id).left),
                           .right = slot_of(shape.node(id).right)});
  }
  leaf_slots_ = std::max(leaf_slots_, leaves.size());
  node_slots_ = std::max<size_t>(node_slots_, tree.node_count);
}

void TreeMasks::place_values(const TreeEnsemble& ensemble, const Tree& tree, MaskTree& placed,
                             const std::vector<int32_t>& leaves) {
  placed.value_stride = std::max(kStrideMin, static_cast<uint32_t>(std::bit_ceil(leaves.size())));
  const auto place = [&](auto& values) {
    placed.value_begin = static_cast<uint32_t>(values.size());
    values.resize(values.size() + placed.value_stride * leaf_width_);
    for (size_t i = 0; i < leaves.size(); ++i) {
      const size_t leaf = (tree.leaf_begin + static_cast<uint32_t>(leaves[i])) * leaf_width_;
      for (size_t j = 0; j < leaf_width_; ++j) {
        auto& value = values[placed.value_begin + j * placed.value_stride + i];
        value =
            static_cast<std::remove_reference_t<decltype(value)>>(ensemble.leaf_values[leaf + j]);
      }
    }
  };
  precision_ == Precision::kFloat32 ? place(float_values_) : place(double_values_);
}

template <class Value, class Kernel>
void TreeMasks::add_sums(data::DenseView rows, data::DenseSpan raw, const Value* values,
                         Kernel kernel) const noexcept {
  auto* ranks = tree_scratch<int8_t>(ScratchUse::kRanks, ranks_.columns() * kLanes + kLanes);
  auto* slots = tree_scratch<int8_t>(ScratchUse::kLeaves, (leaf_slots_ + node_slots_) * kLanes);
  auto* sums = tree_scratch<Value>(ScratchUse::kSums, raw.columns * kLanes);
  ranks_.fill(kernels_, rows, ranks);
  load_lanes(raw, sums);
  kernel({.ranks = ranks,
          .row_count = rows.rows,
          .trees = trees_.data(),
          .tree_count = trees_.size(),
          .perfect_nodes = perfect_nodes_.data(),
          .slot_nodes = slot_nodes_.data(),
          .leaf_width = leaf_width_,
          .slots = slots,
          .leaf_slots = leaf_slots_},
         values, sums);
  store_lanes(sums, raw);
}

void TreeMasks::add(data::DenseView rows, data::DenseSpan raw) const noexcept {
  if (precision_ == Precision::kFloat32) {
    add_sums(rows, raw, float_values_.data(), kernels_.masks_float);
  } else {
    add_sums(rows, raw, double_values_.data(), kernels_.masks_double);
  }
}

}  // namespace ringmaker::model
