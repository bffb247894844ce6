#include "model/tree/tree_permute.h"

#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <array>
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

/// Whether every leaf of the tree lies within kDeepLevels; `deep` is set where kTopLevels do not
/// do.
bool is_shallow(const TreeEnsemble& ensemble, const Tree& tree, bool& deep) {
  std::vector<int32_t> level;
  if (tree.node_count > 0) {
    level.push_back(0);
  }
  for (uint32_t depth = 0; !level.empty(); ++depth) {
    if (depth == kDeepLevels) {
      return false;
    }
    deep = deep || depth == kTopLevels;
    std::vector<int32_t> next;
    for (const int32_t id : level) {
      const TreeNode& node = ensemble.nodes[tree.node_begin + static_cast<uint32_t>(id)];
      for (const int32_t child : {node.left, node.right}) {
        if (child >= 0) {
          next.push_back(child);
        }
      }
    }
    level = std::move(next);
  }
  return true;
}

}  // namespace

bool TreePermute::fits(const TreeEnsemble& ensemble, const ThresholdRanks& ranks) {
  const bool narrow =
      std::ranges::all_of(ranks.ranked(), [](const RankedFeature& f) { return f.levels <= 8; });
  bool deep = false;
  return narrow && ranks.columns() <= kPermuteColumnsMax && ensemble.leaf_width == 1 &&
         ensemble.trees.size() <= kTreesMax &&
         std::ranges::all_of(ensemble.trees,
                             [&](const Tree& tree) { return is_shallow(ensemble, tree, deep); });
}

TreePermute::TreePermute(const TreeEnsemble& ensemble, const SplitColumns& splits,
                         const ThresholdRanks& ranks, const PermuteKernels& kernels)
    : ranks_(ranks), kernels_(kernels), precision_(ensemble.precision) {
  for (const Tree& tree : ensemble.trees) {
    outputs_.push_back(tree.output);
    static_cast<void>(is_shallow(ensemble, tree, deep_));
  }
  tree_count_ = (outputs_.size() + kTreesAtOnce - 1) / kTreesAtOnce * kTreesAtOnce;
  const size_t leaves = tree_count_ << (deep_ ? kDeepLevels : kTopLevels);
  precision_ == Precision::kFloat32 ? float_values_.resize(leaves) : double_values_.resize(leaves);

  const size_t floats = tree_count_ * (deep_ ? kDeepBlocks : 1) * kPermuteBlock / sizeof(float);
  blocks_.reserve(floats / blocks_.columns());
  blocks_.resize(floats / blocks_.columns());
  std::fill_n(reinterpret_cast<uint8_t*>(blocks_.span().values), floats * sizeof(float),
              static_cast<uint8_t>(kNoCut));
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

void TreePermute::set_node(size_t t, uint32_t level, uint32_t position,
                           ThresholdRanks::Place place) {
  auto* block = reinterpret_cast<uint8_t*>(blocks_.span().values) +
                t * (deep_ ? kDeepBlocks : 1) * kPermuteBlock;
  uint32_t node = position;
  if (level < kTopLevels) {
    node += (1U << level) - 1;
  } else {
    block += (level - kTopLevels + 1 + position / 64) * kPermuteBlock;
    node %= 64;
  }
  block[node] = static_cast<uint8_t>(place.column);
  block[64 + node] = static_cast<uint8_t>(place.cut);
}

void TreePermute::place_node(const TreeEnsemble& ensemble, const SplitColumns& splits, size_t t,
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
  set_node(t, level, position, ranks_.place(splits.splits[node]));
  place_node(ensemble, splits, t, ensemble.nodes[node].left, level + 1, 2 * position);
  place_node(ensemble, splits, t, ensemble.nodes[node].right, level + 1, 2 * position + 1);
}

template <class Value, class Kernel>
void TreePermute::add_rows(data::DenseView rows, data::DenseSpan raw, const Value* values,
                           Kernel kernel) const noexcept {
  const size_t word_count = tree_count_ * (deep_ ? kDeepBlocks : 1);
  PermuteTask task{.ranked = ranks_.ranked().data(),
                   .ranked_count = ranks_.ranked().size(),
                   .variants = ranks_.variants().data(),
                   .sorted = sorted_.view().values,
                   .ranks = tree_scratch<int8_t>(ScratchUse::kRanks, kPermuteColumnsMax),
                   .columns = ranks_.columns(),
                   .blocks = reinterpret_cast<const uint8_t*>(blocks_.view().values),
                   .deep = deep_,
                   .tree_count = tree_count_,
                   .words = tree_scratch<uint64_t>(ScratchUse::kColumns, word_count)};
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

void TreePermute::add(data::DenseView rows, data::DenseSpan raw) const noexcept {
  if (precision_ == Precision::kFloat32) {
    add_rows(rows, raw, float_values_.data(), kernels_.leaves_float);
  } else {
    add_rows(rows, raw, double_values_.data(), kernels_.leaves_double);
  }
}

}  // namespace ringmaker::model
