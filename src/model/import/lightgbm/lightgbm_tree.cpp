#include "model/import/lightgbm/lightgbm_tree.h"

#include "base/huge_pages.h"
#include "model/import/room_for_trees.h"
#include "model/tree/validate_trees.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

/// Nodes, leaves, words and terms of all trees are counted in 32 bits.
constexpr size_t kCountMax = std::numeric_limits<int32_t>::max();
/// Of a node and a leaf, with few digits in their numbers.
constexpr size_t kBytesOfBoth = 60;

template <class... Values>
auto refused(size_t tree, fmt::format_string<Values...> format, Values&&... values) {
  return fail(
      ErrorCode::kInvalidInput,
      fmt::format("Tree={}: {}", tree, fmt::format(format, std::forward<Values>(values)...)));
}

Result<void> check_count(size_t tree, std::string_view field, size_t found, size_t expected) {
  return found == expected ? Result<void>()
                           : Result<void>(refused(tree, "{} has {} entries, expected {}", field,
                                                  found, expected));
}

/// As check_count(), but the list may be absent.
Result<void> check_optional(size_t tree, std::string_view field, size_t found, size_t expected) {
  return found == 0 ? Result<void>() : check_count(tree, field, found, expected);
}

}  // namespace

void LightgbmTree::clear() {
  leaves.reset();
  categorical_splits = 0;
  linear = false;
  for (auto* list : {&split_gain, &threshold, &leaf_value, &leaf_count, &internal_count,
                     &leaf_const, &leaf_coeff}) {
    list->clear();
  }
  for (auto* list : {&split_feature, &decision_type, &left_child, &right_child, &cat_boundaries,
                     &cat_threshold, &num_features, &leaf_features}) {
    list->clear();
  }
}

Result<void> LightgbmTreeTranslator::append(const LightgbmTree& tree) {
  RM_TRY(check_lengths(tree));
  TreeEnsemble& ensemble = file_.ensemble;
  const auto leaves = static_cast<size_t>(*tree.leaves);
  if (ensemble.nodes.size() + leaves > kCountMax ||
      ensemble.leaf_values.size() + leaves > kCountMax) {
    return refused(number_, "num_leaves is {}: the model is too large", leaves);
  }
  ensemble.trees.push_back({.node_begin = static_cast<uint32_t>(ensemble.nodes.size()),
                            .node_count = static_cast<uint32_t>(leaves - 1),
                            .leaf_begin = static_cast<uint32_t>(ensemble.leaf_values.size()),
                            .leaf_count = static_cast<uint32_t>(leaves)});
  if (number_ == 0) {
    reserve_for_document(ensemble, bytes_, kBytesOfBoth);
  }
  base::make_room(ensemble.nodes, leaves);
  base::make_room(ensemble.leaf_values, leaves);
  // A tree of one leaf has no split lines; what some versions write there is not looked at.
  for (size_t id = 0; id + 1 < leaves; ++id) {
    RM_TRY(append_node(tree, id));
  }
  RM_TRY(append_leaves(tree));
  if (leaves == 1) {
    // The library counts no rows of such a tree, and nothing is weighed by them.
    ensemble.leaf_covers.push_back(0);
  } else if (tree.leaf_count.size() != leaves || tree.internal_count.size() != leaves - 1) {
    file_.covers_known = false;
  } else {
    const auto append = [](const std::vector<double>& counts, std::vector<float>& covers) {
      base::make_room(covers, counts.size());
      std::ranges::transform(counts, std::back_inserter(covers),
                             [](double count) { return static_cast<float>(count); });
    };
    append(tree.leaf_count, ensemble.leaf_covers);
    append(tree.internal_count, ensemble.node_covers);
  }
  ++number_;
  return {};
}

