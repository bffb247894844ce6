#include "model/tree/tree_walk.h"

#include "base/check.h"
#include "base/huge_pages.h"
#include "model/tree/ordered_key.h"
#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ringmaker::model {
namespace {

/// Rows that go side by side through a tree, and trees that one row goes through side by side.
constexpr size_t kRowsAbreast = 16;
constexpr size_t kTreesAbreast = 8;
/// From here on, rows go side by side, with some that nobody asked for.
constexpr size_t kRowsAbreastMin = 6;
/// Rows that go through a tree before the next tree: while it is in the caches.
constexpr size_t kSliceRows = 256;
constexpr size_t kSliceKeyBytes = size_t{64} << 10;
/// A shallower tree is walked to its depth; in a deeper one most walks arrive long before that, and
/// so whether all have is looked at every few steps.
constexpr uint32_t kStepsUnchecked = 8;
constexpr uint32_t kStepsBetweenChecks = 4;

/// kCount walks side by side: walk i stands at nodes[at[i]] and reads keys[column * kStride + i],
/// or, where kStride is 1, what all read: keys[column].
template <class Node, size_t kCount, size_t kStride>
struct Walks {
  const Node* nodes;
  const uint32_t* keys;
  uint32_t at[kCount];

  /// How far walk i goes.
  [[gnu::always_inline]] uint32_t way(size_t i) const noexcept {
    const Node& node = nodes[at[i]];
    const uint32_t key = keys[node.column() * kStride + (kStride == 1 ? 0 : i)];
    return node.way() + static_cast<uint32_t>(key < node.cut);
  }

  [[gnu::always_inline]] void advance(uint32_t steps) noexcept {
    for (uint32_t s = 0; s < steps; ++s) {
#pragma GCC unroll 16
      for (size_t i = 0; i < kCount; ++i) {
        at[i] += way(i);
      }
    }
  }

  /// One step more; whether it moved none.
  [[gnu::always_inline]] bool arrived() noexcept {
    uint32_t moved = 0;
#pragma GCC unroll 16
    for (size_t i = 0; i < kCount; ++i) {
      const uint32_t step = way(i);
      at[i] += step;
      moved |= step;
    }
    return moved == 0;
  }

  [[gnu::always_inline]] void finish(uint32_t depth) noexcept {
    if (depth <= kStepsUnchecked) {
      advance(depth);
      return;
    }
    advance(kStepsUnchecked);
    while (!arrived()) {
      advance(kStepsBetweenChecks);
    }
  }
};

/// One row in kCount trees, arrived.
template <size_t kCount, class Node>
[[gnu::always_inline]] inline Walks<Node, kCount, 1> walked(
    const Node* nodes, const uint32_t* keys, std::span<const WalkTree, kCount> trees) noexcept {
  Walks<Node, kCount, 1> walks;
  walks.nodes = nodes;
  walks.keys = keys;
  uint32_t depth = 0;
  for (size_t i = 0; i < kCount; ++i) {
    walks.at[i] = trees[i].root;
    depth = std::max(depth, trees[i].depth);
  }
  walks.finish(depth);
  return walks;
}

/// What a leaf adds: the float whose bits it holds.
struct LeafBits {
  using Value = float;

  [[gnu::always_inline]] void add(uint32_t leaf, uint32_t output, float* sums) const noexcept {
    sums[output] += std::bit_cast<float>(leaf);
  }
};

/// What a leaf adds: `width` values, which begin where it says.
template <class Number>
struct LeafValues {
  using Value = Number;
  const Value* values;
  size_t width;

  [[gnu::always_inline]] void add(uint32_t leaf, uint32_t output, Value* sums) const noexcept {
    for (size_t j = 0; j < width; ++j) {
      sums[output + j] += values[leaf + j];
    }
  }
};

template <class NodeType, class Leaves>
struct Forest {
  using Node = NodeType;
  using Value = typename Leaves::Value;
  const std::vector<WalkTree>& trees;
  const Node* nodes;
  Leaves leaves;

  /// kRowsAbreast rows in tree t; `count` of their sums are wanted.
  void add_rows(size_t t, const uint32_t* keys, size_t count, Value* sums,
                size_t outputs) const noexcept {
    Walks<Node, kRowsAbreast, kRowsAbreast> walks;
    walks.nodes = nodes;
    walks.keys = keys;
    std::fill_n(walks.at, kRowsAbreast, trees[t].root);
    walks.finish(trees[t].depth);
    for (size_t i = 0; i < count; ++i) {
      leaves.add(nodes[walks.at[i]].cut, trees[t].output, sums + i * outputs);
    }
  }

