#include "model/graph/operators/tree_attributes.h"

#include "base/huge_pages.h"
#include "model/graph/operators/ml_operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <unordered_map>
#include <utility>

namespace ringmaker::model::operators {

using base::Result;

namespace {

constexpr size_t kCountMax = std::numeric_limits<int32_t>::max() / 2;

template <class T>
std::vector<double> doubles_of(const std::vector<T>& numbers) {
  std::vector<double> values;
  base::reserve_huge(values, numbers.size());
  values.assign(numbers.begin(), numbers.end());
  return values;
}

std::vector<double> numbers_of(const GraphTensor& tensor) {
  return tensor.floats.empty() ? doubles_of(tensor.doubles) : doubles_of(tensor.floats);
}

/// Finds nodes by tree and id. Most files number each tree's nodes from 0 on, in order.
class NodeNames {
 public:
  NodeNames(const std::vector<int64_t>& trees, const std::vector<int64_t>& ids)
      : trees_(trees), ids_(ids) {
    for (size_t i = 0; i < trees.size(); ++i) {
      if (i == 0 || trees[i] != trees[i - 1]) {
        first_.try_emplace(trees[i], i);
      }
    }
  }

  [[nodiscard]] std::optional<size_t> find(int64_t tree, int64_t id) {
    if (tree != tree_ || !first_of_tree_) {
      const auto first = first_.find(tree);
      if (first == first_.end()) {
        return std::nullopt;
      }
      tree_ = tree;
      first_of_tree_ = first->second;
    }
    const uint64_t guess =
        *first_of_tree_ + static_cast<uint64_t>(id) - static_cast<uint64_t>(ids_[*first_of_tree_]);
    if (guess < ids_.size() && ids_[guess] == id && trees_[guess] == tree) {
      return guess;
    }
    if (all_.empty()) {
      for (size_t i = 0; i < ids_.size(); ++i) {
        all_.try_emplace({trees_[i], ids_[i]}, i);
      }
    }
    const auto found = all_.find({tree, id});
    return found == all_.end() ? std::nullopt : std::optional(found->second);
  }
  /// The first node of each tree, in the order of the lists.
  [[nodiscard]] std::vector<size_t> roots() const {
    std::vector<size_t> roots;
    roots.reserve(first_.size());
    for (const auto& [tree, first] : first_) {
      roots.push_back(first);
    }
    std::ranges::sort(roots);
    return roots;
  }

