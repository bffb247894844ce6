#include "model/tree/validate_trees.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <string>

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

/// What is wrong with what node `n` asks.
Result<void> refused_question(const TreesView& ensemble, size_t n) {
  const TreeNode node = ensemble.nodes[n];
  const auto holds = [&](const Tree& tree) {
    return n >= tree.node_begin && n - tree.node_begin < tree.node_count;
  };
  const auto tree = std::ranges::find_if(ensemble.trees, holds);
  const std::string where =
      tree == ensemble.trees.end()
          ? fmt::format("node {}, which is of no tree", n)
          : fmt::format("tree {}, node {}", tree - ensemble.trees.begin(), n - tree->node_begin);
  if (node.feature >= ensemble.features) {
    return refused("{}: it asks for feature {}, the model has {}", where, node.feature,
                   ensemble.features);
  }
  return node.decision == Decision::kCategories
             ? refused("{}: its categories lie outside the model's", where)
             : refused("{}: its threshold is NaN", where);
}

bool asks_well(const TreesView& ensemble, const TreeNode& node) {
  const bool categories = node.decision == Decision::kCategories;
  const bool known = categories ? node.category_begin <= node.category_end &&
                                      node.category_end <= ensemble.category_words.size()
                                : !std::isnan(node.threshold);
  return known && node.feature < ensemble.features;
}

/// Looks at the trees of one ensemble, with memory that all of them share.
class TreeCheck {
 public:
  explicit TreeCheck(const TreesView& ensemble) : ensemble_(ensemble) {}

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
    RM_TRY(check_questions(tree.node_begin + size_t{tree.node_count}));
    return goes_forward(tree) ? Result<void>() : walk(index, tree);
  }

  /// Of nodes in front of `end` that nobody has asked about yet, whichever tree they are of, if
  /// any: whoever prepares for what nodes ask need not know which of them are reached.
  Result<void> check_questions(size_t end) {
    for (; asked_ < end; ++asked_) {
      if (!asks_well(ensemble_, ensemble_.nodes[asked_])) {
        return refused_question(ensemble_, asked_);
      }
    }
    return {};
  }

 private:
  /// Whether all children stand behind their parents and have but one, so that no walk can go
  /// round. Most trees are like this, and seen to be without a branch for a child.
  bool goes_forward(const Tree& tree) {
    const NodesView& nodes = ensemble_.nodes;
    const size_t first = tree.node_begin;
    const uint32_t count = tree.node_count;
    const int64_t leaf_count = tree.leaf_count;
    children_.assign(count + size_t{1}, 0);  // behind the nodes one for all leaves
    uint8_t* children = children_.data();
    size_t named = 0;
    bool right = true;
    for (uint32_t id = 0; id < count; ++id) {
      for (const int32_t child : {nodes.left(first + id), nodes.right(first + id)}) {
        const auto number = static_cast<uint32_t>(child);  // above all ids where it is a leaf
        right &= number > id;
        right &= int64_t{child} < int64_t{count};  // as are all leaves
        right &= int64_t{~child} < leaf_count;     // as are all nodes
        children[std::min(number, count)] = 1;
        named += child >= 0 ? 1 : 0;
      }
    }
    const auto nodes_end = children_.begin() + static_cast<std::ptrdiff_t>(count);
    return right && static_cast<size_t>(std::count(children_.begin(), nodes_end, 1)) == named;
  }

  /// The same for nodes in any order, of which some may be reached by nothing; says what is wrong.
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
      const size_t n = size_t{tree.node_begin} + id;
      for (const int32_t child : {ensemble_.nodes.left(n), ensemble_.nodes.right(n)}) {
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

  const TreesView& ensemble_;
  size_t asked_ = 0;               // nodes whose questions have been looked at
  std::vector<uint8_t> children_;  // whether a node is one
  std::vector<bool> reached_;
  std::vector<uint32_t> pending_;
};

Result<void> check_rounds(const TreesView& ensemble) {
  const auto& begins = ensemble.round_begins;
  if (begins.empty() || begins.front() != 0 || begins.back() != ensemble.trees.size() ||
      !std::is_sorted(begins.begin(), begins.end())) {
    return refused("the rounds of training do not cut the {} trees in order",
                   ensemble.trees.size());
  }
  return {};
}

Result<void> check_shape(const TreesView& ensemble) {
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
  // Trees of one leaf each have no nodes: then the leaves alone tell whether covers are known.
  const bool covered = !ensemble.leaf_covers.empty();
  if (ensemble.node_covers.size() != (covered ? ensemble.nodes.size() : 0) ||
      (covered && ensemble.leaf_covers.size() != leaves)) {
    return refused("the model has {} covers for {} nodes and {} for {} leaves",
                   ensemble.node_covers.size(), ensemble.nodes.size(), ensemble.leaf_covers.size(),
                   leaves);
  }
  return {};
}

Result<void> check_linear_leaves(const TreesView& ensemble) {
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

Result<void> check_values(std::string_view what, const auto& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) {
      return refused("the model's {} {} is NaN", what, i);
    }
  }
  return {};
}

}  // namespace

Result<void> validate_trees(const TreesView& ensemble) {
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
  return check.check_questions(ensemble.nodes.size());
}

}  // namespace ringmaker::model
