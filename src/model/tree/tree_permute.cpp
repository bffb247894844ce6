#include "model/tree/tree_permute.h"

#include "base/huge_pages.h"
#include "model/tree/lane_sums.h"
#include "model/tree/tree_levels.h"
#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <ranges>
#include <type_traits>

namespace ringmaker::model {
namespace {

constexpr uint32_t kTopLevels = 6;  // those of the first block
constexpr uint32_t kDeepLevels = 8;
constexpr size_t kDeepBlocks = 4;
constexpr size_t kTreesMax = size_t{1} << 16;
/// Greater than every rank.
constexpr int8_t kNoCut = 127;
/// From here on, rows go through a tree together.
constexpr size_t kRowsTogether = 5;

/// Whether a leaf of some tree has more than `depth` nodes above it.
bool deeper_than(uint32_t depth, const TreesView& ensemble) {
  TreeLevels levels;
  return std::ranges::any_of(ensemble.trees, [&](const Tree& tree) {
    levels.look_at(ensemble, tree);
    return levels.depth() > depth;
  });
}

/// The bit of a node of the first six levels: see PermuteBlock.
uint32_t top_bit(uint32_t level, uint32_t position) {
  const uint32_t below = level < 3 ? level : level - 3;  // the root of its subtree
  const uint32_t subtree = level < 3 ? 0 : 1 + (position >> below);
  return 7 * subtree + (1U << below) - 1 + (position & ((1U << below) - 1));
}

bool has_nan(data::DenseView rows) noexcept {
  bool found = false;
  for (size_t k = 0; k < rows.rows * rows.columns; ++k) {
    found |= std::isnan(rows.values[k]);
  }
  return found;
}

}  // namespace

bool TreePermute::fits(const TreesView& ensemble, const ThresholdRanks& ranks) {
  const bool narrow =
      std::ranges::all_of(ranks.ranked(), [](const RankedFeature& f) { return f.levels <= 8; });
  return narrow && ranks.columns() <= kPermuteColumnsMax && ensemble.leaf_width == 1 &&
         ensemble.trees.size() <= kTreesMax && !deeper_than(kDeepLevels, ensemble);
}

TreePermute::TreePermute(const TreesView& ensemble, const SplitColumns& splits,
                         const ThresholdRanks& ranks, const PermuteKernels& kernels,
                         const TreeKernels& rank_kernels)
    : ranks_(ranks),
      kernels_(kernels),
      rank_kernels_(rank_kernels),
      precision_(ensemble.precision),
      deep_(deeper_than(kTopLevels, ensemble)) {
  for (const Tree& tree : ensemble.trees) {
    outputs_.push_back(tree.output);
  }
  tree_count_ = (outputs_.size() + kTreesAtOnce - 1) / kTreesAtOnce * kTreesAtOnce;
  const size_t leaves = tree_count_ << (deep_ ? kDeepLevels : kTopLevels);
  const auto make = [&](auto& values) {
    base::reserve_huge(values, leaves);
    values.resize(leaves);
  };
  precision_ == Precision::kFloat32 ? make(float_values_) : make(double_values_);

  Block empty{};
  std::ranges::fill(empty.cuts, kNoCut);
  base::reserve_huge(blocks_, tree_count_ * blocks_of_a_tree());
  blocks_.assign(tree_count_ * blocks_of_a_tree(), empty);
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    place_node(ensemble, splits, t, ensemble.trees[t].node_count == 0 ? -1 : 0, 0, 0);
  }

  const auto& ranked = ranks.ranked();
  sorted_.reserve(std::max<size_t>(1, ranked.size()));
  sorted_.resize(ranked.size());
  for (size_t f = 0; f < ranked.size(); ++f) {
    const std::vector<float>& cuts = ranks.cuts(ranked[f].feature);
    float* sorted = sorted_.span().row(f);
    std::fill_n(sorted, kSortedFloats, std::numeric_limits<float>::quiet_NaN());
    std::ranges::copy(cuts, sorted + 16);
    for (size_t i = 0; i < 16; ++i) {
      sorted[i] = sorted[16 + 16 * i + 15];
    }
  }
}

size_t TreePermute::blocks_of_a_tree() const noexcept { return deep_ ? kDeepBlocks : 1; }

void TreePermute::set_node(size_t t, uint32_t level, uint32_t position,
                           ThresholdRanks::Place place) {
  size_t block = t * blocks_of_a_tree();
  uint32_t bit = position;
  if (level < kTopLevels) {
    bit = top_bit(level, position);
  } else if (level == kTopLevels) {
    block += 1;
  } else {
    block += 2 + position % 2;
    bit = position / 2;
  }
  blocks_[block].columns[bit] = static_cast<uint8_t>(place.column);
  blocks_[block].plain_columns[bit] = static_cast<uint8_t>(place.plain_column);
  blocks_[block].cuts[bit] = place.cut;
}

