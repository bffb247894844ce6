#include "model/tree/tree_masks.h"

#include "base/huge_pages.h"
#include "model/tree/lane_sums.h"
#include "model/tree/tree_levels.h"
#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <bit>
#include <ranges>

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

/// A perfect tree of more nodes costs more than the tree as it is.
uint32_t perfect_nodes_max(const Tree& tree) {
  return kSlotNodeCost * tree.node_count + kPerfectDepthMax;
}

/// From a tree's values of one output to the next.
uint32_t value_stride(size_t leaves) {
  return std::max(kStrideMin, static_cast<uint32_t>(std::bit_ceil(leaves)));
}

uint32_t four(int8_t cut) { return static_cast<uint8_t>(cut) * 0x01010101U; }

}  // namespace

/// The tree that is being placed, with memory that all of them share.
struct TreeMasks::Placing {
  const TreesView& ensemble;
  const SplitColumns& splits;
  const Tree* tree = nullptr;
  TreeLevels levels = {};
  std::vector<uint32_t> leaves = {};  // in the order of their slots
  std::vector<uint32_t> slots = {};   // of each node

  [[nodiscard]] size_t number(uint32_t id) const { return size_t{tree->node_begin} + id; }
  [[nodiscard]] int32_t left(uint32_t id) const { return ensemble.nodes.left(number(id)); }
  [[nodiscard]] int32_t right(uint32_t id) const { return ensemble.nodes.right(number(id)); }
  [[nodiscard]] Split split(uint32_t id) const { return splits.split(ensemble.nodes[number(id)]); }
};

bool TreeMasks::fits(const TreesView& ensemble) {
  return std::ranges::all_of(ensemble.trees, [](const Tree& tree) {
    return tree.leaf_count <= kLeavesMax && tree.node_count < kLeavesMax;
  });
}

bool TreeMasks::fits(const ThresholdRanks& ranks) { return ranks.columns() <= kColumnsMax; }

TreeMasks::TreeMasks(const TreesView& ensemble, const SplitColumns& splits,
                     const ThresholdRanks& ranks, const TreeKernels& kernels)
    : kernels_(kernels),
      ranks_(ranks),
      precision_(ensemble.precision),
      leaf_width_(ensemble.leaf_width) {
  reserve(ensemble);
  Placing placing{.ensemble = ensemble, .splits = splits};
  for (const Tree& tree : ensemble.trees) {
    placing.tree = &tree;
    place_tree(placing);
  }
  // Slots of nodes follow those of leaves, whose number is known now.
  for (SlotNode& node : slot_nodes_) {
    for (uint16_t* slot : {&node.left, &node.right}) {
      *slot = static_cast<uint16_t>(*slot + (*slot >= kLeavesMax ? leaf_slots_ - kLeavesMax : 0));
    }
  }
}

/// The most that trees take, so that lists need not move; what is never written to takes no memory.
void TreeMasks::reserve(const TreesView& ensemble) {
  size_t perfect_nodes = 0;
  size_t values = 0;
  for (const Tree& tree : ensemble.trees) {
    const uint32_t perfect = perfect_nodes_max(tree);
    perfect_nodes += perfect;
    values += leaf_width_ * value_stride(std::max(tree.leaf_count, std::bit_floor(perfect + 1)));
  }
  trees_.reserve(ensemble.trees.size());
  base::reserve_huge(perfect_nodes_, perfect_nodes);
  base::reserve_huge(slot_nodes_, ensemble.nodes.size());
  precision_ == Precision::kFloat32 ? base::reserve_huge(float_values_, values)
                                    : base::reserve_huge(double_values_, values);
}

void TreeMasks::place_tree(Placing& placing) {
  const Tree& tree = *placing.tree;
  placing.levels.look_at(placing.ensemble, tree);
  placing.leaves.clear();
  const uint32_t depth = placing.levels.depth();
  MaskTree placed{.output = tree.output};
  const bool perfect = depth <= kPerfectDepthMax && (1U << depth) - 1 <= perfect_nodes_max(tree);
  if (perfect) {
    placed.shape = depth;
    placed.node_begin = static_cast<uint32_t>(perfect_nodes_.size());
    place_perfect(placing, tree.node_count == 0 ? -1 : 0, depth);
  } else {
    place_slots(placing, placed);
  }
  place_values(placing, placed);
  trees_.push_back(placed);
}

void TreeMasks::place_perfect(Placing& placing, int32_t id, uint32_t depth) {
  if (depth == 0) {
    placing.leaves.push_back(static_cast<uint32_t>(~id));
    return;
  }
  const bool leaf = id < 0;
  const auto number = static_cast<uint32_t>(id);
  place_perfect(placing, leaf ? id : placing.left(number), depth - 1);
  place_perfect(placing, leaf ? id : placing.right(number), depth - 1);
  const auto place = leaf ? ThresholdRanks::Place{.column = 0, .cut = kNoCut}
                          : ranks_.place(placing.split(number));
  perfect_nodes_.push_back({static_cast<uint32_t>(place.column * kLanes), four(place.cut)});
}

void TreeMasks::place_slots(Placing& placing, MaskTree& placed) {
  placed.shape = kAnyShape;
  placed.node_begin = static_cast<uint32_t>(slot_nodes_.size());
  const uint32_t nodes = placing.tree->node_count;
  placing.slots.resize(nodes + size_t{1});  // behind the nodes one for the leaf that comes
  placing.leaves.resize(nodes + size_t{2});
  uint32_t leaves = 0;
  // Without a branch: which child is a leaf is nothing a processor can guess.
  const auto slot_of = [&](int32_t child) {
    const bool leaf = child < 0;
    placing.slots[nodes] = leaves;
    placing.leaves[leaves] = static_cast<uint32_t>(~child);
    leaves += leaf ? 1 : 0;
    return static_cast<uint16_t>(placing.slots[leaf ? nodes : static_cast<uint32_t>(child)]);
  };
  for (const uint32_t id : std::views::reverse(placing.levels.ids())) {
    const auto place = ranks_.place(placing.split(id));
    placing.slots[id] = kLeavesMax + placed.node_count++;
    const uint16_t left = slot_of(placing.left(id));
    const uint16_t right = slot_of(placing.right(id));
    slot_nodes_.push_back({.column_begin = static_cast<uint32_t>(place.column * kLanes),
                           .cuts = four(place.cut),
                           .left = left,
                           .right = right});
  }
  placing.leaves.resize(leaves);
  leaf_slots_ = std::max<size_t>(leaf_slots_, leaves);
  node_slots_ = std::max<size_t>(node_slots_, placed.node_count);
}

void TreeMasks::place_values(const Placing& placing, MaskTree& placed) {
  const std::vector<uint32_t>& leaves = placing.leaves;
  placed.value_stride = value_stride(leaves.size());
  const auto place = [&]<class Value>(std::vector<Value>& values) {
    placed.value_begin = static_cast<uint32_t>(values.size());
    values.resize(values.size() + placed.value_stride * leaf_width_);
    for (size_t i = 0; i < leaves.size(); ++i) {
      const size_t leaf = (placing.tree->leaf_begin + leaves[i]) * leaf_width_;
      for (size_t j = 0; j < leaf_width_; ++j) {
        values[placed.value_begin + j * placed.value_stride + i] =
            static_cast<Value>(placing.ensemble.leaf_values[leaf + j]);
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
