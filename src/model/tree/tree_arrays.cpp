#include "model/tree/tree_arrays.h"

#include "base/huge_pages.h"

#include <algorithm>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr size_t kTreeFields = 5;

bool is_question(uint8_t question) { return question < 128 && ((question >> 2U) & 3U) < 3; }

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

std::vector<TreeNode> nodes_of(const TreeArrayViews& arrays) {
  std::vector<TreeNode> nodes;
  base::reserve_huge(nodes, arrays.features.size());
  for (size_t n = 0; n < arrays.features.size(); ++n) {
    nodes.push_back(node_of(arrays, n));
  }
  return nodes;
}

}  // namespace

TreeArrays arrays_of(const TreeEnsemble& ensemble) {
  if (ensemble.filed) {
    return arrays_of(unfiled(ensemble));
  }
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

Result<TreeEnsemble> ensemble_of(TreeEnsemble shape, const TreeArrayViews& arrays,
                                 std::shared_ptr<const void> file) {
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
  // Of numbers in both widths the file may have lists, of which one counts.
  TreeArrayViews counted = arrays;
  if (single) {
    counted.thresholds_f64 = {};
    counted.leaves_f64 = {};
  } else {
    counted.thresholds_f32 = {};
    counted.leaves_f32 = {};
  }
  TreeEnsemble ensemble = std::move(shape);
  ensemble.trees = trees_of(arrays.trees);
  ensemble.round_begins = listed(arrays.rounds);
  ensemble.category_words = listed(arrays.category_words);
  ensemble.linear_leaves = {.constants = listed(arrays.linear_constants),
                            .term_begins = listed(arrays.linear_begins),
                            .features = listed(arrays.linear_features),
                            .coefficients = listed(arrays.linear_coefficients)};
  ensemble.base_values = listed(arrays.base_values);
  const bool lists = file == nullptr;
  ensemble.filed = std::make_shared<const FiledTrees>(FiledTrees{counted, std::move(file)});
  return lists ? unfiled(std::move(ensemble)) : std::move(ensemble);
}

TreeEnsemble unfiled(TreeEnsemble ensemble) {
  if (const std::shared_ptr<const FiledTrees> filed = std::move(ensemble.filed)) {
    const TreeArrayViews& arrays = filed->arrays;
    ensemble.nodes = nodes_of(arrays);
    ensemble.leaf_values = arrays.leaves_f64.empty() ? converted<double>(arrays.leaves_f32)
                                                     : listed(arrays.leaves_f64);
    ensemble.leaf_ids = listed(arrays.leaf_ids);
    ensemble.node_covers = listed(arrays.node_covers);
    ensemble.leaf_covers = listed(arrays.leaf_covers);
    ensemble.filed = nullptr;
  }
  return ensemble;
}

}  // namespace ringmaker::model