void TreePermute::place_node(const TreesView& ensemble, const SplitColumns& splits, size_t t,
                             int32_t id, uint32_t level, uint32_t position) {
  const Tree& tree = ensemble.trees[t];
  const uint32_t levels = deep_ ? kDeepLevels : kTopLevels;
  if (id < 0) {
    // A node without a cut sends all to the left.
    const size_t leaf = (t << levels) + (static_cast<size_t>(position) << (levels - level));
    const double value = ensemble.leaf_values[tree.leaf_begin + static_cast<uint32_t>(~id)];
    if (precision_ == Precision::kFloat32) {
      float_values_[leaf] = static_cast<float>(value);
    } else {
      double_values_[leaf] = value;
    }
    return;
  }
  const size_t node = tree.node_begin + static_cast<uint32_t>(id);
  set_node(t, level, position, ranks_.place(splits.split(ensemble.nodes[node])));
  place_node(ensemble, splits, t, ensemble.nodes.left(node), level + 1, 2 * position);
  place_node(ensemble, splits, t, ensemble.nodes.right(node), level + 1, 2 * position + 1);
}

PermuteTrees TreePermute::trees(bool plain, size_t tree_count) const noexcept {
  return {.blocks = blocks_.data(),
          .deep = deep_,
          .plain = plain,
          .columns = plain ? ranks_.plain_ranked().size() : ranks_.columns(),
          .tree_count = tree_count};
}

template <class Value, class Kernel>
void TreePermute::add_one_by_one(data::DenseView rows, data::DenseSpan raw, bool plain,
                                 const Value* values, Kernel kernel) const noexcept {
  const auto& ranked = plain ? ranks_.plain_ranked() : ranks_.ranked();
  const auto& variants = plain ? ranks_.plain_variants() : ranks_.variants();
  PermuteTask task{
      .ranked = ranked.data(),
      .ranked_count = ranked.size(),
      .variants = variants.data(),
      .sorted = sorted_.view().values,
      .ranks = tree_scratch<int8_t>(ScratchUse::kRanks, kPermuteColumnsMax),
      .trees = trees(plain, tree_count_),
      .words = tree_scratch<uint64_t>(ScratchUse::kColumns, tree_count_ * blocks_of_a_tree())};
  auto* leaves = tree_scratch<Value>(ScratchUse::kLeaves, tree_count_);
  auto* sums = tree_scratch<Value>(ScratchUse::kSums, raw.columns);
  for (size_t i = 0; i < rows.rows; ++i) {
    task.row = rows.row(i);
    ranks_.fill_answers(rows.slice(i, 1), task.ranks, 1);
    kernel(task, values, leaves);
    std::ranges::copy_n(raw.row(i), static_cast<std::ptrdiff_t>(raw.columns), sums);
    if (raw.columns == 1) {
      Value sum = sums[0];
      for (size_t t = 0; t < outputs_.size(); ++t) {
        sum += leaves[t];
      }
      sums[0] = sum;
    } else {
      for (size_t t = 0; t < outputs_.size(); ++t) {
        sums[outputs_[t]] += leaves[t];
      }
    }
    std::ranges::transform(sums, sums + raw.columns, raw.row(i),
                           [](Value sum) { return static_cast<float>(sum); });
  }
}

template <class Value, class Kernel>
void TreePermute::add_together(data::DenseView rows, data::DenseSpan raw, bool plain,
                               const Value* values, Kernel kernel) const noexcept {
  auto* ranks = tree_scratch<int8_t>(ScratchUse::kRanks, kPermuteColumnsMax * kLanes);
  auto* sums = tree_scratch<Value>(ScratchUse::kSums, raw.columns * kLanes);
  plain ? ranks_.fill_plain(rank_kernels_, rows, ranks) : ranks_.fill(rank_kernels_, rows, ranks);
  load_lanes(raw, sums);
  kernel({.ranks = ranks,
          .row_count = rows.rows,
          .trees = trees(plain, outputs_.size()),
          .outputs = outputs_.data()},
         values, sums);
  store_lanes(sums, raw);
}

void TreePermute::add(data::DenseView rows, data::DenseSpan raw) const noexcept {
  const bool plain = ranks_.plain() && !has_nan(rows);
  const bool together = rows.rows >= kRowsTogether;
  if (precision_ == Precision::kFloat32) {
    together ? add_together(rows, raw, plain, float_values_.data(), kernels_.rows_float)
             : add_one_by_one(rows, raw, plain, float_values_.data(), kernels_.leaves_float);
  } else {
    together ? add_together(rows, raw, plain, double_values_.data(), kernels_.rows_double)
             : add_one_by_one(rows, raw, plain, double_values_.data(), kernels_.leaves_double);
  }
}

}  // namespace ringmaker::model