 private:
  const std::vector<int64_t>& trees_;
  const std::vector<int64_t>& ids_;
  std::unordered_map<int64_t, size_t> first_;
  // Of the tree that was asked for last, which most often is the next one too.
  int64_t tree_ = 0;
  std::optional<size_t> first_of_tree_;
  std::map<std::pair<int64_t, int64_t>, size_t> all_;
};

std::optional<SplitMode> mode_of(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames{"BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE",
                                                   "BRANCH_GT",  "BRANCH_EQ", "BRANCH_NEQ"};
  const auto found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<SplitMode>(found - kNames.begin()));
}

/// Attributes nodes_*: splits and places of leaves.
Result<PlainTrees> read_nodes(OperatorContext& node, const std::vector<int64_t>& trees,
                              NodeNames& names, std::vector<int32_t>& places) {
  const std::vector<int64_t>& features = node.integers("nodes_featureids");
  const std::vector<std::string>& modes = node.texts("nodes_modes");
  const std::vector<int64_t>& yes = node.integers("nodes_truenodeids");
  const std::vector<int64_t>& no = node.integers("nodes_falsenodeids");
  const std::vector<int64_t>& missing = node.integers("nodes_missing_value_tracks_true");
  RM_ASSIGN(const std::vector<double> values, read_numbers(node, "nodes_values"));
  const size_t count = trees.size();
  RM_TRY(expect_size(node, "nodes_featureids", features.size(), count));
  RM_TRY(expect_size(node, "nodes_modes", modes.size(), count));
  RM_TRY(expect_size(node, "nodes_truenodeids", yes.size(), count));
  RM_TRY(expect_size(node, "nodes_falsenodeids", no.size(), count));
  RM_TRY(expect_size(node, "nodes_values", values.size(), count));
  if (!missing.empty()) {
    RM_TRY(expect_size(node, "nodes_missing_value_tracks_true", missing.size(), count));
  }
  PlainTrees read;
  // Where each node of the lists lies: a split, or the leaf ~place.
  base::reserve_huge(places, count);
  int32_t leaves = 0;
  int32_t splits = 0;
  for (size_t i = 0; i < count; ++i) {
    places.push_back(modes[i] == "LEAF" ? ~leaves++ : splits++);
  }
  base::reserve_huge(read.nodes, static_cast<size_t>(splits));
  for (size_t i = 0; i < count; ++i) {
    if (places[i] < 0) {
      continue;
    }
    const auto mode = mode_of(modes[i]);
    if (!mode) {
      return node.refuse("attribute \"nodes_modes\", entry {}: \"{}\" is not known", i, modes[i]);
    }
    const auto child = [&](const std::vector<int64_t>& ids) {
      return names.find(trees[i], ids[i]);
    };
    const auto on_yes = child(yes);
    const auto on_no = child(no);
    if (!on_yes || !on_no) {
      return node.refuse("attribute \"{}\", entry {}: tree {} has no node {}",
                         on_yes ? "nodes_falsenodeids" : "nodes_truenodeids", i, trees[i],
                         on_yes ? no[i] : yes[i]);
    }
    if (features[i] < 0 || features[i] > std::numeric_limits<int32_t>::max()) {
      return node.refuse("attribute \"nodes_featureids\", entry {}: {} is no column", i,
                         features[i]);
    }
    read.nodes.push_back({.mode = *mode,
                          .missing_yes = !missing.empty() && missing[i] != 0,
                          .feature = static_cast<uint32_t>(features[i]),
                          .threshold = values[i],
                          .yes = places[*on_yes],
                          .no = places[*on_no]});
  }
  for (const size_t root : names.roots()) {
    read.roots.push_back(places[root]);
  }
  read.leaf_begins.assign(static_cast<size_t>(leaves) + 1, 0);
  return read;
}

/// Attributes prefix_treeids, _nodeids, _ids, _weights: what leaves say.
Result<void> read_leaves(OperatorContext& node, const std::string& prefix, NodeNames& names,
                         const std::vector<int32_t>& places, PlainTrees& trees) {
  const std::vector<int64_t>& tree_ids = node.integers(prefix + "_treeids");
  const std::vector<int64_t>& node_ids = node.integers(prefix + "_nodeids");
  const std::vector<int64_t>& targets = node.integers(prefix + "_ids");
  RM_ASSIGN(const std::vector<double> weights, read_numbers(node, prefix + "_weights"));
  const size_t count = tree_ids.size();
  RM_TRY(expect_size(node, prefix + "_nodeids", node_ids.size(), count));
  RM_TRY(expect_size(node, prefix + "_ids", targets.size(), count));
  RM_TRY(expect_size(node, prefix + "_weights", weights.size(), count));
  std::vector<std::pair<size_t, PlainTrees::Entry>> entries;  // with their leaf
  base::reserve_huge(entries, count);
  for (size_t i = 0; i < count; ++i) {
    const auto at = names.find(tree_ids[i], node_ids[i]);
    if (!at || places[*at] >= 0) {
      return node.refuse("attribute \"{}_nodeids\", entry {}: tree {} has no leaf {}", prefix, i,
                         tree_ids[i], node_ids[i]);
    }
    if (targets[i] < 0 || targets[i] > std::numeric_limits<int32_t>::max()) {
      return node.refuse("attribute \"{}_ids\", entry {}: {} is no target", prefix, i, targets[i]);
    }
    entries.push_back({static_cast<size_t>(~places[*at]),
                       {.target = static_cast<uint32_t>(targets[i]), .weight = weights[i]}});
  }
  const auto leaf_of = [](const auto& entry) { return entry.first; };
  if (!std::ranges::is_sorted(entries, {}, leaf_of)) {
    std::ranges::stable_sort(entries, {}, leaf_of);
  }
  base::reserve_huge(trees.entries, count);
  size_t next = 0;
  for (size_t leaf = 0; leaf < trees.leaves(); ++leaf) {
    while (next < entries.size() && entries[next].first == leaf) {
      trees.entries.push_back(entries[next++].second);
    }
    trees.leaf_begins[leaf + 1] = static_cast<uint32_t>(trees.entries.size());
  }
  return {};
}

}  // namespace

