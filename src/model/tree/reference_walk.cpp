#include "model/tree/reference_walk.h"

#include "base/check.h"
#include "model/tree/split.h"

#include <cmath>

namespace ringmaker::model {
namespace {

/// A row's value of a feature, as the ensemble reads it.
template <class Value>
double read(const TreeEnsemble& ensemble, const Value* row, uint32_t feature) noexcept {
  const auto x = static_cast<double>(row[feature]);
  return ensemble.tiny_is_zero && std::fabs(x) <= kZeroReach ? 0.0 : x;
}

template <class Value>
uint32_t walk(const TreeEnsemble& ensemble, const Tree& tree, const Value* row) noexcept {
  int32_t at = tree.node_count == 0 ? -1 : 0;
  while (at >= 0) {
    const TreeNode& node = ensemble.nodes[tree.node_begin + static_cast<uint32_t>(at)];
    const double x = read(ensemble, row, node.feature);
    at = goes_left(node, ensemble.category_words, x) ? node.left : node.right;
  }
  return static_cast<uint32_t>(~at);
}

template <class Value>
double linear_leaf(const TreeEnsemble& ensemble, size_t leaf, const Value* row) noexcept {
  const LinearLeaves& linear = ensemble.linear_leaves;
  double sum = linear.constants[leaf];
  for (uint32_t i = linear.term_begins[leaf]; i < linear.term_begins[leaf + 1]; ++i) {
    const double x = read(ensemble, row, linear.features[i]);
    if (std::isnan(x)) {
      return ensemble.leaf_values[leaf];
    }
    sum += linear.coefficients[i] * x;
  }
  return sum;
}

/// `start` and the leaves of output k. Float: how wide the sum is.
template <class Float, class Value>
Float sum_of(const TreeEnsemble& ensemble, const Value* row, size_t k, Float start) noexcept {
  Float sum = start;
  for (const Tree& tree : ensemble.trees) {
    if (ensemble.leaf_width == 1 && tree.output != k) {
      continue;
    }
    const size_t leaf = tree.leaf_begin + walk(ensemble, tree, row);
    if (!ensemble.linear_leaves.empty()) {
      sum += static_cast<Float>(linear_leaf(ensemble, leaf, row));
      continue;
    }
    const size_t value = ensemble.leaf_width == 1 ? leaf : leaf * ensemble.leaf_width + k;
    sum += static_cast<Float>(ensemble.leaf_values[value]);
  }
  return sum;
}

template <class Value>
void name_leaves(const TreeEnsemble& ensemble, const Value* row, uint32_t* leaves) noexcept {
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    const Tree& tree = ensemble.trees[t];
    const uint32_t leaf = walk(ensemble, tree, row);
    leaves[t] = ensemble.leaf_ids.empty() ? leaf : ensemble.leaf_ids[tree.leaf_begin + leaf];
  }
}

}  // namespace

uint32_t leaf_reached(const TreeEnsemble& ensemble, const Tree& tree, const float* row) noexcept {
  return walk(ensemble, tree, row);
}
uint32_t leaf_reached(const TreeEnsemble& ensemble, const Tree& tree, const double* row) noexcept {
  return walk(ensemble, tree, row);
}

void ReferenceWalk::score(data::DenseView rows, data::DenseSpan raw) const noexcept {
  RM_DCHECK(rows.columns == ensemble_.features);
  RM_DCHECK(raw.rows == rows.rows);
  RM_DCHECK(raw.columns == ensemble_.outputs);
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t k = 0; k < ensemble_.outputs; ++k) {
      float& value = raw.row(i)[k];
      value =
          ensemble_.precision == Precision::kFloat32
              ? sum_of(ensemble_, rows.row(i), k, value)
              : static_cast<float>(sum_of(ensemble_, rows.row(i), k, static_cast<double>(value)));
    }
  }
}

void ReferenceWalk::sums(const double* row, double* sums) const noexcept {
  for (size_t k = 0; k < ensemble_.outputs; ++k) {
    const double base = ensemble_.base_values[k];
    sums[k] = ensemble_.precision == Precision::kFloat32
                  ? static_cast<double>(sum_of(ensemble_, row, k, static_cast<float>(base)))
                  : sum_of(ensemble_, row, k, base);
  }
}

void ReferenceWalk::leaves(const float* row, uint32_t* leaves) const noexcept {
  name_leaves(ensemble_, row, leaves);
}
void ReferenceWalk::leaves(const double* row, uint32_t* leaves) const noexcept {
  name_leaves(ensemble_, row, leaves);
}

}  // namespace ringmaker::model
