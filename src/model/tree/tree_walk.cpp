#include "model/tree/tree_walk.h"

#include "base/check.h"
#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

constexpr size_t kWalks = 8;
/// A shallower tree is walked to its depth; in a deeper one most walks arrive long before that, and
/// so whether all have is looked at every few steps.
constexpr uint32_t kStepsUnchecked = 8;
constexpr uint32_t kStepsBetweenChecks = 4;
/// Rows whose columns are filled together.
constexpr size_t kRowsFilled = TreeWalk::kRowsOfLanes;

/// How far a walk goes from `node`. NaN is told by its bits: two comparisons of floats would be
/// compiled to branches.
template <class Node>
[[gnu::always_inline]] inline uint32_t step(const Node& node, const float* row) noexcept {
  const float x = row[node.column()];
  const auto nan = static_cast<uint32_t>(std::bit_cast<uint32_t>(x) << 1 > 0xFF000000U);
  return node.way() + (static_cast<uint32_t>(x >= node.cut) | (nan & node.nan_right()));
}

/// kCount walks side by side: walk i stands at nodes[at[i]] and reads rows + i * stride. A stride
/// of 0 is one row in several trees.
template <class Node, size_t kCount>
struct Walks {
  const Node* nodes;
  const float* rows;
  size_t stride;
  uint32_t at[kCount];

  [[gnu::always_inline]] void advance(uint32_t steps) noexcept {
    for (uint32_t s = 0; s < steps; ++s) {
#pragma GCC unroll 16
      for (size_t i = 0; i < kCount; ++i) {
        at[i] += step(nodes[at[i]], rows + i * stride);
      }
    }
  }

