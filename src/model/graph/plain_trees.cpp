#include "model/graph/plain_trees.h"

#include "base/huge_pages.h"
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

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// Leaf values of an ensemble whose leaves hold one for each target.
constexpr size_t kLeafValuesMax = size_t{1} << 26U;

template <class... Values>
auto refused(fmt::format_string<Values...> format, Values&&... values) {
  return fail(ErrorCode::kInvalidInput, fmt::format(format, std::forward<Values>(values)...));
}

Result<void> check_node(const PlainTrees& trees, size_t id) {
  const PlainTrees::Node& node = trees.nodes[id];
  if (node.feature >= trees.features) {
    return refused("tree node {} asks for column {}, the input has {}", id, node.feature,
                   trees.features);
  }
  if (node.mode != SplitMode::kMember && std::isnan(node.threshold)) {
    return refused("the threshold of tree node {} is NaN", id);
  }
  return {};
}

/// The number of a leaf that stands at a child's place.
size_t leaf_of(int32_t place) noexcept {
  const int32_t leaf = ~place;
  return static_cast<size_t>(leaf);
}

template <class T>
bool goes_yes(const PlainTrees& trees, const PlainTrees::Node& node, T x) noexcept {
  if (std::isnan(x)) {
    return node.missing_yes || node.mode == SplitMode::kNotEqual;
  }
  const auto threshold = static_cast<T>(node.threshold);
  switch (node.mode) {
    case SplitMode::kLessEqual:
      return x <= threshold;
    case SplitMode::kLess:
      return x < threshold;
    case SplitMode::kGreaterEqual:
      return x >= threshold;
    case SplitMode::kGreater:
      return x > threshold;
    case SplitMode::kEqual:
      return x == threshold;
    case SplitMode::kNotEqual:
      return x != threshold;
    case SplitMode::kMember:
      break;
  }
  const auto begin = trees.members.begin() + node.members_begin;
  const auto end = trees.members.begin() + node.members_end;
  return std::any_of(begin, end, [&](double member) { return x == static_cast<T>(member); });
}

/// Our question of a node, and which of its sides goes left.
struct Question {
  Decision decision;
  bool yes_left;
};

Question question_of(SplitMode mode) {
  switch (mode) {
    case SplitMode::kLessEqual:
      return {Decision::kLessEqual, true};
    case SplitMode::kLess:
      return {Decision::kLess, true};
    case SplitMode::kGreaterEqual:
      return {Decision::kLess, false};
    case SplitMode::kGreater:
      return {Decision::kLessEqual, false};
    case SplitMode::kEqual:
      return {Decision::kEqual, true};
    default:
      return {Decision::kEqual, false};
  }
}

/// One tree's nodes and leaves, numbered from its root on.
class TreeWriter {
 public:
  TreeWriter(const PlainTrees& trees, TreeEnsemble& ensemble)
      : trees_(trees), ensemble_(ensemble) {}

  void add(int32_t root) {
    Tree tree{.node_begin = static_cast<uint32_t>(ensemble_.nodes.size()),
              .leaf_begin = static_cast<uint32_t>(leaves_)};
    if (ensemble_.leaf_width == 1) {
      tree.output = output_of(root);
    }
    nodes_ = 0;
    tree_leaves_ = 0;
    pending_.clear();
    if (root < 0) {
      add_leaf(root);
    } else {
      pending_.push_back({root, nodes_++});
      ensemble_.nodes.emplace_back();
    }
    while (!pending_.empty()) {
      const auto [id, number] = pending_.back();
      pending_.pop_back();
      const PlainTrees::Node& node = trees_.nodes[static_cast<size_t>(id)];
      const Question question = question_of(node.mode);
      const bool missing_yes = node.missing_yes || node.mode == SplitMode::kNotEqual;
      const int32_t left = place(question.yes_left ? node.yes : node.no);
      const int32_t right = place(question.yes_left ? node.no : node.yes);
      // In its place: small parts that are read back together stall the processor.
      TreeNode& made = ensemble_.nodes[tree.node_begin + number];
      made.left = left;
      made.right = right;
      made.feature = node.feature;
      made.decision = question.decision;
      made.missing = Missing::kNan;
      made.missing_left = missing_yes == question.yes_left;
      made.threshold = node.threshold;
    }
    tree.node_count = nodes_;
    tree.leaf_count = tree_leaves_;
    ensemble_.trees.push_back(tree);
  }