Result<void> LightgbmTreeTranslator::check_lengths(const LightgbmTree& tree) const {
  if (!tree.leaves) {
    return refused(number_, "num_leaves is missing");
  }
  if (*tree.leaves < 1) {
    return refused(number_, "num_leaves is {}, expected 1 or more", *tree.leaves);
  }
  const auto leaves = static_cast<size_t>(*tree.leaves);
  RM_TRY(check_count(number_, "leaf_value", tree.leaf_value.size(), leaves));
  if (leaves > 1) {
    const size_t nodes = leaves - 1;
    RM_TRY(check_count(number_, "split_feature", tree.split_feature.size(), nodes));
    RM_TRY(check_count(number_, "threshold", tree.threshold.size(), nodes));
    RM_TRY(check_count(number_, "decision_type", tree.decision_type.size(), nodes));
    RM_TRY(check_count(number_, "left_child", tree.left_child.size(), nodes));
    RM_TRY(check_count(number_, "right_child", tree.right_child.size(), nodes));
    RM_TRY(check_optional(number_, "split_gain", tree.split_gain.size(), nodes));
    RM_TRY(check_optional(number_, "internal_count", tree.internal_count.size(), nodes));
    RM_TRY(check_optional(number_, "leaf_count", tree.leaf_count.size(), leaves));
  }
  if (tree.categorical_splits > 0) {
    RM_TRY(check_count(number_, "cat_boundaries", tree.cat_boundaries.size(),
                       static_cast<size_t>(tree.categorical_splits) + 1));
  }
  if (tree.linear) {
    RM_TRY(check_count(number_, "leaf_const", tree.leaf_const.size(), leaves));
    RM_TRY(check_count(number_, "num_features", tree.num_features.size(), leaves));
    RM_TRY(check_count(number_, "leaf_coeff", tree.leaf_coeff.size(), tree.leaf_features.size()));
  }
  return {};
}

Result<void> LightgbmTreeTranslator::append_node(const LightgbmTree& tree, size_t id) {
  const int64_t leaves = *tree.leaves;
  for (const auto* list : {&tree.left_child, &tree.right_child}) {
    const int64_t child = (*list)[id];
    if (child >= leaves - 1 || child < -leaves) {
      return refused(number_, "{}[{}] is {}, the tree has {} nodes and {} leaves",
                     list == &tree.left_child ? "left_child" : "right_child", id, child, leaves - 1,
                     leaves);
    }
  }
  // In its place: small parts that are read back together stall the processor.
  TreeNode& node = file_.ensemble.nodes.emplace_back();
  node.left = static_cast<int32_t>(tree.left_child[id]);
  node.right = static_cast<int32_t>(tree.right_child[id]);
  node.decision = Decision::kLessEqual;
  const int64_t feature = tree.split_feature[id];
  if (feature < 0 || static_cast<uint64_t>(feature) >= file_.feature_names.size()) {
    return refused(number_, "split_feature[{}] is {}, the model has {} features", id, feature,
                   file_.feature_names.size());
  }
  node.feature = static_cast<uint32_t>(feature);
  // Bit 0: categories; bit 1: missing values go left; bits 2 and 3: what is missing.
  const int64_t type = tree.decision_type[id];
  if (type < 0 || type > 11) {
    return refused(number_, "decision_type[{}] is {}, expected 0 to 11", id, type);
  }
  if ((type & 1) != 0) {
    RM_TRY(append_categories(tree, id, node));
  } else {
    constexpr Missing kMissing[] = {Missing::kNone, Missing::kNanOrZero, Missing::kNan};
    node.missing = kMissing[type >> 2];
    node.missing_left = (type & 2) != 0;
    node.threshold = tree.threshold[id];
    if (std::isnan(node.threshold)) {
      return refused(number_, "threshold[{}] is NaN", id);
    }
  }
  if (!tree.split_gain.empty()) {
    file_.gains.resize(std::max<size_t>(file_.gains.size(), node.feature + size_t{1}));
    file_.gains[node.feature] += tree.split_gain[id];
  }
  return {};
}

