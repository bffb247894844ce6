#include "model/tree/validate_trees.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

bool is_slice(uint64_t begin, uint64_t count, size_t size) { return begin + count <= size; }

template <class... Values>
auto refused(fmt::format_string<Values...> format, Values&&... values) {
  return fail(ErrorCode::kInvalidInput, fmt::format(format, std::forward<Values>(values)...));
}

/// Looks at the trees of one ensemble, with memory that all of them share.
class TreeCheck {
 public:
  explicit TreeCheck(const TreeEnsemble& ensemble) : ensemble_(ensemble) {}

  Result<void> check(size_t index) {
    const Tree& tree = ensemble_.trees[index];
    const size_t leaves = ensemble_.leaf_values.size() / ensemble_.leaf_width;
    if (!is_slice(tree.node_begin, tree.node_count, ensemble_.nodes.size()) ||
        !is_slice(tree.leaf_begin, tree.leaf_count, leaves)) {
      return refused("tree {} lies outside the model's nodes or leaves", index);
    }
    if (tree.leaf_count == 0) {
      return refused("tree {} has no leaf", index);
    }
    if (tree.output >= ensemble_.outputs || (ensemble_.leaf_width > 1 && tree.output != 0)) {
      return refused("tree {} adds to output {}, the model has {}", index, tree.output,
                     ensemble_.outputs);
    }
    return walk(index, tree);
  }

 private:
  Result<void> walk(size_t index, const Tree& tree) {
    reached_.assign(tree.node_count, false);
    pending_.clear();
    if (tree.node_count > 0) {
      reached_[0] = true;
      pending_.push_back(0);
    }
    while (!pending_.empty()) {
      const uint32_t id = pending_.back();
      pending_.pop_back();
      const TreeNode& node = ensemble_.nodes[tree.node_begin + id];
      RM_TRY(check_node(index, id, node));
      for (const int32_t child : {node.left, node.right}) {
        if (child < 0 ? static_cast<uint32_t>(~child) >= tree.leaf_count
                      : static_cast<uint32_t>(child) >= tree.node_count) {
          return refused("tree {}, node {}: its child {} is no node or leaf of the tree", index, id,
                         child);
        }
        if (child < 0) {
          continue;
        }
        if (reached_[static_cast<size_t>(child)]) {
          return refused("tree {}, node {}: its child {} is reached a second time", index, id,
                         child);
        }
        reached_[static_cast<size_t>(child)] = true;
        pending_.push_back(static_cast<uint32_t>(child));
      }
    }
    return {};
  }

  Result<void> check_node(size_t index, uint32_t id, const TreeNode& node) const {
    if (node.feature >= ensemble_.features) {
      return refused("tree {}, node {}: it asks for feature {}, the model has {}", index, id,
                     node.feature, ensemble_.features);
    }
    if (node.decision != Decision::kCategories) {
      return std::isnan(node.threshold)
                 ? Result<void>(refused("tree {}, node {}: its threshold is NaN", index, id))
                 : Result<void>();
    }
    if (node.category_begin > node.category_end ||
        node.category_end > ensemble_.category_words.size()) {
      return refused("tree {}, node {}: its categories lie outside the model's", index, id);
    }
    return {};
  }

  const TreeEnsemble& ensemble_;
  std::vector<bool> reached_;
  std::vector<uint32_t> pending_;
};

Result<void> check_rounds(const TreeEnsemble& ensemble) {
  const auto& begins = ensemble.round_begins;
  if (begins.empty() || begins.front() != 0 || begins.back() != ensemble.trees.size() ||
      !std::is_sorted(begins.begin(), begins.end())) {
    return refused("the rounds of training do not cut the {} trees in order",
                   ensemble.trees.size());
  }
  return {};
}

Result<void> check_shape(const TreeEnsemble& ensemble) {
  if (ensemble.features == 0 || ensemble.features > kTreeFeaturesMax) {
    return refused("the model has {} features, from 1 to {} are read", ensemble.features,
                   kTreeFeaturesMax);
  }
  if (ensemble.outputs == 0 || ensemble.outputs > kTreeOutputsMax) {
    return refused("the model has {} outputs, from 1 to {} are read", ensemble.outputs,
                   kTreeOutputsMax);
  }
  if (ensemble.leaf_width != 1 && ensemble.leaf_width != ensemble.outputs) {
    return refused("the model's leaves hold {} values, expected 1 or {}", ensemble.leaf_width,
                   ensemble.outputs);
  }
  if (ensemble.base_values.size() != ensemble.outputs) {
    return refused("the model has {} base values, expected {}", ensemble.base_values.size(),
                   ensemble.outputs);
  }
  const size_t leaves = ensemble.leaf_values.size() / ensemble.leaf_width;
  if (ensemble.leaf_values.size() % ensemble.leaf_width != 0 ||
      (!ensemble.leaf_ids.empty() && ensemble.leaf_ids.size() != leaves)) {
    return refused("the model has {} leaf ids for {} leaf values", ensemble.leaf_ids.size(),
                   ensemble.leaf_values.size());
  }
  if (ensemble.node_covers.empty() != ensemble.leaf_covers.empty() ||
      (!ensemble.leaf_covers.empty() && (ensemble.node_covers.size() != ensemble.nodes.size() ||
                                         ensemble.leaf_covers.size() != leaves))) {
    return refused("the model has {} covers for {} nodes and {} for {} leaves",
                   ensemble.node_covers.size(), ensemble.nodes.size(), ensemble.leaf_covers.size(),
                   leaves);
  }
  return {};
}

Result<void> check_linear_leaves(const TreeEnsemble& ensemble) {
  const LinearLeaves& linear = ensemble.linear_leaves;
  if (linear.empty() && linear.term_begins.empty() && linear.features.empty() &&
      linear.coefficients.empty()) {
    return {};
  }
  const size_t leaves = ensemble.leaf_values.size();
  const auto& begins = linear.term_begins;
  const size_t terms = linear.features.size();
  if (ensemble.leaf_width != 1 || linear.constants.size() != leaves ||
      begins.size() != leaves + 1 || linear.coefficients.size() != terms || begins.front() != 0 ||
      begins.back() != terms || !std::is_sorted(begins.begin(), begins.end())) {
    return refused("the model's linear leaves do not fit its {} leaves", leaves);
  }
  for (const uint32_t feature : linear.features) {
    if (feature >= ensemble.features) {
      return refused("a linear leaf asks for feature {}, the model has {}", feature,
                     ensemble.features);
    }
  }
  return {};
}

Result<void> check_values(std::string_view what, const std::vector<double>& values) {
  const auto bad =
      std::find_if(values.begin(), values.end(), [](double v) { return std::isnan(v); });
  if (bad != values.end()) {
    return refused("the model's {} {} is NaN", what, bad - values.begin());
  }
  return {};
}

}  // namespace

Result<void> validate_trees(const TreeEnsemble& ensemble) {
  RM_TRY(check_shape(ensemble));
  RM_TRY(check_values("base value", ensemble.base_values));
  RM_TRY(check_values("leaf value", ensemble.leaf_values));
  RM_TRY(check_linear_leaves(ensemble));
  RM_TRY(check_values("linear leaf's constant", ensemble.linear_leaves.constants));
  RM_TRY(check_values("linear leaf's coefficient", ensemble.linear_leaves.coefficients));
  RM_TRY(check_rounds(ensemble));
  TreeCheck check(ensemble);
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    RM_TRY(check.check(t));
  }
  return {};
}

}  // namespace ringmaker::model