 private:
  int32_t place(int32_t child) {
    if (child < 0) {
      return add_leaf(child);
    }
    ensemble_.nodes.emplace_back();
    pending_.push_back({child, nodes_});
    return static_cast<int32_t>(nodes_++);
  }
  int32_t add_leaf(int32_t child) {
    const auto leaf = leaf_of(child);
    const size_t width = ensemble_.leaf_width;
    const size_t at = ensemble_.leaf_values.size();
    ensemble_.leaf_values.resize(at + width, 0);
    for (size_t e = trees_.leaf_begins[leaf]; e < trees_.leaf_begins[leaf + 1]; ++e) {
      const PlainTrees::Entry& entry = trees_.entries[e];
      ensemble_.leaf_values[at + (width == 1 ? 0 : entry.target)] = entry.weight;
    }
    ++leaves_;
    return ~static_cast<int32_t>(tree_leaves_++);
  }
  /// Of the first leaf with an entry.
  uint32_t output_of(int32_t root) const {
    std::vector<int32_t> open{root};
    while (!open.empty()) {
      const int32_t at = open.back();
      open.pop_back();
      if (at >= 0) {
        open.push_back(trees_.nodes[static_cast<size_t>(at)].no);
        open.push_back(trees_.nodes[static_cast<size_t>(at)].yes);
      } else if (const auto leaf = leaf_of(at);
                 trees_.leaf_begins[leaf] < trees_.leaf_begins[leaf + 1]) {
        return trees_.entries[trees_.leaf_begins[leaf]].target;
      }
    }
    return 0;
  }

  const PlainTrees& trees_;
  TreeEnsemble& ensemble_;
  std::vector<std::pair<int32_t, uint32_t>> pending_;
  size_t leaves_ = 0;
  uint32_t nodes_ = 0;
  uint32_t tree_leaves_ = 0;
};

/// Whether all leaves of a tree speak of one target, each at most once.
bool one_target_a_tree(const PlainTrees& trees) {
  std::vector<int32_t> open;
  for (const int32_t root : trees.roots) {
    std::optional<uint32_t> target;
    open.assign(1, root);
    while (!open.empty()) {
      const int32_t at = open.back();
      open.pop_back();
      if (at >= 0) {
        open.push_back(trees.nodes[static_cast<size_t>(at)].no);
        open.push_back(trees.nodes[static_cast<size_t>(at)].yes);
        continue;
      }
      const auto leaf = leaf_of(at);
      const size_t begin = trees.leaf_begins[leaf];
      const size_t count = trees.leaf_begins[leaf + 1] - begin;
      if (count > 1 || (count == 1 && target.value_or(trees.entries[begin].target) !=
                                          trees.entries[begin].target)) {
        return false;
      }
      if (count == 1) {
        target = trees.entries[begin].target;
      }
    }
  }
  return true;
}

bool repeats_targets(const PlainTrees& trees) {
  std::vector<uint32_t> seen;
  for (size_t leaf = 0; leaf < trees.leaves(); ++leaf) {
    if (trees.leaf_begins[leaf + 1] - trees.leaf_begins[leaf] < 2) {
      continue;
    }
    seen.clear();
    for (size_t e = trees.leaf_begins[leaf]; e < trees.leaf_begins[leaf + 1]; ++e) {
      seen.push_back(trees.entries[e].target);
    }
    std::ranges::sort(seen);
    if (std::ranges::adjacent_find(seen) != seen.end()) {
      return true;
    }
  }
  return false;
}

double next(double value) { return std::nextafter(value, kInfinity); }

/// The cut of a node that compares: x >= cut.
double cut_of(const PlainTrees::Node& node) {
  return node.mode == SplitMode::kLessEqual || node.mode == SplitMode::kGreater
             ? next(node.threshold)
             : node.threshold;
}

/// A node that no value takes to its other side, or one that no tree reaches and nobody checked.
bool cuts_nothing(const PlainTrees::Node& node) {
  if (node.mode != SplitMode::kMember && std::isnan(node.threshold)) {
    return true;
  }
  return (node.mode == SplitMode::kLessEqual || node.mode == SplitMode::kGreater) &&
         node.threshold == kInfinity;
}

}  // namespace

Result<void> validate(const PlainTrees& trees) {
  if (trees.features == 0 || trees.features > kTreeFeaturesMax || trees.targets == 0 ||
      trees.targets > kTreeOutputsMax) {
    return refused("the trees have {} columns and {} targets, up to {} and {} are read",
                   trees.features, trees.targets, kTreeFeaturesMax, kTreeOutputsMax);
  }
  std::vector<bool> reached(trees.nodes.size(), false);
  std::vector<int32_t> open;
  const auto visit = [&](int32_t child, std::string_view of, size_t parent) -> Result<void> {
    const bool leaf = child < 0;
    const auto id = static_cast<size_t>(leaf ? ~child : child);
    if (id >= (leaf ? trees.leaves() : trees.nodes.size())) {
      return refused("the {} of tree node {} is {} {}, which is not there", of, parent,
                     leaf ? "leaf" : "node", id);
    }
    if (leaf) {
      return {};
    }
    if (reached[id]) {
      return refused("tree node {} is reached a second time, as {} of {}", id, of, parent);
    }
    reached[id] = true;
    open.push_back(child);
    return {};
  };
  for (size_t t = 0; t < trees.roots.size(); ++t) {
    RM_TRY(visit(trees.roots[t], "root", t));
    while (!open.empty()) {
      const auto id = static_cast<size_t>(open.back());
      open.pop_back();
      RM_TRY(check_node(trees, id));
      RM_TRY(visit(trees.nodes[id].yes, "true branch", id));
      RM_TRY(visit(trees.nodes[id].no, "false branch", id));
    }
  }
  for (const PlainTrees::Entry& entry : trees.entries) {
    if (entry.target >= trees.targets) {
      return refused("a leaf speaks of target {}, there are {}", entry.target, trees.targets);
    }
    if (std::isnan(entry.weight)) {
      return refused("the weight of a leaf is NaN");
    }
  }
  return {};
}