/// Listed codes go left; missing values go right, whatever decision_type says of them.
Result<void> LightgbmTreeTranslator::append_categories(const LightgbmTree& tree, size_t id,
                                                       TreeNode& node) {
  const double index = tree.threshold[id];
  if (!(index >= 0) || index >= static_cast<double>(tree.categorical_splits) ||
      index != std::floor(index)) {
    return refused(number_, "threshold[{}] is {}, expected one of {} categorical splits", id, index,
                   tree.categorical_splits);
  }
  const auto split = static_cast<size_t>(index);
  const int64_t begin = tree.cat_boundaries[split];
  const int64_t end = tree.cat_boundaries[split + 1];
  if (begin < 0 || end < begin || static_cast<uint64_t>(end) > tree.cat_threshold.size()) {
    return refused(number_,
                   "cat_boundaries[{}] is {} and the next {}, cat_threshold has {} entries", split,
                   begin, end, tree.cat_threshold.size());
  }
  std::vector<uint32_t>& words = file_.ensemble.category_words;
  node.decision = Decision::kCategories;
  node.members_left = true;
  node.category_begin = static_cast<uint32_t>(words.size());
  for (int64_t i = begin; i < end; ++i) {
    const int64_t word = tree.cat_threshold[static_cast<size_t>(i)];
    if (word < 0 || word > std::numeric_limits<uint32_t>::max()) {
      return refused(number_, "cat_threshold[{}] is {}, expected 32 bits", i, word);
    }
    words.push_back(static_cast<uint32_t>(word));
  }
  if (words.size() > kCountMax) {
    return refused(number_, "cat_threshold: the model has too many categories");
  }
  node.category_end = static_cast<uint32_t>(words.size());
  return {};
}

Result<void> LightgbmTreeTranslator::append_leaves(const LightgbmTree& tree) {
  TreeEnsemble& ensemble = file_.ensemble;
  const auto bad = std::ranges::find_if(tree.leaf_value, [](double v) { return std::isnan(v); });
  if (bad != tree.leaf_value.end()) {
    return refused(number_, "leaf_value[{}] is NaN", bad - tree.leaf_value.begin());
  }
  LinearLeaves& linear = ensemble.linear_leaves;
  if (tree.linear && linear.empty()) {
    // Trees before this one have leaves that are plain values.
    linear.constants = ensemble.leaf_values;
    linear.term_begins.assign(ensemble.leaf_values.size() + 1, 0);
  }
  ensemble.leaf_values.insert(ensemble.leaf_values.end(), tree.leaf_value.begin(),
                              tree.leaf_value.end());
  if (tree.linear) {
    return append_linear_leaves(tree);
  }
  if (!linear.empty()) {
    linear.constants.insert(linear.constants.end(), tree.leaf_value.begin(), tree.leaf_value.end());
    linear.term_begins.resize(linear.constants.size() + 1, linear.term_begins.back());
  }
  return {};
}

Result<void> LightgbmTreeTranslator::append_linear_leaves(const LightgbmTree& tree) {
  LinearLeaves& linear = file_.ensemble.linear_leaves;
  size_t term = 0;
  for (size_t leaf = 0; leaf < tree.leaf_const.size(); ++leaf) {
    const int64_t count = tree.num_features[leaf];
    if (count < 0 || static_cast<uint64_t>(count) > tree.leaf_features.size() - term) {
      return refused(number_, "num_features[{}] is {}, leaf_features has {} entries", leaf, count,
                     tree.leaf_features.size());
    }
    if (std::isnan(tree.leaf_const[leaf])) {
      return refused(number_, "leaf_const[{}] is NaN", leaf);
    }
    for (const size_t end = term + static_cast<size_t>(count); term < end; ++term) {
      const int64_t feature = tree.leaf_features[term];
      if (feature < 0 || static_cast<uint64_t>(feature) >= file_.feature_names.size()) {
        return refused(number_, "leaf_features[{}] is {}, the model has {} features", term, feature,
                       file_.feature_names.size());
      }
      if (std::isnan(tree.leaf_coeff[term])) {
        return refused(number_, "leaf_coeff[{}] is NaN", term);
      }
      linear.features.push_back(static_cast<uint32_t>(feature));
      linear.coefficients.push_back(tree.leaf_coeff[term]);
    }
    if (linear.features.size() > kCountMax) {
      return refused(number_, "leaf_features: the model is too large");
    }
    linear.constants.push_back(tree.leaf_const[leaf]);
    linear.term_begins.push_back(static_cast<uint32_t>(linear.features.size()));
  }
  return term == tree.leaf_features.size()
             ? Result<void>()
             : Result<void>(refused(number_, "leaf_features has {} entries, num_features says {}",
                                    tree.leaf_features.size(), term));
}

}  // namespace ringmaker::model