  /// One row in kCount trees.
  template <size_t kCount>
  void add_trees(const uint32_t* keys, size_t first, Value* sums) const noexcept {
    const Walks<Node, kCount, 1> walks =
        walked<kCount>(nodes, keys, std::span<const WalkTree, kCount>(&trees[first], kCount));
    for (size_t i = 0; i < kCount; ++i) {
      leaves.add(nodes[walks.at[i]].cut, trees[first + i].output, sums);
    }
  }

  void add_row(const uint32_t* keys, Value* sums) const noexcept {
    size_t t = 0;
    for (; t + kTreesAbreast <= trees.size(); t += kTreesAbreast) {
      add_trees<kTreesAbreast>(keys, t, sums);
    }
    for (; t < trees.size(); ++t) {
      add_trees<1>(keys, t, sums);
    }
  }
};

uint32_t nan_key_of(Reading reading) {
  if (reading == Reading::kNanRight) {
    return kKeyMax;
  }
  return reading == Reading::kNanZero ? ordered_key(0, 0) : 0;
}

}  // namespace

TreeWalk::TreeWalk(const TreesView& ensemble, const SplitColumns& splits)
    : leaf_width_(ensemble.leaf_width),
      precision_(ensemble.precision),
      columns_(splits.columns()),
      leaf_column_(static_cast<uint32_t>(splits.columns().size())),
      category_words_(splits.category_words()) {
  place_columns();
  // A layout has fewer empty places than others.
  const bool wide = splits.columns().size() >= NarrowNode::kColumnsMax ||
                    std::ranges::any_of(ensemble.trees, [](const Tree& tree) {
                      const size_t places = tree.node_count + size_t{tree.leaf_count};
                      return 2 * places + kWalkLine >= NarrowNode::kPlacesMax;
                    });
  wide ? place_trees(ensemble, splits, wide_) : place_trees(ensemble, splits, narrow_);
  const LeafValuesView& values = ensemble.leaf_values;
  if (precision_ == Precision::kFloat64) {
    base::reserve_huge(double_values_, values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      double_values_.push_back(values[i]);
    }
  } else if (leaf_width_ > 1) {
    base::reserve_huge(float_values_, values.size());
    for (size_t i = 0; i < values.size(); ++i) {
      float_values_.push_back(static_cast<float>(values[i]));
    }
  }
}

void TreeWalk::place_columns() {
  for (uint32_t c = 0; c < columns_.size(); ++c) {
    const SplitColumn& column = columns_[c];
    switch (column.reading) {
      case Reading::kPlain:
      case Reading::kNanRight:
      case Reading::kNanZero:
        plain_.push_back({c, column.feature, nan_key_of(column.reading)});
        break;
      case Reading::kZeroLeft:
      case Reading::kZeroRight:
      case Reading::kAnswer:
        derived_.push_back(c);
        break;
    }
  }
}

template <class Node>
void TreeWalk::place_trees(const TreesView& ensemble, const SplitColumns& splits,
                           std::vector<WalkNodes<Node>>& lines) {
  const bool covered = !ensemble.leaf_covers.empty();
  // More than layouts take, so that lists need not move; what is never written to takes no memory.
  const size_t taken = ensemble.nodes.size() + ensemble.leaf_values.size() / leaf_width_;
  const size_t lines_max = 2 * taken / kWalkLine + ensemble.trees.size();
  base::reserve_huge(lines, lines_max);
  base::reserve_huge(leaf_names_, lines_max * kWalkLine);
  base::reserve_huge(covers_, covered ? lines_max * kWalkLine : 0);
  trees_.reserve(ensemble.trees.size());
  WalkPlacer placer(ensemble);
  for (const Tree& tree : ensemble.trees) {
    const WalkLayout& layout = placer.place(tree);
    const size_t first = lines.size() * kWalkLine;
    trees_.push_back({static_cast<uint32_t>(first), layout.depth, tree.output});
    lines.resize(lines.size() + layout.places / kWalkLine);
    leaf_names_.resize(lines.size() * kWalkLine);
    covers_.resize(covered ? leaf_names_.size() : 0);
    place_nodes(ensemble, splits, tree, layout, first, lines.data());
    place_leaves(ensemble, tree, layout, first, lines.data());
  }
}

