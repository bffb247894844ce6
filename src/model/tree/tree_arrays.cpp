#include "model/tree/tree_arrays.h"

#include "base/huge_pages.h"

#include <algorithm>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr size_t kTreeFields = 5;

/// Bits 0-1 decision, 2-3 missing, 4 missing_left, 5 members_left, 6 sign_first.
uint8_t question_of(const TreeNode& node) {
  return static_cast<uint8_t>(static_cast<unsigned>(node.decision) |
                              static_cast<unsigned>(node.missing) << 2U |
                              (node.missing_left ? 16U : 0U) | (node.members_left ? 32U : 0U) |
                              (node.sign_first ? 64U : 0U));
}

bool is_question(uint8_t question) { return question < 128 && ((question >> 2U) & 3U) < 3; }

void ask(uint8_t question, TreeNode& node) {
  node.decision = static_cast<Decision>(question & 3U);
  node.missing = static_cast<Missing>((question >> 2U) & 3U);
  node.missing_left = (question & 16U) != 0;
  node.members_left = (question & 32U) != 0;
  node.sign_first = (question & 64U) != 0;
}

template <class To, class From>
std::vector<To> converted(std::span<const From> values) {
  std::vector<To> result;
  base::reserve_huge(result, values.size());
  for (const From value : values) {
    result.push_back(static_cast<To>(value));
  }
  return result;
}

template <class T>
std::vector<T> listed(std::span<const T> values) {
  std::vector<T> result;
  base::reserve_huge(result, values.size());
  result.assign(values.begin(), values.end());
  return result;
}

std::vector<Tree> trees_of(std::span<const uint32_t> fields) {
  std::vector<Tree> trees(fields.size() / kTreeFields);
  for (size_t t = 0; t < trees.size(); ++t) {
    const uint32_t* field = fields.data() + t * kTreeFields;
    trees[t] = {.node_begin = field[0],
                .node_count = field[1],
                .leaf_begin = field[2],
                .leaf_count = field[3],
                .output = field[4]};
  }
  return trees;
}

/// Requires that the lists are as long as they should be.
template <class Threshold>
std::vector<TreeNode> nodes_of(const TreeArrayViews& arrays,
                               std::span<const Threshold> thresholds) {
  std::vector<TreeNode> nodes;
  base::reserve_huge(nodes, arrays.features.size());
  const bool categories = !arrays.categories.empty();
  for (size_t n = 0; n < arrays.features.size(); ++n) {
    // In its place: small parts that are read back together stall the processor.
    TreeNode& node = nodes.emplace_back();
    node.left = arrays.children[2 * n];
    node.right = arrays.children[2 * n + 1];
    node.feature = arrays.features[n];
    node.threshold = static_cast<double>(thresholds[n]);
    ask(arrays.questions[n], node);
    if (categories) {
      node.category_begin = arrays.categories[2 * n];
      node.category_end = arrays.categories[2 * n + 1];
    }
  }
  return nodes;
}

}  // namespace

TreeArrays arrays_of(const TreeEnsemble& ensemble) {
  TreeArrays arrays;
  for (const Tree& tree : ensemble.trees) {
    arrays.trees.insert(arrays.trees.end(), {tree.node_begin, tree.node_count, tree.leaf_begin,
                                             tree.leaf_count, tree.output});
  }
  const bool single = ensemble.precision == Precision::kFloat32;
  for (const TreeNode& node : ensemble.nodes) {
    arrays.children.insert(arrays.children.end(), {node.left, node.right});
    arrays.features.push_back(node.feature);
    arrays.questions.push_back(question_of(node));
    if (single) {
      arrays.thresholds_f32.push_back(static_cast<float>(node.threshold));
    } else {
      arrays.thresholds_f64.push_back(node.threshold);
    }
    if (!ensemble.category_words.empty()) {
      arrays.categories.insert(arrays.categories.end(), {node.category_begin, node.category_end});
    }
  }
  arrays.rounds = ensemble.round_begins;
  arrays.category_words = ensemble.category_words;
  if (single) {
    arrays.leaves_f32 = converted<float>(std::span<const double>(ensemble.leaf_values));
  } else {
    arrays.leaves_f64 = ensemble.leaf_values;
  }
  arrays.linear_constants = ensemble.linear_leaves.constants;
  arrays.linear_begins = ensemble.linear_leaves.term_begins;
  arrays.linear_features = ensemble.linear_leaves.features;
  arrays.linear_coefficients = ensemble.linear_leaves.coefficients;
  arrays.leaf_ids = ensemble.leaf_ids;
  arrays.base_values = ensemble.base_values;
  arrays.node_covers = ensemble.node_covers;
  arrays.leaf_covers = ensemble.leaf_covers;
  return arrays;
}

TreeArrayViews views_of(const TreeArrays& arrays) {
  return {.trees = arrays.trees,
          .rounds = arrays.rounds,
          .children = arrays.children,
          .features = arrays.features,
          .questions = arrays.questions,
          .thresholds_f32 = arrays.thresholds_f32,
          .thresholds_f64 = arrays.thresholds_f64,
          .categories = arrays.categories,
          .category_words = arrays.category_words,
          .leaves_f32 = arrays.leaves_f32,
          .leaves_f64 = arrays.leaves_f64,
          .linear_constants = arrays.linear_constants,
          .linear_begins = arrays.linear_begins,
          .linear_features = arrays.linear_features,
          .linear_coefficients = arrays.linear_coefficients,
          .leaf_ids = arrays.leaf_ids,
          .base_values = arrays.base_values,
          .node_covers = arrays.node_covers,
          .leaf_covers = arrays.leaf_covers};
}

Result<TreeEnsemble> ensemble_of(TreeEnsemble shape, const TreeArrayViews& arrays) {
  const size_t nodes = arrays.features.size();
  const bool single = shape.precision == Precision::kFloat32;
  const size_t thresholds = single ? arrays.thresholds_f32.size() : arrays.thresholds_f64.size();
  if (arrays.trees.size() % kTreeFields != 0 || arrays.children.size() != 2 * nodes ||
      arrays.questions.size() != nodes || thresholds != nodes ||
      (!arrays.categories.empty() && arrays.categories.size() != 2 * nodes)) {
    return fail(ErrorCode::kCorrupt, "the model file's lists of nodes differ in length");
  }
  if (!std::all_of(arrays.questions.begin(), arrays.questions.end(), is_question)) {
    return fail(ErrorCode::kCorrupt, "the model file's nodes ask a question unknown to this build");
  }
  TreeEnsemble ensemble = std::move(shape);
  ensemble.trees = trees_of(arrays.trees);
  ensemble.nodes =
      single ? nodes_of(arrays, arrays.thresholds_f32) : nodes_of(arrays, arrays.thresholds_f64);
  ensemble.round_begins = listed(arrays.rounds);
  ensemble.category_words = listed(arrays.category_words);
  ensemble.leaf_values = single ? converted<double>(arrays.leaves_f32) : listed(arrays.leaves_f64);
  ensemble.linear_leaves = {.constants = listed(arrays.linear_constants),
                            .term_begins = listed(arrays.linear_begins),
                            .features = listed(arrays.linear_features),
                            .coefficients = listed(arrays.linear_coefficients)};
  ensemble.leaf_ids = listed(arrays.leaf_ids);
  ensemble.base_values = listed(arrays.base_values);
  ensemble.node_covers = listed(arrays.node_covers);
  ensemble.leaf_covers = listed(arrays.leaf_covers);
  return ensemble;
}

}  // namespace ringmaker::model
