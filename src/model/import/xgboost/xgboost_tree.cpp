#include "model/import/xgboost/xgboost_tree.h"

#include "base/huge_pages.h"
#include "model/import/room_for_trees.h"
#include "model/tree/validate_trees.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr int32_t kUnreached = std::numeric_limits<int32_t>::max();
constexpr int32_t kReached = 0;
/// XGBoost takes larger codes for unknown ones: a float32 counts no further.
constexpr int32_t kCategoriesMax = 16777216;
/// All categories of a model together, in words of 32: 256 MiB.
constexpr size_t kCategoryWordsMax = size_t{1} << 26;
/// Of a node and a leaf, in UBJSON; in other formats they take more.
constexpr size_t kBytesOfBoth = 64;
constexpr size_t kTreesMax = size_t{1} << 24;

template <class... Values>
auto refused(size_t tree, fmt::format_string<Values...> format, Values&&... values) {
  return fail(
      ErrorCode::kInvalidInput,
      fmt::format("trees[{}].{}", tree, fmt::format(format, std::forward<Values>(values)...)));
}

}  // namespace

void XgboostTree::clear() noexcept {
  for (auto* list : {&left_children, &right_children, &split_indices, &default_left, &split_type,
                     &categories, &categories_nodes, &categories_segments, &categories_sizes}) {
    list->clear();
  }
  for (auto* list :
       {&split_conditions, &sum_hessian, &loss_changes, &base_weights, &leaf_weights}) {
    list->clear();
  }
  leaf_width = 1;
  nodes_told.reset();
}

Result<void> XgboostTreeTranslator::append(const XgboostTree& tree) {
  TreeEnsemble& ensemble = file_.ensemble;
  RM_TRY(check_lengths(tree));
  RM_TRY(number_nodes(tree));
  RM_TRY(find_categories(tree));
  if (tree_number_ == 0) {
    reserve_for_document(ensemble, bytes_, kBytesOfBoth);
  }
  const size_t leaves = ensemble.leaf_values.size() / ensemble.leaf_width;
  constexpr size_t kMost = std::numeric_limits<int32_t>::max();
  if (ensemble.nodes.size() + inner_.size() > kMost || leaves + leaves_.size() > kMost ||
      tree_number_ >= kTreesMax) {
    return refused(tree_number_, "left_children: the model has too many nodes or trees");
  }
  ensemble.trees.push_back({.node_begin = static_cast<uint32_t>(ensemble.nodes.size()),
                            .node_count = static_cast<uint32_t>(inner_.size()),
                            .leaf_begin = static_cast<uint32_t>(leaves),
                            .leaf_count = static_cast<uint32_t>(leaves_.size())});
  file_.covers_known = file_.covers_known && !tree.sum_hessian.empty();
  base::make_room(ensemble.nodes, inner_.size());
  base::make_room(ensemble.node_covers, inner_.size());
  base::make_room(ensemble.leaf_values, leaves_.size() * ensemble.leaf_width);
  base::make_room(ensemble.leaf_ids, leaves_.size());
  base::make_room(ensemble.leaf_covers, leaves_.size());
  for (const uint32_t id : inner_) {
    RM_TRY(append_node(tree, id));
  }
  for (const uint32_t id : leaves_) {
    RM_TRY(append_leaf(tree, id));
  }
  ++tree_number_;
  return {};
}

Result<void> XgboostTreeTranslator::check_lengths(const XgboostTree& tree) {
  const size_t nodes = tree.left_children.size();
  if (nodes == 0) {
    return refused(tree_number_, "left_children is missing or empty");
  }
  if (tree.nodes_told && *tree.nodes_told != nodes) {
    return refused(tree_number_, "left_children has {} entries, tree_param.num_nodes says {}",
                   nodes, *tree.nodes_told);
  }
  const auto expect = [&](std::string_view field, size_t found, size_t expected, bool optional) {
    return found == expected || (optional && found == 0)
               ? Result<void>()
               : Result<void>(refused(tree_number_, "{} has {} entries, expected {}", field, found,
                                      expected));
  };
  RM_TRY(expect("right_children", tree.right_children.size(), nodes, false));
  RM_TRY(expect("split_indices", tree.split_indices.size(), nodes, false));
  RM_TRY(expect("split_conditions", tree.split_conditions.size(), nodes, false));
  RM_TRY(expect("default_left", tree.default_left.size(), nodes, false));
  RM_TRY(expect("split_type", tree.split_type.size(), nodes, true));
  RM_TRY(expect("sum_hessian", tree.sum_hessian.size(), nodes, true));
  RM_TRY(expect("loss_changes", tree.loss_changes.size(), nodes, true));
  const size_t sets = tree.categories_nodes.size();
  RM_TRY(expect("categories_segments", tree.categories_segments.size(), sets, false));
  RM_TRY(expect("categories_sizes", tree.categories_sizes.size(), sets, false));
  TreeEnsemble& ensemble = file_.ensemble;
  if (tree_number_ == 0) {
    ensemble.leaf_width = tree.leaf_width;
  }
  if (tree.leaf_width == 0 || tree.leaf_width > kTreeOutputsMax ||
      tree.leaf_width != ensemble.leaf_width) {
    return refused(tree_number_, "tree_param.size_leaf_vector is {}, expected {}", tree.leaf_width,
                   std::min<uint64_t>(ensemble.leaf_width, kTreeOutputsMax));
  }
  return {};
}