template <class Node>
void TreeWalk::place_nodes(const TreesView& ensemble, const SplitColumns& splits, const Tree& tree,
                           const WalkLayout& layout, size_t first, WalkNodes<Node>* lines) {
  ensemble.nodes.with_access([&](const auto& node_at) {
    for (const WalkLayout::Inner& inner : layout.inner) {
      const size_t at = first + inner.at;
      const size_t index = tree.node_begin + inner.id;
      const Split split = splits.split(node_at(index));
      lines[at / kWalkLine].nodes[at % kWalkLine] =
          Node::make(ordered_key(split.cut, kKeyMax), split.column, inner.children - inner.at);
      if (!covers_.empty()) {
        covers_[at] = ensemble.node_covers[index];
      }
    }
  });
}

template <class Node>
void TreeWalk::place_leaves(const TreesView& ensemble, const Tree& tree, const WalkLayout& layout,
                            size_t first, WalkNodes<Node>* lines) {
  const bool bits = precision_ == Precision::kFloat32 && leaf_width_ == 1;
  for (const WalkLayout::Leaf& placed : layout.leaves) {
    const size_t at = first + placed.at;
    const size_t leaf = tree.leaf_begin + placed.id;
    const size_t begin = leaf * leaf_width_;
    const uint32_t value =
        bits ? std::bit_cast<uint32_t>(static_cast<float>(ensemble.leaf_values[begin]))
             : static_cast<uint32_t>(begin);
    lines[at / kWalkLine].nodes[at % kWalkLine] = Node::make(value, leaf_column_, 0);
    leaf_names_[at] = ensemble.leaf_ids.empty() ? placed.id : ensemble.leaf_ids[leaf];
    if (!covers_.empty()) {
      covers_[at] = ensemble.leaf_covers[leaf];
    }
  }
}

void TreeWalk::fill_keys(const float* row, size_t stride, uint32_t* keys) const noexcept {
  for (const Plain& plain : plain_) {
    keys[plain.column * stride] = ordered_key(row[plain.feature], plain.nan_key);
  }
  for (const uint32_t column : derived_) {
    const float x = row[columns_[column].feature];
    keys[column * stride] = ordered_key(read(columns_[column], category_words_, x), 0);
  }
  keys[leaf_column_ * stride] = kKeyMax;
}

template <class Forest>
void TreeWalk::add_slice(const Forest& forest, data::DenseView rows,
                         data::DenseSpan raw) const noexcept {
  using Value = typename Forest::Value;
  const size_t columns = leaf_column_ + 1;
  const size_t block_keys = columns * kRowsAbreast;
  const size_t blocks = (rows.rows + kRowsAbreast - 1) / kRowsAbreast;
  auto* keys = tree_scratch<uint32_t>(ScratchUse::kColumns, blocks * block_keys);
  auto* sums = tree_scratch<Value>(ScratchUse::kSums, rows.rows * raw.columns);
  std::copy_n(raw.values, rows.rows * raw.columns, sums);
  for (size_t i = 0; i < blocks * kRowsAbreast; ++i) {
    const float* row = rows.row(std::min(i, rows.rows - 1));
    fill_keys(row, kRowsAbreast, keys + i / kRowsAbreast * block_keys + i % kRowsAbreast);
  }
  for (size_t t = 0; t < trees_.size(); ++t) {
    for (size_t b = 0; b < blocks; ++b) {
      const size_t first = b * kRowsAbreast;
      forest.add_rows(t, keys + b * block_keys, std::min(kRowsAbreast, rows.rows - first),
                      sums + first * raw.columns, raw.columns);
    }
  }
  std::transform(sums, sums + rows.rows * raw.columns, raw.values,
                 [](Value sum) { return static_cast<float>(sum); });
}

template <class Forest>
void TreeWalk::add_rows(const Forest& forest, data::DenseView rows,
                        data::DenseSpan raw) const noexcept {
  using Value = typename Forest::Value;
  const size_t columns = leaf_column_ + 1;
  const size_t blocks_max = kSliceKeyBytes / (columns * kRowsAbreast * sizeof(uint32_t));
  const size_t rows_max = std::clamp(blocks_max * kRowsAbreast, kRowsAbreast, kSliceRows);
  size_t first = 0;
  while (rows.rows - first >= kRowsAbreastMin) {
    const size_t count = std::min(rows_max, rows.rows - first);
    add_slice(forest, rows.slice(first, count), raw.slice(first, count));
    first += count;
  }
  for (; first < rows.rows; ++first) {
    auto* keys = tree_scratch<uint32_t>(ScratchUse::kColumns, columns);
    auto* sums = tree_scratch<Value>(ScratchUse::kSums, raw.columns);
    fill_keys(rows.row(first), 1, keys);
    std::copy_n(raw.row(first), raw.columns, sums);
    forest.add_row(keys, sums);
    std::transform(sums, sums + raw.columns, raw.row(first),
                   [](Value sum) { return static_cast<float>(sum); });
  }
}