template <class T>
void walk(const PlainTrees& trees, const T* row, T* sums, int64_t* reached) noexcept {
  std::fill_n(sums, trees.targets, T{0});
  std::fill_n(reached, trees.targets, int64_t{0});
  for (const int32_t root : trees.roots) {
    int32_t at = root;
    while (at >= 0) {
      const PlainTrees::Node& node = trees.nodes[static_cast<size_t>(at)];
      at = goes_yes(trees, node, row[node.feature]) ? node.yes : node.no;
    }
    const auto leaf = leaf_of(at);
    for (size_t e = trees.leaf_begins[leaf]; e < trees.leaf_begins[leaf + 1]; ++e) {
      const PlainTrees::Entry& entry = trees.entries[e];
      const auto weight = static_cast<T>(entry.weight);
      T& sum = sums[entry.target];
      if (trees.aggregation == Aggregation::kLeast || trees.aggregation == Aggregation::kGreatest) {
        const bool better = trees.aggregation == Aggregation::kLeast ? weight < sum : weight > sum;
        sum = reached[entry.target] == 0 || better ? weight : sum;
      } else {
        sum += weight;
      }
      reached[entry.target] = 1;
    }
  }
}

template void walk(const PlainTrees&, const float*, float*, int64_t*) noexcept;
template void walk(const PlainTrees&, const double*, double*, int64_t*) noexcept;

std::optional<TreeEnsemble> ensemble_of(const PlainTrees& trees) {
  const bool sums =
      trees.aggregation == Aggregation::kSum || trees.aggregation == Aggregation::kAverage;
  const auto asks_members = [](const PlainTrees::Node& node) {
    return node.mode == SplitMode::kMember;
  };
  if (!sums || std::ranges::any_of(trees.nodes, asks_members) || repeats_targets(trees)) {
    return std::nullopt;
  }
  TreeEnsemble ensemble;
  ensemble.features = trees.features;
  ensemble.outputs = trees.targets;
  ensemble.leaf_width = one_target_a_tree(trees) ? 1 : trees.targets;
  // A leaf may stand at two places.
  const size_t leaves = trees.nodes.size() + trees.roots.size();
  if (leaves * ensemble.leaf_width > kLeafValuesMax) {
    return std::nullopt;
  }
  ensemble.base_values.assign(trees.targets, 0);
  base::reserve_huge(ensemble.nodes, trees.nodes.size());
  base::reserve_huge(ensemble.leaf_values, leaves * ensemble.leaf_width);
  TreeWriter writer(trees, ensemble);
  for (const int32_t root : trees.roots) {
    writer.add(root);
  }
  ensemble.round_begins = {0, static_cast<uint32_t>(ensemble.trees.size())};
  return validate_trees(ensemble) ? std::optional(std::move(ensemble)) : std::nullopt;
}

void add_cuts(const PlainTrees& trees, size_t first, GraphFeatures& features) {
  for (const PlainTrees::Node& node : trees.nodes) {
    if (node.feature >= trees.features || cuts_nothing(node)) {
      continue;
    }
    std::vector<double>& cuts = features.features[first + node.feature].cuts;
    const auto around = [&](double value) {
      cuts.push_back(value);
      cuts.push_back(next(value));
    };
    switch (node.mode) {
      case SplitMode::kMember:
        std::for_each(trees.members.begin() + node.members_begin,
                      trees.members.begin() + node.members_end, around);
        break;
      case SplitMode::kEqual:
      case SplitMode::kNotEqual:
        around(node.threshold);
        break;
      default:
        cuts.push_back(cut_of(node));
    }
  }
}

PlainTrees narrowed(PlainTrees trees, size_t first, const data::Narrowing& narrowing) {
  for (PlainTrees::Node& node : trees.nodes) {
    if (node.feature >= trees.features || cuts_nothing(node)) {
      continue;
    }
    const auto narrow = [&](double cut) {
      return static_cast<double>(narrowing.narrowed_cut(first + node.feature, cut));
    };
    if (node.mode == SplitMode::kMember) {
      std::transform(trees.members.begin() + node.members_begin,
                     trees.members.begin() + node.members_end,
                     trees.members.begin() + node.members_begin, narrow);
      continue;
    }
    node.threshold = narrow(cut_of(node));
    node.mode = node.mode == SplitMode::kLessEqual ? SplitMode::kLess
                : node.mode == SplitMode::kGreater ? SplitMode::kGreaterEqual
                                                   : node.mode;
  }
  return trees;
}

}  // namespace ringmaker::model
