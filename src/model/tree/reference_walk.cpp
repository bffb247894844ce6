#include "model/tree/reference_walk.h"

#include "base/check.h"

#include <cmath>

namespace ringmaker::model {
namespace {

/// What LightGBM takes for zero: the largest float32 below 1e-35, as a double.
constexpr double kZeroReach = 1.0000000180025095e-35;

bool is_member(const TreeEnsemble& ensemble, const TreeNode& node, double value) noexcept {
  const double codes = 32.0 * (node.category_end - node.category_begin);
  // Everything above -1 is truncated to 0 or more.
  if (!(value > -1.0 && value < codes) || (node.sign_first && value < 0)) {
    return false;
  }
  const auto code = static_cast<uint32_t>(std::max(value, 0.0));
  return ((ensemble.category_words[node.category_begin + code / 32] >> (code % 32)) & 1U) != 0;
}

bool is_missing(Missing missing, double value) noexcept {
  switch (missing) {
    case Missing::kNan:
      return std::isnan(value);
    case Missing::kNanOrZero:
      return std::isnan(value) || std::fabs(value) <= kZeroReach;
    case Missing::kNone:
      return false;
  }
  RM_UNREACHABLE();
}

bool goes_left(const TreeEnsemble& ensemble, const TreeNode& node, double value) noexcept {
  if (is_missing(node.missing, value)) {
    return node.missing_left;
  }
  value = std::isnan(value) ? 0.0 : value;
  switch (node.decision) {
    case Decision::kLess:
      return value < node.threshold;
    case Decision::kLessEqual:
      return value <= node.threshold;
    case Decision::kEqual:
      return value == node.threshold;
    case Decision::kCategories:
      return is_member(ensemble, node, value) == node.members_left;
  }
  RM_UNREACHABLE();
}

/// Float: how wide the sum is.
template <class Float>
void add_leaves(const TreeEnsemble& ensemble, const float* row, float* raw) noexcept {
  for (size_t k = 0; k < ensemble.outputs; ++k) {
    auto sum = static_cast<Float>(raw[k]);
    for (const Tree& tree : ensemble.trees) {
      if (ensemble.leaf_width == 1 && tree.output != k) {
        continue;
      }
      const size_t leaf = tree.leaf_begin + leaf_reached(ensemble, tree, row);
      const size_t value = ensemble.leaf_width == 1 ? leaf : leaf * ensemble.leaf_width + k;
      sum += static_cast<Float>(ensemble.leaf_values[value]);
    }
    raw[k] = static_cast<float>(sum);
  }
}

}  // namespace

uint32_t leaf_reached(const TreeEnsemble& ensemble, const Tree& tree, const float* row) noexcept {
  int32_t at = tree.node_count == 0 ? -1 : 0;
  while (at >= 0) {
    const TreeNode& node = ensemble.nodes[tree.node_begin + static_cast<uint32_t>(at)];
    at = goes_left(ensemble, node, static_cast<double>(row[node.feature])) ? node.left : node.right;
  }
  return static_cast<uint32_t>(~at);
}

void ReferenceWalk::score(data::DenseView rows, data::DenseSpan raw) const noexcept {
  RM_DCHECK(rows.columns == ensemble_.features);
  RM_DCHECK(raw.rows == rows.rows);
  RM_DCHECK(raw.columns == ensemble_.outputs);
  for (size_t i = 0; i < rows.rows; ++i) {
    if (ensemble_.precision == Precision::kFloat32) {
      add_leaves<float>(ensemble_, rows.row(i), raw.row(i));
    } else {
      add_leaves<double>(ensemble_, rows.row(i), raw.row(i));
    }
  }
}

void ReferenceWalk::leaves(const float* row, uint32_t* leaves) const noexcept {
  for (size_t t = 0; t < ensemble_.trees.size(); ++t) {
    const Tree& tree = ensemble_.trees[t];
    const uint32_t leaf = leaf_reached(ensemble_, tree, row);
    leaves[t] = ensemble_.leaf_ids.empty() ? leaf : ensemble_.leaf_ids[tree.leaf_begin + leaf];
  }
}

}  // namespace ringmaker::model