Result<std::vector<double>> read_numbers(OperatorContext& node, const std::string& name) {
  if (const GraphTensor* tensor = node.tensor(name + "_as_tensor")) {
    return numbers_of(*tensor);
  }
  const std::vector<float>& floats = node.reals(name);
  RM_TRY(node.failed());
  return doubles_of(floats);
}

Result<Aggregation> read_aggregation(OperatorContext& node) {
  constexpr std::array<std::string_view, 4> kNames{"AVERAGE", "SUM", "MIN", "MAX"};
  const std::string text = node.text("aggregate_function", "SUM");
  const auto found = std::ranges::find(kNames, text);
  if (found == kNames.end()) {
    return node.refuse("attribute \"aggregate_function\" is \"{}\"", text);
  }
  return static_cast<Aggregation>(found - kNames.begin());
}

Result<PlainTrees> read_trees(OperatorContext& node, const std::string& prefix) {
  const std::vector<int64_t>& trees = node.integers("nodes_treeids");
  const std::vector<int64_t>& ids = node.integers("nodes_nodeids");
  RM_TRY(node.failed());
  RM_TRY(expect_size(node, "nodes_nodeids", ids.size(), trees.size()));
  if (trees.empty() || trees.size() > kCountMax) {
    return node.refuse("attribute \"nodes_treeids\" has {} values", trees.size());
  }
  NodeNames names(trees, ids);
  std::vector<int32_t> places;
  RM_ASSIGN(PlainTrees read, read_nodes(node, trees, names, places));
  RM_TRY(read_leaves(node, prefix, names, places, read));
  return read;
}

