// Tree ensembles of ai.onnx.ml: of versions 1 and 3, whose nodes are named by pairs of ids, and of
// version 5, whose nodes and leaves are lists of their own.
#include "model/graph/operators/class_labels.h"
#include "model/graph/operators/operators.h"
#include "model/graph/plain_trees.h"
#include "model/graph/post_transform.h"
#include "model/tree/tree_scorer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>

namespace ringmaker::model::operators {
namespace {

constexpr size_t kCountMax = std::numeric_limits<int32_t>::max() / 2;

/// A list of numbers: an attribute of floats, or a tensor in its place.
Result<std::vector<double>> read_numbers(OperatorContext& node, const std::string& name) {
  std::vector<double> values;
  if (const GraphTensor* tensor = node.tensor(name + "_as_tensor")) {
    values.assign(tensor->floats.begin(), tensor->floats.end());
    values.insert(values.end(), tensor->doubles.begin(), tensor->doubles.end());
  } else {
    const std::vector<float> floats = node.reals(name);
    values.assign(floats.begin(), floats.end());
  }
  RM_TRY(node.failed());
  return values;
}

Result<void> expect_size(OperatorContext& node, std::string_view name, size_t found,
                         size_t expected) {
  if (found != expected) {
    return node.refuse("attribute \"{}\" has {} values, expected {}", name, found, expected);
  }
  return {};
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

Result<PostTransform> read_transform(OperatorContext& node) {
  const std::string text = node.text("post_transform", "NONE");
  const auto transform = post_transform(text);
  if (!transform) {
    return node.refuse("attribute \"post_transform\" is \"{}\"", text);
  }
  return *transform;
}

/// Finds nodes by tree and id. Most files number each tree's nodes from 0 on, in order.
class NodeNames {
 public:
  NodeNames(const std::vector<int64_t>& trees, const std::vector<int64_t>& ids)
      : trees_(trees), ids_(ids) {
    for (size_t i = 0; i < trees.size(); ++i) {
      first_.try_emplace(trees[i], i);
    }
  }

  [[nodiscard]] std::optional<size_t> find(int64_t tree, int64_t id) {
    const auto first = first_.find(tree);
    if (first == first_.end()) {
      return std::nullopt;
    }
    const uint64_t guess =
        first->second + static_cast<uint64_t>(id) - static_cast<uint64_t>(ids_[first->second]);
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
  const std::vector<int64_t> features = node.integers("nodes_featureids");
  const std::vector<std::string> modes = node.texts("nodes_modes");
  const std::vector<int64_t> yes = node.integers("nodes_truenodeids");
  const std::vector<int64_t> no = node.integers("nodes_falsenodeids");
  const std::vector<int64_t> missing = node.integers("nodes_missing_value_tracks_true");
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
  int32_t leaves = 0;
  int32_t splits = 0;
  for (size_t i = 0; i < count; ++i) {
    places.push_back(modes[i] == "LEAF" ? ~leaves++ : splits++);
  }
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
  const std::vector<int64_t> tree_ids = node.integers(prefix + "_treeids");
  const std::vector<int64_t> node_ids = node.integers(prefix + "_nodeids");
  const std::vector<int64_t> targets = node.integers(prefix + "_ids");
  RM_ASSIGN(const std::vector<double> weights, read_numbers(node, prefix + "_weights"));
  const size_t count = tree_ids.size();
  RM_TRY(expect_size(node, prefix + "_nodeids", node_ids.size(), count));
  RM_TRY(expect_size(node, prefix + "_ids", targets.size(), count));
  RM_TRY(expect_size(node, prefix + "_weights", weights.size(), count));
  std::vector<std::pair<size_t, PlainTrees::Entry>> entries;  // with their leaf
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
  std::ranges::stable_sort(entries, {}, [](const auto& entry) { return entry.first; });
  size_t next = 0;
  for (size_t leaf = 0; leaf < trees.leaves(); ++leaf) {
    while (next < entries.size() && entries[next].first == leaf) {
      trees.entries.push_back(entries[next++].second);
    }
    trees.leaf_begins[leaf + 1] = static_cast<uint32_t>(trees.entries.size());
  }
  return {};
}

Result<PlainTrees> read_trees(OperatorContext& node, const std::string& prefix) {
  const std::vector<int64_t> trees = node.integers("nodes_treeids");
  const std::vector<int64_t> ids = node.integers("nodes_nodeids");
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

/// Sums of all targets of all rows, in float32 or double as the input is, and what makes them.
struct Sums {
  ValueId id = 0;
  bool wide = false;
};

Shape rows_of(size_t columns) {
  return {.dims = {1, static_cast<int64_t>(columns)}, .batch_axis = 0};
}

template <class T>
Kernel walk_kernel(const std::shared_ptr<const PlainTrees>& trees, ValueId in, ValueId out,
                   ValueId reached) {
  return [=](const Frame& frame) {  // keeps the trees
    const T* x = frame.read<T>(in);
    T* y = frame.write<T>(out);
    for (size_t i = 0; i < frame.rows; ++i) {
      walk(*trees, x + i * trees->features, y + i * trees->targets, frame.write<int64_t>(reached));
    }
  };
}

/// `out`: the output that holds the sums, where it is of their type.
Result<Sums> run_trees(OperatorContext& node, PlainTrees read, std::optional<size_t> output) {
  RM_ASSIGN(const RowsOf rows, read_rows(node, 0));
  read.features = rows.columns;
  if (const auto valid = validate(read); !valid) {
    return node.refuse("{}", valid.error().message());
  }
  const bool wide = node.in(0).type == ElementType::kDouble;
  const auto first = node.in(0).input_feature;
  const ElementType type = wide ? ElementType::kDouble : ElementType::kFloat;
  const Shape shape = rows_of(read.targets);
  ValueId in = node.input(0);
  if (!wide) {
    RM_ASSIGN(in, as_floats(node, 0));
  }
  RM_ASSIGN(const ValueId out,
            output ? node.output(*output, type, shape) : node.scratch(type, shape));
  const size_t targets = read.targets;
  const size_t features = read.features;
  const auto divisor = static_cast<double>(
      read.aggregation == Aggregation::kAverage ? std::max<size_t>(read.roots.size(), 1) : 1);
  auto ensemble = wide ? std::nullopt : ensemble_of(read);
  if (ensemble) {
    std::shared_ptr<const TreeScorer> scorer;
    if (const auto set = node.builder().settings().set) {
      scorer = std::make_shared<const TreeScorer>(*ensemble, *set);
    }
    node.run([=](const Frame& frame) {
      float* y = frame.write<float>(out);
      std::fill_n(y, frame.rows * targets, 0.0F);
      if (scorer != nullptr) {
        scorer->score({frame.read<float>(in), frame.rows, features}, {y, frame.rows, targets});
      }
    });
  } else {
    RM_ASSIGN(const ValueId reached,
              node.scratch(ElementType::kInt64, Shape{.dims = {static_cast<int64_t>(targets)}}));
    auto trees = std::make_shared<PlainTrees>(std::move(read));
    if (wide && first) {
      GraphFeatures& known = *node.builder().settings().features;
      add_cuts(*trees, *first, known);
      known.waiting.push_back([trees, begin = *first](const data::Narrowing& narrowing) {
        if (!narrowing.empty()) {
          *trees = narrowed(std::move(*trees), begin, narrowing);
        }
      });
    }
    node.run(wide ? walk_kernel<double>(trees, in, out, reached)
                  : walk_kernel<float>(trees, in, out, reached));
  }
  if (divisor != 1) {
    node.run([=](const Frame& frame) {
      for (size_t i = 0; i < frame.rows * targets; ++i) {
        if (wide) {
          frame.write<double>(out)[i] /= divisor;
        } else {
          frame.write<float>(out)[i] /= static_cast<float>(divisor);
        }
      }
    });
  }
  return Sums{out, wide};
}

/// scores = float32(sums + base), in another value where sums are doubles.
void add_base(OperatorContext& node, Sums sums, const std::vector<double>& base, ValueId scores) {
  node.run([=](const Frame& frame) {
    float* y = frame.write<float>(scores);
    for (size_t i = 0; i < frame.rows; ++i) {
      for (size_t k = 0; k < base.size(); ++k, ++y) {
        const size_t at = i * base.size() + k;
        *y = sums.wide ? static_cast<float>(frame.read<double>(sums.id)[at] + base[k])
                       : frame.read<float>(sums.id)[at] + static_cast<float>(base[k]);
      }
    }
  });
}

Result<std::vector<double>> read_base(OperatorContext& node, size_t targets) {
  RM_ASSIGN(std::vector<double> base, read_numbers(node, "base_values"));
  if (base.empty()) {
    base.assign(targets, 0);
  }
  RM_TRY(expect_size(node, "base_values", base.size(), targets));
  return base;
}

}  // namespace

Result<void> tree_ensemble_regressor(OperatorContext& node) {
  RM_ASSIGN(PlainTrees trees, read_trees(node, "target"));
  const int64_t targets = node.integer("n_targets", 1);
  if (targets < 1 || targets > (1 << 20)) {
    return node.refuse("attribute \"n_targets\" is {}", targets);
  }
  trees.targets = static_cast<size_t>(targets);
  RM_ASSIGN(trees.aggregation, read_aggregation(node));
  RM_ASSIGN(const PostTransform transform, read_transform(node));
  RM_ASSIGN(const std::vector<double> base, read_base(node, trees.targets));
  const size_t count = trees.targets;
  RM_ASSIGN(const Sums sums, run_trees(node, std::move(trees), std::nullopt));
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, rows_of(count)));
  add_base(node, sums, base, out);
  // With one target the reference runtime leaves all but PROBIT out.
  if (transform != PostTransform::kNone && (count > 1 || transform == PostTransform::kProbit)) {
    node.run([=](const Frame& frame) {
      for (size_t i = 0; i < frame.rows; ++i) {
        apply_post_transform(transform, frame.write<float>(out) + i * count, count);
      }
    });
  }
  return {};
}

namespace {

/// Two classes of which leaves name only one: the sum says how much the second one is.
Result<void> run_binary(OperatorContext& node, PlainTrees trees,
                        const std::shared_ptr<const ClassList>& classes, PostTransform transform,
                        ValueId label, ValueId scores) {
  const bool positive = std::ranges::all_of(
      trees.entries, [](const PlainTrees::Entry& entry) { return entry.weight >= 0; });
  for (PlainTrees::Entry& entry : trees.entries) {
    entry.target = 0;
  }
  trees.targets = 1;
  RM_ASSIGN(const std::vector<double> base, read_base(node, 1));
  if (transform == PostTransform::kProbit) {
    return node.unsupported("PROBIT of two classes is not read");
  }
  RM_ASSIGN(const Sums sums, run_trees(node, std::move(trees), std::nullopt));
  RM_ASSIGN(const ValueId single, node.scratch(ElementType::kFloat, rows_of(1)));
  add_base(node, sums, base, single);
  const bool share = !positive && transform == PostTransform::kLogistic;
  Value& made = node.value(scores);
  made.complementary = true;
  made.margins = !positive && !share;
  node.run([=](const Frame& frame) {
    const float* sum = frame.read<float>(single);
    float* y = frame.write<float>(scores);
    auto* chosen = frame.write<int64_t>(label);
    for (size_t i = 0; i < frame.rows; ++i) {
      chosen[i] = classes->codes[sum[i] > (positive ? 0.5F : 0.0F) ? 1 : 0];
      y[2 * i] = positive ? 1 - sum[i] : share ? logistic(-sum[i]) : -sum[i];
      y[2 * i + 1] = share ? logistic(sum[i]) : sum[i];
    }
  });
  return {};
}

}  // namespace

Result<void> tree_ensemble_classifier(OperatorContext& node) {
  RM_ASSIGN(auto classes, read_classes(node, "classlabels_int64s", "classlabels_strings"));
  RM_ASSIGN(const PostTransform transform, read_transform(node));
  RM_ASSIGN(PlainTrees trees, read_trees(node, "class"));
  const size_t count = classes->names.size();
  if (count < 2) {
    return node.refuse("it has {} classes, expected 2 or more", count);
  }
  trees.targets = count;
  RM_ASSIGN(const ValueId label,
            node.output(0, label_type(*classes), Shape{.dims = {1}, .batch_axis = 0}));
  RM_ASSIGN(const ValueId scores, node.output(1, ElementType::kFloat, rows_of(count)));
  node.value(label).classes = classes;
  const auto same_target = [&](const PlainTrees::Entry& entry) {
    return entry.target == trees.entries.front().target;
  };
  const auto in_range = [&](const PlainTrees::Entry& entry) { return entry.target < count; };
  if (!std::ranges::all_of(trees.entries, in_range)) {
    return node.refuse("attribute \"class_ids\" names a class beyond the {} there are", count);
  }
  if (count == 2 && std::ranges::all_of(trees.entries, same_target)) {
    return run_binary(node, std::move(trees), classes, transform, label, scores);
  }
  RM_ASSIGN(const std::vector<double> base, read_base(node, count));
  const bool positive = std::ranges::all_of(
      trees.entries, [](const PlainTrees::Entry& entry) { return entry.weight >= 0; });
  RM_ASSIGN(const Sums sums, run_trees(node, std::move(trees), std::nullopt));
  Value& made = node.value(scores);
  made.margins = transform == PostTransform::kNone && !positive;
  made.complementary = count == 2 && (transform == PostTransform::kSoftmax ||
                                      (transform == PostTransform::kNone && positive));
  add_base(node, sums, base, scores);
  node.run([=](const Frame& frame) {
    float* y = frame.write<float>(scores);
    auto* chosen = frame.write<int64_t>(label);
    for (size_t i = 0; i < frame.rows; ++i, y += count) {
      chosen[i] = classes->codes[static_cast<size_t>(std::max_element(y, y + count) - y)];
      apply_post_transform(transform, y, count);
    }
  });
  return {};
}

namespace {

/// Version 5: lists of nodes and of leaves; a flag says which of them a child's number is of.
Result<PlainTrees> read_lists(OperatorContext& node) {
  const std::vector<int64_t> features = node.integers("nodes_featureids");
  const std::vector<int64_t> yes = node.integers("nodes_truenodeids");
  const std::vector<int64_t> no = node.integers("nodes_falsenodeids");
  const std::vector<int64_t> yes_leaf = node.integers("nodes_trueleafs");
  const std::vector<int64_t> no_leaf = node.integers("nodes_falseleafs");
  const std::vector<int64_t> missing = node.integers("nodes_missing_value_tracks_true");
  const std::vector<int64_t> roots = node.integers("tree_roots");
  const std::vector<int64_t> targets = node.integers("leaf_targetids");
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
  const auto numbers = [](const GraphTensor& tensor) {
    std::vector<double> values(tensor.floats.begin(), tensor.floats.end());
    values.insert(values.end(), tensor.doubles.begin(), tensor.doubles.end());
    return values;
  };
  const std::vector<double> thresholds = numbers(*splits);
  const std::vector<double> leaf_weights = numbers(*weights);
  const std::vector<double> sets = members == nullptr ? std::vector<double>() : numbers(*members);
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

}  // namespace

Result<void> tree_ensemble(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  RM_ASSIGN(PlainTrees trees, read_lists(node));
  const int64_t targets = node.integer("n_targets", 1);
  const int64_t aggregation = node.integer("aggregate_function", 1);
  const int64_t transform = node.integer("post_transform", 0);
  RM_TRY(node.failed());
  if (targets < 1 || targets > (1 << 20) || aggregation < 0 || aggregation > 3) {
    return node.refuse("attributes \"n_targets\" and \"aggregate_function\" are {} and {}", targets,
                       aggregation);
  }
  if (transform != 0) {
    return node.unsupported(
        "attribute \"post_transform\" is {}: standard and reference runtime "
        "differ in what that means, so only 0 is read",
        transform);
  }
  trees.targets = static_cast<size_t>(targets);
  trees.aggregation = static_cast<Aggregation>(aggregation);
  return run_trees(node, std::move(trees), 0).map([](const Sums&) {});
}

}  // namespace ringmaker::model::operators
