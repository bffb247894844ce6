// A tree whose nodes and leaves share one numbering, as XGBoost and ONNX want it.
#pragma once

#include "model/tree/tree_ensemble.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace ringmaker::bench {

/// One entry a node, level by level; a right child follows its left one, which XGBoost takes for
/// granted. A leaf has no children (-1), and its value for a condition.
struct NumberedTree {
  std::vector<int32_t> left;
  std::vector<int32_t> right;
  std::vector<int32_t> parents;  // the largest number for the root
  std::vector<int32_t> features;
  std::vector<float> conditions;
  std::vector<uint8_t> missing_left;
};

[[nodiscard]] inline NumberedTree numbered_tree(const model::TreeEnsemble& ensemble, size_t t) {
  const model::Tree& tree = ensemble.trees[t];
  NumberedTree numbered;
  std::vector<int32_t> ids{tree.node_count == 0 ? -1 : 0};
  numbered.parents.push_back(std::numeric_limits<int32_t>::max());
  for (size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0) {
      numbered.left.push_back(-1);
      numbered.right.push_back(-1);
      numbered.features.push_back(0);
      numbered.missing_left.push_back(0);
      numbered.conditions.push_back(static_cast<float>(
          ensemble.leaf_values[tree.leaf_begin + static_cast<uint32_t>(~ids[i])]));
      continue;
    }
    const model::TreeNode& node = ensemble.nodes[tree.node_begin + static_cast<uint32_t>(ids[i])];
    const auto first_child = static_cast<int32_t>(ids.size());
    numbered.left.push_back(first_child);
    numbered.right.push_back(first_child + 1);
    numbered.parents.insert(numbered.parents.end(), 2, static_cast<int32_t>(i));
    numbered.features.push_back(static_cast<int32_t>(node.feature));
    numbered.missing_left.push_back(node.missing_left ? 1 : 0);
    numbered.conditions.push_back(static_cast<float>(node.threshold));
    ids.push_back(node.left);
    ids.push_back(node.right);
  }
  return numbered;
}

}  // namespace ringmaker::bench