void TreeWalk::add(data::DenseView rows, data::DenseSpan raw) const noexcept {
  if (trees_.empty()) {
    return;
  }
  const auto add_in = [&](const auto* nodes, const auto& leaves) {
    add_rows(Forest<std::decay_t<decltype(*nodes)>, std::decay_t<decltype(leaves)>>{trees_, nodes,
                                                                                    leaves},
             rows, raw);
  };
  const auto add_leaves = [&](const auto& leaves) {
    wide_.empty() ? add_in(narrow_.front().nodes, leaves) : add_in(wide_.front().nodes, leaves);
  };
  if (precision_ == Precision::kFloat64) {
    add_leaves(LeafValues<double>{double_values_.data(), leaf_width_});
  } else if (leaf_width_ > 1) {
    add_leaves(LeafValues<float>{float_values_.data(), leaf_width_});
  } else {
    add_leaves(LeafBits{});
  }
}

void TreeWalk::leaves(data::DenseView rows, uint32_t* names) const noexcept {
  if (trees_.empty()) {
    return;
  }
  auto* keys = tree_scratch<uint32_t>(ScratchUse::kColumns, leaf_column_ + size_t{1});
  for (size_t i = 0; i < rows.rows; ++i, names += trees_.size()) {
    fill_keys(rows.row(i), 1, keys);
    wide_.empty() ? name_leaves(narrow_.front().nodes, keys, names)
                  : name_leaves(wide_.front().nodes, keys, names);
  }
}

template <class Node>
void TreeWalk::name_leaves(const Node* nodes, const uint32_t* keys,
                           uint32_t* names) const noexcept {
  size_t t = 0;
  for (; t + kTreesAbreast <= trees_.size(); t += kTreesAbreast) {
    name_leaves_of<kTreesAbreast>(nodes, keys, t, names);
  }
  for (; t < trees_.size(); ++t) {
    name_leaves_of<1>(nodes, keys, t, names);
  }
}

template <size_t kCount, class Node>
void TreeWalk::name_leaves_of(const Node* nodes, const uint32_t* keys, size_t first,
                              uint32_t* names) const noexcept {
  const Walks<Node, kCount, 1> walks =
      walked<kCount>(nodes, keys, std::span<const WalkTree, kCount>(&trees_[first], kCount));
  for (size_t i = 0; i < kCount; ++i) {
    names[first + i] = leaf_names_[walks.at[i]];
  }
}

PlacedNode TreeWalk::node(uint32_t at) const noexcept {
  const auto placed = [&](const auto& lines) {
    const auto& node = lines[at / kWalkLine].nodes[at % kWalkLine];
    if (node.way() == 0) {
      return PlacedNode{};
    }
    const bool nan_right = columns_[node.column()].reading == Reading::kNanRight;
    return PlacedNode{value_of_key(node.cut), node.column(), nan_right, node.way()};
  };
  return wide_.empty() ? placed(narrow_) : placed(wide_);
}

double TreeWalk::leaf_value(uint32_t at, size_t j) const noexcept {
  const uint32_t leaf = wide_.empty() ? narrow_[at / kWalkLine].nodes[at % kWalkLine].cut
                                      : wide_[at / kWalkLine].nodes[at % kWalkLine].cut;
  if (precision_ == Precision::kFloat64) {
    return double_values_[leaf + j];
  }
  return static_cast<double>(leaf_width_ > 1 ? float_values_[leaf + j]
                                             : std::bit_cast<float>(leaf));
}

void TreeWalk::lanes(data::DenseView rows, std::span<const uint32_t> columns, size_t stride,
                     float* lanes) const noexcept {
  RM_DCHECK(rows.rows <= stride && rows.rows <= kRowsOfLanes);
  for (size_t c = 0; c < columns.size(); ++c) {
    const SplitColumn& column = columns_[columns[c]];
    const bool plain = column.reading == Reading::kPlain || column.reading == Reading::kNanRight;
    for (size_t i = 0; i < rows.rows; ++i) {
      const float x = rows.row(i)[column.feature];
      lanes[c * stride + i] = plain ? x : read(column, category_words_, x);
    }
  }
}

}  // namespace ringmaker::model