  /// One step more; whether it moved none.
  [[gnu::always_inline]] bool arrived() noexcept {
    uint32_t moved = 0;
#pragma GCC unroll 16
    for (size_t i = 0; i < kCount; ++i) {
      const uint32_t way = step(nodes[at[i]], rows + i * stride);
      at[i] += way;
      moved |= way;
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

template <class Node, class Value>
struct Forest {
  const WalkTree* trees;
  size_t tree_count;
  const Node* nodes;
  const uint32_t* leaf_values;
  const Value* values;
  size_t leaf_width;

  [[gnu::always_inline]] void add_leaf(size_t t, uint32_t at, Value* sums) const noexcept {
    const Value* leaf = values + leaf_values[at];
    if (leaf_width == 1) {
      sums[trees[t].output] += *leaf;
      return;
    }
    for (size_t j = 0; j < leaf_width; ++j) {
      sums[j] += leaf[j];
    }
  }

  /// kCount rows, tree by tree.
  template <size_t kCount>
  void add_rows(data::DenseView columns, size_t first, Value* sums, size_t outputs) const noexcept {
    Walks<Node, kCount> walks;
    walks.nodes = nodes;
    walks.rows = columns.row(first);
    walks.stride = columns.columns;
    for (size_t t = 0; t < tree_count; ++t) {
      std::fill_n(walks.at, kCount, trees[t].root);
      walks.finish(trees[t].depth);
      for (size_t i = 0; i < kCount; ++i) {
        add_leaf(t, walks.at[i], sums + i * outputs);
      }
    }
  }

  /// One row in kCount trees.
  template <size_t kCount>
  void add_trees(const float* row, size_t first, Value* sums) const noexcept {
    Walks<Node, kCount> walks;
    walks.nodes = nodes;
    walks.rows = row;
    walks.stride = 0;
    uint32_t depth = 0;
    for (size_t i = 0; i < kCount; ++i) {
      walks.at[i] = trees[first + i].root;
      depth = std::max(depth, trees[first + i].depth);
    }
    walks.finish(depth);
    for (size_t i = 0; i < kCount; ++i) {
      add_leaf(first + i, walks.at[i], sums);
    }
  }

  void add_row(const float* row, Value* sums) const noexcept {
    size_t t = 0;
    for (; t + kWalks <= tree_count; t += kWalks) {
      add_trees<kWalks>(row, t, sums);
    }
    for (; t < tree_count; ++t) {
      add_trees<1>(row, t, sums);
    }
  }

  void add(data::DenseView columns, data::DenseSpan raw) const noexcept {
    Value* sums = tree_scratch<Value>(ScratchUse::kSums, kWalks * raw.columns);
    for (size_t i = 0; i < columns.rows;) {
      const size_t count = i + kWalks <= columns.rows ? kWalks : 1;
      std::copy_n(raw.row(i), count * raw.columns, sums);
      if (count == kWalks) {
        add_rows<kWalks>(columns, i, sums, raw.columns);
      } else {
        add_row(columns.row(i), sums);
      }
      for (size_t k = 0; k < count * raw.columns; ++k) {
        raw.row(i)[k] = static_cast<float>(sums[k]);
      }
      i += count;
    }
  }
};

bool has_nan(data::DenseView rows) noexcept {
  bool found = false;
  for (size_t k = 0; k < rows.rows * rows.columns; ++k) {
    found |= std::isnan(rows.values[k]);
  }
  return found;
}

}  // namespace

TreeWalk::TreeWalk(const TreeEnsemble& ensemble, const SplitColumns& splits)
    : features_(ensemble.features),
      leaf_width_(ensemble.leaf_width),
      precision_(ensemble.precision),
      category_words_(splits.category_words),
      leaf_ids_(ensemble.leaf_ids) {
  place_columns(ensemble, splits);
  const bool wide = features_ + derived_.size() > NarrowNode::kColumnsMax ||
                    std::ranges::any_of(ensemble.trees, [](const Tree& tree) {
                      return tree.node_count + size_t{tree.leaf_count} >= NarrowNode::kNodesMax;
                    });
  for (const Tree& tree : ensemble.trees) {
    place_tree(ensemble, splits, tree, wide);
  }
  if (precision_ == Precision::kFloat64) {
    double_values_ = ensemble.leaf_values;
  } else {
    for (const double value : ensemble.leaf_values) {
      float_values_.push_back(static_cast<float>(value));
    }
  }
}

void TreeWalk::place_columns(const TreeEnsemble& ensemble, const SplitColumns& splits) {
  // The columns of a feature ascend by reading: the first one may take the feature's own place.
  std::vector<Reading> taken_by(ensemble.features, Reading::kAnswer);
  slots_.resize(splits.columns.size());
  for (size_t c = 0; c < splits.columns.size(); ++c) {
    const SplitColumn& column = splits.columns[c];
    Reading& taken = taken_by[column.feature];
    const bool plain = column.reading == Reading::kPlain || column.reading == Reading::kNanRight;
    const bool first_zero = column.reading == Reading::kNanZero && taken == Reading::kAnswer;
    if (plain || first_zero) {
      slots_[c] = column.feature;
      taken = column.reading;
      if (first_zero) {
        nan_zero_features_.push_back(column.feature);
      }
      continue;
    }
    slots_[c] = static_cast<uint32_t>(features_ + derived_.size());
    derived_.push_back({slots_[c], column});
  }
}

void TreeWalk::place_node(bool wide, float cut, uint32_t column, bool nan_right, uint32_t way) {
  const auto nan = static_cast<uint32_t>(nan_right);
  if (wide) {
    wide_.push_back({cut, column << 1 | nan, way});
  } else {
    narrow_.push_back({cut, column | nan << 11 | way << 12});
  }
}

void TreeWalk::place_tree(const TreeEnsemble& ensemble, const SplitColumns& splits,
                          const Tree& tree, bool wide) {
  trees_.push_back({static_cast<uint32_t>(leaf_values_.size()), 0, tree.output, tree.leaf_begin});
  const bool covered = !ensemble.leaf_covers.empty();
  // Ids in the order of the layout: children are appended when their parent is placed.
  std::vector<int32_t> ids{tree.node_count == 0 ? -1 : 0};
  std::vector<uint32_t> depths{0};
  for (size_t at = 0; at < ids.size(); ++at) {
    const int32_t id = ids[at];
    trees_.back().depth = std::max(trees_.back().depth, depths[at]);
    if (id < 0) {
      const size_t leaf = tree.leaf_begin + static_cast<uint32_t>(~id);
      place_node(wide, std::numeric_limits<float>::quiet_NaN(), 0, false, 0);
      leaf_values_.push_back(static_cast<uint32_t>(leaf * leaf_width_));
      if (covered) {
        covers_.push_back(static_cast<float>(ensemble.leaf_covers[leaf]));
      }
      continue;
    }
    const size_t node = tree.node_begin + static_cast<uint32_t>(id);
    if (covered) {
      covers_.push_back(static_cast<float>(ensemble.node_covers[node]));
    }
    const Split& split = splits.splits[node];
    const bool nan_right = splits.columns[split.column].reading == Reading::kNanRight;
    place_node(wide, split.cut, slots_[split.column], nan_right,
               static_cast<uint32_t>(ids.size() - at));
    leaf_values_.push_back(0);
    ids.push_back(ensemble.nodes[node].left);
    ids.push_back(ensemble.nodes[node].right);
    depths.insert(depths.end(), 2, depths[at] + 1);
  }
}

void TreeWalk::fill_columns(data::DenseView rows, float* columns) const noexcept {
  for (size_t i = 0; i < rows.rows; ++i) {
    const float* row = rows.row(i);
    float* filled = columns + i * (features_ + derived_.size());
    std::copy_n(row, features_, filled);
    for (const uint32_t feature : nan_zero_features_) {
      filled[feature] = std::isnan(row[feature]) ? 0.0F : row[feature];
    }
    for (const Derived& derived : derived_) {
      filled[derived.slot] = read(derived.column, category_words_, row[derived.column.feature]);
    }
  }
}

void TreeWalk::add_walked(data::DenseView columns, data::DenseSpan raw) const noexcept {
  const auto walk = [&](const auto* nodes, const auto* values) {
    Forest{trees_.data(), trees_.size(), nodes, leaf_values_.data(), values, leaf_width_}.add(
        columns, raw);
  };
  const auto walk_nodes = [&](const auto* values) {
    wide_.empty() ? walk(narrow_.data(), values) : walk(wide_.data(), values);
  };
  precision_ == Precision::kFloat32 ? walk_nodes(float_values_.data())
                                    : walk_nodes(double_values_.data());
}

data::DenseView TreeWalk::columns_of(data::DenseView rows) const noexcept {
  if (derived_.empty() && (nan_zero_features_.empty() || !has_nan(rows))) {
    return rows;
  }
  RM_DCHECK(rows.rows <= kRowsFilled);
  const size_t width = features_ + derived_.size();
  float* columns = tree_scratch<float>(ScratchUse::kColumns, kRowsFilled * width);
  fill_columns(rows, columns);
  return {columns, rows.rows, width};
}

void TreeWalk::add(data::DenseView rows, data::DenseSpan raw) const noexcept {
  if (derived_.empty() && nan_zero_features_.empty()) {
    add_walked(rows, raw);
    return;
  }
  for (size_t first = 0; first < rows.rows; first += kRowsFilled) {
    const size_t count = std::min(kRowsFilled, rows.rows - first);
    add_walked(columns_of(rows.slice(first, count)), raw.slice(first, count));
  }
}

void TreeWalk::leaves(data::DenseView rows, uint32_t* names) const noexcept {
  const auto name = [&](const auto* nodes) {
    for (size_t first = 0; first < rows.rows; first += kRowsFilled) {
      const size_t count = std::min(kRowsFilled, rows.rows - first);
      const data::DenseView columns = columns_of(rows.slice(first, count));
      for (size_t i = 0; i < count; ++i) {
        name_leaves(nodes, columns.row(i), names + (first + i) * trees_.size());
      }
    }
  };
  wide_.empty() ? name(narrow_.data()) : name(wide_.data());
}

template <class Node>
void TreeWalk::name_leaves(const Node* nodes, const float* row, uint32_t* names) const noexcept {
  for (size_t t = 0; t < trees_.size(); ++t) {
    uint32_t at = trees_[t].root;
    for (uint32_t way = nodes[at].way(); way != 0; way = nodes[at].way()) {
      at += step(nodes[at], row);
    }
    const auto leaf = static_cast<uint32_t>(leaf_values_[at] / leaf_width_);
    names[t] = leaf_ids_.empty() ? leaf - trees_[t].leaf_begin : leaf_ids_[leaf];
  }
}

PlacedNode TreeWalk::node(uint32_t at) const noexcept {
  const auto placed = [](const auto& node) {
    return PlacedNode{node.cut, node.column(), node.nan_right() != 0, node.way()};
  };
  return wide_.empty() ? placed(narrow_[at]) : placed(wide_[at]);
}

double TreeWalk::leaf_value(uint32_t at, size_t j) const noexcept {
  const size_t value = leaf_values_[at] + j;
  return precision_ == Precision::kFloat32 ? static_cast<double>(float_values_[value])
                                           : double_values_[value];
}

void TreeWalk::lanes(data::DenseView rows, std::span<const uint32_t> columns, size_t stride,
                     float* lanes) const noexcept {
  RM_DCHECK(rows.rows <= stride);
  const data::DenseView filled = columns_of(rows);
  for (size_t i = 0; i < filled.rows; ++i) {
    const float* row = filled.row(i);
    for (size_t c = 0; c < columns.size(); ++c) {
      lanes[c * stride + i] = row[columns[c]];
    }
  }
}

}  // namespace ringmaker::model