/// Whether all nodes are reached and children stand behind their parents, as in nearly all files.
/// That is seen without a branch for a node, which would be guessed wrong half of the time.
bool XgboostTreeTranslator::goes_forward(const XgboostTree& tree) {
  const size_t nodes = tree.left_children.size();
  numbers_.assign(nodes + 1, kUnreached);  // behind the nodes one for what leaves call children
  numbers_[0] = kReached;
  uint32_t wrong = 0;
  size_t reached = 1;
  for (size_t id = 0; id < nodes; ++id) {
    const bool inner = tree.left_children[id] != -1;
    for (const auto* children : {&tree.left_children, &tree.right_children}) {
      const auto child = static_cast<uint32_t>((*children)[id]);
      const bool behind = child > id && child < nodes;
      int32_t& number = numbers_[inner && behind ? child : nodes];
      wrong |= static_cast<uint32_t>(inner && (!behind || number == kReached));
      reached += inner ? 1 : 0;
      number = inner ? kReached : kUnreached;
    }
  }
  numbers_.pop_back();
  return wrong == 0 && reached == nodes;
}

/// The same from the root on, for any order; says what is wrong.
Result<void> XgboostTreeTranslator::reach_nodes(const XgboostTree& tree) {
  const size_t nodes = tree.left_children.size();
  numbers_.assign(nodes, kUnreached);
  numbers_[0] = kReached;
  pending_.assign(1, 0);
  while (!pending_.empty()) {
    const auto id = static_cast<size_t>(pending_.back());
    pending_.pop_back();
    if (tree.left_children[id] == -1) {
      continue;
    }
    for (const auto* field : {&tree.left_children, &tree.right_children}) {
      const std::string_view name =
          field == &tree.left_children ? "left_children" : "right_children";
      const int32_t child = (*field)[id];
      if (child < 0 || static_cast<size_t>(child) >= nodes) {
        return refused(tree_number_, "{}[{}] is {}, the tree has {} nodes", name, id, child, nodes);
      }
      if (numbers_[static_cast<size_t>(child)] != kUnreached) {
        return refused(tree_number_, "{}[{}] is {}, a node that is reached a second time", name, id,
                       child);
      }
      numbers_[static_cast<size_t>(child)] = kReached;
      pending_.push_back(child);
    }
  }
  return {};
}

Result<void> XgboostTreeTranslator::number_nodes(const XgboostTree& tree) {
  if (!goes_forward(tree)) {
    RM_TRY(reach_nodes(tree));
  }
  const size_t nodes = numbers_.size();
  inner_.resize(nodes + 1);
  leaves_.resize(nodes + 1);
  size_t inner = 0;
  size_t leaves = 0;
  for (size_t id = 0; id < nodes; ++id) {
    const bool reached = numbers_[id] != kUnreached;
    const bool leaf = tree.left_children[id] == -1;
    const int32_t number = leaf ? ~static_cast<int32_t>(leaves) : static_cast<int32_t>(inner);
    numbers_[id] = reached ? number : kUnreached;
    inner_[inner] = static_cast<uint32_t>(id);
    leaves_[leaves] = static_cast<uint32_t>(id);
    inner += reached && !leaf ? 1 : 0;
    leaves += reached && leaf ? 1 : 0;
  }
  inner_.resize(inner);
  leaves_.resize(leaves);
  return {};
}

Result<void> XgboostTreeTranslator::find_categories(const XgboostTree& tree) {
  if (tree.categories_nodes.empty()) {
    categories_.clear();
    return {};
  }
  categories_.assign(numbers_.size(), -1);
  for (size_t i = 0; i < tree.categories_nodes.size(); ++i) {
    const int32_t id = tree.categories_nodes[i];
    if (id < 0 || static_cast<size_t>(id) >= numbers_.size()) {
      return refused(tree_number_, "categories_nodes[{}] is {}, the tree has {} nodes", i, id,
                     numbers_.size());
    }
    categories_[static_cast<size_t>(id)] = static_cast<int32_t>(i);
  }
  return {};
}