Result<PlainTrees> read_tree_lists(OperatorContext& node) {
  const std::vector<int64_t>& features = node.integers("nodes_featureids");
  const std::vector<int64_t>& yes = node.integers("nodes_truenodeids");
  const std::vector<int64_t>& no = node.integers("nodes_falsenodeids");
  const std::vector<int64_t>& yes_leaf = node.integers("nodes_trueleafs");
  const std::vector<int64_t>& no_leaf = node.integers("nodes_falseleafs");
  const std::vector<int64_t>& missing = node.integers("nodes_missing_value_tracks_true");
  const std::vector<int64_t>& roots = node.integers("tree_roots");
  const std::vector<int64_t>& targets = node.integers("leaf_targetids");
  const GraphTensor* modes = node.tensor("nodes_modes");
  const GraphTensor* splits = node.tensor("nodes_splits");
  const GraphTensor* weights = node.tensor("leaf_weights");
  const GraphTensor* members = node.tensor("membership_values");
  RM_TRY(node.failed());
  if (modes == nullptr || splits == nullptr || weights == nullptr) {
    return node.refuse("attribute \"{}\" is missing", modes == nullptr    ? "nodes_modes"
                                                      : splits == nullptr ? "nodes_splits"
                                                                          : "leaf_weights");
  }
  const std::vector<double> thresholds = numbers_of(*splits);
  const std::vector<double> leaf_weights = numbers_of(*weights);
  const std::vector<double> sets =
      members == nullptr ? std::vector<double>() : numbers_of(*members);
  const size_t count = features.size();
  for (const auto& [name, size] : std::initializer_list<std::pair<std::string_view, size_t>>{
           {"nodes_truenodeids", yes.size()},
           {"nodes_falsenodeids", no.size()},
           {"nodes_trueleafs", yes_leaf.size()},
           {"nodes_falseleafs", no_leaf.size()},
           {"nodes_modes", modes->integers.size()},
           {"nodes_splits", thresholds.size()},
           {"nodes_missing_value_tracks_true", missing.empty() ? count : missing.size()}}) {
    RM_TRY(expect_size(node, name, size, count));
  }
  RM_TRY(expect_size(node, "leaf_weights", leaf_weights.size(), targets.size()));
  if (count > kCountMax || targets.size() > kCountMax || roots.empty()) {
    return node.refuse("it has {} nodes, {} leaves and {} roots", count, targets.size(),
                       roots.size());
  }
  PlainTrees trees;
  size_t next_member = 0;
  for (size_t i = 0; i < count; ++i) {
    const auto child = [&](int64_t id, bool leaf) -> std::optional<int32_t> {
      if (id < 0 || static_cast<uint64_t>(id) >= (leaf ? targets.size() : count)) {
        return std::nullopt;
      }
      return leaf ? ~static_cast<int32_t>(id) : static_cast<int32_t>(id);
    };
    const auto on_yes = child(yes[i], yes_leaf[i] != 0);
    const auto on_no = child(no[i], no_leaf[i] != 0);
    if (!on_yes || !on_no) {
      return node.refuse("attribute \"{}\", entry {}: there is no {} {}",
                         on_yes ? "nodes_falsenodeids" : "nodes_truenodeids", i,
                         (on_yes ? no_leaf : yes_leaf)[i] != 0 ? "leaf" : "node",
                         on_yes ? no[i] : yes[i]);
    }
    const int64_t mode = modes->integers[i];
    if (mode < 0 || mode > 6) {
      return node.refuse("attribute \"nodes_modes\", entry {}: {} is not known", i, mode);
    }
    if (features[i] < 0 || features[i] > std::numeric_limits<int32_t>::max()) {
      return node.refuse("attribute \"nodes_featureids\", entry {}: {} is no column", i,
                         features[i]);
    }
    PlainTrees::Node made{.mode = static_cast<SplitMode>(mode),
                          .missing_yes = !missing.empty() && missing[i] != 0,
                          .feature = static_cast<uint32_t>(features[i]),
                          .threshold = thresholds[i],
                          .yes = *on_yes,
                          .no = *on_no};
    if (made.mode == SplitMode::kMember) {
      made.members_begin = static_cast<uint32_t>(trees.members.size());
      while (next_member < sets.size() && !std::isnan(sets[next_member])) {
        trees.members.push_back(sets[next_member++]);
      }
      if (next_member++ >= sets.size()) {
        return node.refuse("attribute \"membership_values\" ends before the set of entry {}", i);
      }
      made.members_end = static_cast<uint32_t>(trees.members.size());
    }
    trees.nodes.push_back(made);
  }
  for (const int64_t root : roots) {
    if (root < 0 || static_cast<uint64_t>(root) >= count) {
      return node.refuse("attribute \"tree_roots\": there is no node {}", root);
    }
    trees.roots.push_back(static_cast<int32_t>(root));
  }
  for (size_t leaf = 0; leaf < targets.size(); ++leaf) {
    if (targets[leaf] < 0 || targets[leaf] > std::numeric_limits<int32_t>::max()) {
      return node.refuse("attribute \"leaf_targetids\", entry {}: {} is no target", leaf,
                         targets[leaf]);
    }
    trees.entries.push_back(
        {.target = static_cast<uint32_t>(targets[leaf]), .weight = leaf_weights[leaf]});
    trees.leaf_begins.push_back(static_cast<uint32_t>(trees.entries.size()));
  }
  return trees;
}

}  // namespace ringmaker::model::operators
