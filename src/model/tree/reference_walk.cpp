#include "model/tree/reference_walk.h"

#include "base/check.h"
#include "model/tree/split.h"

namespace ringmaker::model {
namespace {

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
    at = goes_left(node, ensemble.category_words, row[node.feature]) ? node.left : node.right;
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
