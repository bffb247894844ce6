// Tree ensembles of ai.onnx.ml: sums of leaves, and what classifiers and regressors make of them.
#include "model/graph/operators/ml_operators.h"
#include "model/graph/operators/operators.h"
#include "model/graph/operators/tree_attributes.h"
#include "model/graph/plain_trees.h"
#include "model/tree/tree_scorer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

namespace ringmaker::model::operators {
namespace {

/// Sums of all targets of all rows, in float32 or double as the input is, and what makes them.
struct Sums {
  ValueId id = 0;
  bool wide = false;
};

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

GraphTrees describe(OperatorContext& node, const PlainTrees& read) {
  const std::string& op = node.node().op;
  // Of version 5 it is a number, of which only "none" is read.
  const std::string transform = op == "TreeEnsemble" ? "NONE" : node.text("post_transform", "NONE");
  GraphTrees told{.objective = op + ", " + transform,
                  .trees = read.roots.size(),
                  .nodes = read.nodes.size(),
                  .leaves = read.leaves()};
  if (const auto first = node.in(0).input_feature) {
    told.splits.resize(*first + read.features);
    // Nodes that no root reaches are not checked.
    for (const PlainTrees::Node& split : read.nodes) {
      if (split.feature < read.features) {
        ++told.splits[*first + split.feature];
      }
    }
  }
  return told;
}

Result<void> check_trees(OperatorContext& node, PlainTrees& read) {
  RM_ASSIGN(read.features, read_columns(node, 0));
  const auto valid = validate(read);
  return valid ? Result<void>() : node.refuse("{}", valid.error().message());
}

/// Of checked trees. `out`: the output that holds the sums, where it is of their type.
Result<Sums> run_trees(OperatorContext& node, PlainTrees read, std::optional<size_t> output) {
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
  GraphTrees told = describe(node, read);
  told.plan = "1+ rows: plain walk";
  auto ensemble = wide ? std::nullopt : ensemble_of(read);
  if (ensemble) {
    read = {};  // which is large
    std::shared_ptr<const TreeScorer> scorer;
    if (const auto set = node.builder().settings().set) {
      scorer = std::make_shared<const TreeScorer>(std::move(*ensemble), *set);
      told.plan = scorer->plan();
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
  node.builder().settings().trees.push_back(std::move(told));
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
  RM_TRY(check_trees(node, trees));
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

bool all_positive(const PlainTrees& trees) {
  return std::ranges::all_of(trees.entries,
                             [](const PlainTrees::Entry& entry) { return entry.weight >= 0; });
}

constexpr double kRounding = 1e-5;  // of float32 weights

/// The least and the greatest that a leaf of a tree adds, to all classes together.
struct Share {
  double least = std::numeric_limits<double>::infinity();
  double greatest = -std::numeric_limits<double>::infinity();
};

/// One a tree.
std::vector<Share> shares_of(const PlainTrees& trees) {
  std::vector<double> sums(trees.leaves());
  for (size_t leaf = 0; leaf < sums.size(); ++leaf) {
    for (uint32_t i = trees.leaf_begins[leaf]; i < trees.leaf_begins[leaf + 1]; ++i) {
      sums[leaf] += trees.entries[i].weight;
    }
  }
  // Leaves of a tree need not be neighbours: those that its nodes name are its own.
  std::vector<Share> shares;
  std::vector<int32_t> open;
  for (const int32_t root : trees.roots) {
    Share& share = shares.emplace_back();
    open.push_back(root);
    while (!open.empty()) {
      const int32_t at = open.back();
      open.pop_back();
      if (at >= 0) {
        const PlainTrees::Node& node = trees.nodes[static_cast<size_t>(at)];
        open.push_back(node.yes);
        open.push_back(node.no);
        continue;
      }
      const int32_t leaf = ~at;
      const double sum = sums[static_cast<size_t>(leaf)];
      share.least = std::min(share.least, sum);
      share.greatest = std::max(share.greatest, sum);
    }
  }
  return shares;
}

/// Whether the scores of every row add up to 1, and none is negative: the leaves of a tree share
/// out one and the same sum.
bool share_out_one(const PlainTrees& trees, const std::vector<double>& base) {
  double total = std::accumulate(base.begin(), base.end(), 0.0);
  for (const Share& share : shares_of(trees)) {
    if (share.greatest - share.least > kRounding * std::fabs(share.greatest)) {
      return false;
    }
    total += share.greatest;
  }
  return all_positive(trees) && std::ranges::none_of(base, [](double one) { return one < 0; }) &&
         std::fabs(total - 1) <= kRounding;
}

/// Whether no row's scores add up to more than 1, or to less than 0.
bool stay_within_one(const PlainTrees& trees, const std::vector<double>& base) {
  Share all{.least = 0, .greatest = 0};
  for (const Share& share : shares_of(trees)) {
    all.least += share.least;
    all.greatest += share.greatest;
  }
  const double always = std::accumulate(base.begin(), base.end(), 0.0);
  return always + all.least >= -kRounding && always + all.greatest <= 1 + kRounding;
}

/// Two classes of which leaves name only the first: the sum says how much the second one is.
Result<void> run_binary(OperatorContext& node, PlainTrees trees,
                        const std::shared_ptr<const ClassList>& classes, PostTransform transform,
                        ValueId label, ValueId scores) {
  const bool positive = all_positive(trees);
  trees.targets = 1;
  RM_ASSIGN(const std::vector<double> base, read_base(node, 1));
  const bool share = positive && stay_within_one(trees, base);
  RM_ASSIGN(const Sums sums, run_trees(node, std::move(trees), std::nullopt));
  RM_ASSIGN(const ValueId single, node.scratch(ElementType::kFloat, rows_of(1)));
  add_base(node, sums, base, single);
  // The label goes by the sum, whatever becomes of the scores.
  const float limit = positive ? 0.5F : 0.0F;
  Value& made = node.value(scores);
  const bool is_logistic = transform == PostTransform::kLogistic;
  // Sums beyond 1, as of votes, are no probabilities: 1 less them stands beside them.
  made.complementary = transform != PostTransform::kProbit && (is_logistic || share || !positive);
  made.of_pairs = transform == PostTransform::kProbit;
  made.not_negative = is_logistic;
  made.margins = !is_logistic && !share;
  if (is_logistic) {
    made.threshold = logistic(limit);
  }
  node.run([=](const Frame& frame) {
    const float* sum = frame.read<float>(single);
    float* y = frame.write<float>(scores);
    auto* chosen = frame.write<int64_t>(label);
    for (size_t i = 0; i < frame.rows; ++i, y += 2) {
      chosen[i] = classes->codes[sum[i] > limit ? 1 : 0];
      switch (transform) {
        case PostTransform::kLogistic:
          y[0] = logistic(-sum[i]);
          y[1] = logistic(sum[i]);
          break;
        case PostTransform::kProbit:  // as the reference runtime leaves it
          y[0] = probit(sum[i]);
          y[1] = 0;
          break;
        default:
          y[0] = positive ? 1 - sum[i] : -sum[i];
          y[1] = sum[i];
      }
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
  node.value(label).chosen_from = scores;
  const auto of_class = [](size_t target) {
    return [=](const PlainTrees::Entry& entry) { return entry.target == target; };
  };
  const auto in_range = [&](const PlainTrees::Entry& entry) { return entry.target < count; };
  if (!std::ranges::all_of(trees.entries, in_range)) {
    return node.refuse("attribute \"class_ids\" names a class beyond the {} there are", count);
  }
  RM_TRY(check_trees(node, trees));
  if (count == 2 && std::ranges::all_of(trees.entries, of_class(0))) {
    return run_binary(node, std::move(trees), classes, transform, label, scores);
  }
  const bool second_alone = count == 2 && std::ranges::all_of(trees.entries, of_class(1));
  if (second_alone && node.has("base_values")) {
    return node.unsupported(
        "attribute \"base_values\" of leaves that all speak of the second of two classes is not "
        "read");
  }
  RM_ASSIGN(const std::vector<double> base, read_base(node, count));
  const bool positive = all_positive(trees);
  const bool as_they_are = transform == PostTransform::kNone;
  const bool shares = as_they_are && share_out_one(trees, base);
  RM_ASSIGN(const Sums sums, run_trees(node, std::move(trees), std::nullopt));
  Value& made = node.value(scores);
  made.of_pairs = second_alone || !keeps_order(transform);  // the label is no score's
  made.margins = as_they_are && !shares;
  made.complementary = count == 2 && (transform == PostTransform::kSoftmax || shares);
  made.not_negative =
      makes_shares(transform) ||
      (as_they_are && positive && std::ranges::none_of(base, [](double one) { return one < 0; }));
  add_base(node, sums, base, scores);
  node.run([=](const Frame& frame) {
    float* y = frame.write<float>(scores);
    auto* chosen = frame.write<int64_t>(label);
    for (size_t i = 0; i < frame.rows; ++i, y += count) {
      const auto largest = static_cast<size_t>(std::max_element(y, y + count) - y);
      const bool second = y[count - 1] > (positive ? 0.5F : 0.0F);
      chosen[i] = classes->codes[!second_alone ? largest : second ? 1 : 0];
      apply_post_transform(transform, y, count);
    }
  });
  return {};
}

Result<void> tree_ensemble(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  RM_ASSIGN(PlainTrees trees, read_tree_lists(node));
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
  RM_TRY(check_trees(node, trees));
  return run_trees(node, std::move(trees), 0).map([](const Sums&) {});
}

}  // namespace ringmaker::model::operators