Result<void> XgboostTreeTranslator::append_node(const XgboostTree& tree, size_t id) {
  // In its place: small parts that are read back together stall the processor.
  TreeNode& node = file_.ensemble.nodes.emplace_back();
  node.left = numbers_[static_cast<size_t>(tree.left_children[id])];
  node.right = numbers_[static_cast<size_t>(tree.right_children[id])];
  node.missing_left = tree.default_left[id] != 0;
  const int32_t feature = tree.split_indices[id];
  if (feature < 0) {
    return refused(tree_number_, "split_indices[{}] is {}", id, feature);
  }
  node.feature = static_cast<uint32_t>(feature);
  if (!tree.split_type.empty() && tree.split_type[id] == 1) {
    RM_TRY(append_categories(tree, id, node));
  } else if (!tree.split_type.empty() && tree.split_type[id] != 0) {
    return refused(tree_number_, "split_type[{}] is {}, 0 and 1 are known", id,
                   tree.split_type[id]);
  } else if (std::isnan(tree.split_conditions[id])) {
    return refused(tree_number_, "split_conditions[{}] is NaN, expected a threshold", id);
  } else {
    node.threshold = static_cast<double>(tree.split_conditions[id]);
  }
  if (!tree.sum_hessian.empty()) {
    file_.ensemble.node_covers.push_back(tree.sum_hessian[id]);
  }
  if (!tree.loss_changes.empty() && node.feature < kTreeFeaturesMax) {
    file_.gains.resize(std::max<size_t>(file_.gains.size(), node.feature + size_t{1}));
    file_.gains[node.feature] += static_cast<double>(tree.loss_changes[id]);
  }
  return {};
}

/// Listed codes go right, all others left; the sign is asked before a value is truncated.
Result<void> XgboostTreeTranslator::append_categories(const XgboostTree& tree, size_t id,
                                                      TreeNode& node) {
  if (categories_.empty() || categories_[id] < 0) {
    return refused(tree_number_, "categories_nodes lacks node {}, which splits by categories", id);
  }
  const auto set = static_cast<size_t>(categories_[id]);
  const int64_t begin = tree.categories_segments[set];
  const int64_t count = tree.categories_sizes[set];
  if (begin < 0 || count < 0 || begin + count > static_cast<int64_t>(tree.categories.size())) {
    return refused(tree_number_,
                   "categories_segments[{}] is {} and its size {}, beyond the {} of "
                   "categories",
                   set, begin, count, tree.categories.size());
  }
  if (count == 0) {
    return refused(tree_number_, "categories_sizes[{}] is 0: node {} splits by no category", set,
                   id);
  }
  node.decision = Decision::kCategories;
  node.sign_first = true;
  std::vector<uint32_t>& words = file_.ensemble.category_words;
  const size_t first_word = words.size();
  for (int64_t i = begin; i < begin + count; ++i) {
    const int32_t code = tree.categories[static_cast<size_t>(i)];
    if (code < 0 || code >= kCategoriesMax) {
      return refused(tree_number_, "categories[{}] is {}, expected a code below {}", i, code,
                     kCategoriesMax);
    }
    const size_t word = first_word + static_cast<size_t>(code) / 32;
    if (word >= kCategoryWordsMax) {
      return refused(tree_number_, "categories[{}] is {}: the model has too many categories", i,
                     code);
    }
    words.resize(std::max(words.size(), word + 1));
    words[word] |= 1U << (static_cast<uint32_t>(code) % 32);
  }
  node.category_begin = static_cast<uint32_t>(first_word);
  node.category_end = static_cast<uint32_t>(words.size());
  return {};
}

Result<void> XgboostTreeTranslator::append_leaf(const XgboostTree& tree, size_t id) {
  TreeEnsemble& ensemble = file_.ensemble;
  const auto width = static_cast<size_t>(tree.leaf_width);
  const std::vector<float>* values = &tree.split_conditions;
  std::string_view field = "split_conditions";
  size_t first = id;
  if (width > 1 && tree.leaf_weights.empty()) {
    values = &tree.base_weights;
    field = "base_weights";
    first = id * width;
  } else if (width > 1) {
    // Since 3.2 a leaf keeps its number where others have their right child.
    values = &tree.leaf_weights;
    field = "leaf_weights";
    const int32_t leaf = tree.right_children[id];
    if (leaf < 0) {
      return refused(tree_number_, "right_children[{}] is {}, expected a leaf's number", id, leaf);
    }
    first = static_cast<size_t>(leaf) * width;
  }
  if (first + width > values->size()) {
    return refused(tree_number_, "{} has {} entries, and none for leaf {}", field, values->size(),
                   id);
  }
  for (size_t k = 0; k < width; ++k) {
    const float value = (*values)[first + k];
    if (std::isnan(value)) {
      return refused(tree_number_, "{}[{}] is NaN, expected the value of a leaf", field, first + k);
    }
    ensemble.leaf_values.push_back(static_cast<double>(value));
  }
  ensemble.leaf_ids.push_back(static_cast<uint32_t>(id));
  if (!tree.sum_hessian.empty()) {
    ensemble.leaf_covers.push_back(tree.sum_hessian[id]);
  }
  return {};
}

}  // namespace ringmaker::model
