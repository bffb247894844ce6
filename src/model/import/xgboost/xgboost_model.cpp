#include "model/import/xgboost/xgboost_model.h"

#include "model/import/gain_shares.h"
#include "model/import/xgboost/xgboost_objective.h"
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

template <class... Values>
auto refused(fmt::format_string<Values...> format, Values&&... values) {
  return fail(ErrorCode::kInvalidInput, fmt::format(format, std::forward<Values>(values)...));
}

Result<data::Schema> schema_of(XgboostFile& file) {
  if (file.features == 0) {
    return refused("learner_model_param.num_feature is missing or 0, from 1 to {} are read",
                   kTreeFeaturesMax);
  }
  if (file.features > kTreeFeaturesMax) {
    return refused("learner_model_param.num_feature is {}, from 1 to {} are read", file.features,
                   kTreeFeaturesMax);
  }
  data::Schema schema;
  schema.absent_value = std::numeric_limits<float>::quiet_NaN();
  schema.features_named = !file.feature_names.empty();
  if (schema.features_named && file.feature_names.size() != file.features) {
    return refused("feature_names has {} entries, learner_model_param.num_feature says {}",
                   file.feature_names.size(), file.features);
  }
  schema.feature_names = std::move(file.feature_names);
  for (size_t j = schema.feature_names.size(); j < file.features; ++j) {
    schema.feature_names.push_back(fmt::format("f{}", j));  // as XGBoost calls them
  }
  const bool texts =
      std::ranges::any_of(file.category_names, [](const auto& names) { return !names.empty(); });
  if (texts && file.category_names.size() != file.features) {
    return refused("cats.enc has {} entries, learner_model_param.num_feature says {}",
                   file.category_names.size(), file.features);
  }
  if (texts) {
    schema.category_names = std::move(file.category_names);
  }
  return schema;
}

/// Several outputs that are no classes are values of a regression, whatever they mean.
data::OutputSchema output_of(const XgboostFile& file, const XgboostObjective& objective,
                             size_t outputs) {
  data::OutputSchema output{.task = objective.task, .labels_with_scores = false};
  if (objective.task == data::Task::kMulticlass) {
    output.class_index = objective.link == Link::kClassIndex;
    for (size_t k = 0; k < outputs; ++k) {
      output.class_names.push_back(fmt::format("{}", k));
    }
  } else if (outputs > 1) {
    output.task = data::Task::kRegression;
    for (size_t k = 0; k < outputs; ++k) {
      output.value_names.push_back(file.quantiles.size() == outputs ? file.quantiles[k]
                                                                    : fmt::format("{}", k));
    }
  } else if (objective.task == data::Task::kBinary) {
    output.class_names = {"0", "1"};
    output.margin = objective.margin;
    output.threshold = objective.margin ? 0.0F : 0.5F;
  }
  return output;
}

/// The last version that is known; a later one may mean other things by the same fields.
constexpr uint64_t kMajorMax = 3;

/// As far as the file tells it.
std::string version_of(const XgboostFile& file) {
  if (file.version[0] == 0) {
    return "0.x";  // no file before 1.0 says more
  }
  const std::string told = fmt::format("{}.{}", file.version[0], file.version[1]);
  return file.patch_known ? fmt::format("{}.{}", told, file.version[2]) : told;
}

Result<void> expect_version(const XgboostFile& file) {
  const bool begins = file.base_is_margin || file.version[0] > 0;
  if (!begins || file.version[0] > kMajorMax) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("version is [{}, {}, {}], 1 to {} are read", file.version[0],
                            file.version[1], file.version[2], kMajorMax));
  }
  return {};
}

Result<std::vector<float>> margins_of(const XgboostFile& file, const XgboostObjective& objective,
                                      size_t outputs) {
  std::vector<float> margins = file.base_scores;
  if (margins.size() != 1 && margins.size() != outputs) {
    return refused("learner_model_param.base_score has {} values, expected {}", margins.size(),
                   outputs == 1 ? "1" : fmt::format("1 or {}", outputs));
  }
  margins.resize(outputs, margins.front());
  if (!file.base_is_margin) {
    to_margins(objective.start, margins);
  }
  const auto bad =
      std::ranges::find_if(margins, [](float margin) { return !std::isfinite(margin); });
  if (bad != margins.end()) {
    const auto k =
        std::min(static_cast<size_t>(bad - margins.begin()), file.base_scores.size() - 1);
    return refused("learner_model_param.base_score is {}, which {} has no margin for",
                   file.base_scores[k], objective.name);
  }
  return margins;
}

Result<std::vector<uint32_t>> rounds_of(const XgboostFile& file, size_t outputs) {
  const size_t trees = file.ensemble.trees.size();
  if (!file.round_begins.empty()) {
    const auto& begins = file.round_begins;
    if (begins.front() != 0 || begins.back() != trees || !std::ranges::is_sorted(begins)) {
      return refused("iteration_indptr does not cut the {} trees in order", trees);
    }
    return begins;
  }
  if (trees == 0) {
    return std::vector<uint32_t>{0};
  }
  const uint64_t parallel = std::max<uint64_t>(file.parallel_trees, 1);
  const uint64_t groups = file.ensemble.leaf_width > 1 ? 1 : outputs;
  if (parallel > trees) {
    return refused("gbtree_model_param.num_parallel_tree is {}, the model has {} trees", parallel,
                   trees);
  }
  const uint64_t per_round = parallel * groups;
  if (trees % per_round != 0) {
    return refused("gbtree_model_param.num_trees is {}, no multiple of the {} trees of a round",
                   trees, per_round);
  }
  std::vector<uint32_t> begins;
  for (uint64_t begin = 0; begin <= trees; begin += per_round) {
    begins.push_back(static_cast<uint32_t>(begin));
  }
  return begins;
}

/// The best round and those before it; all where training did not stop early. A sliced model may
/// still carry a best iteration that it no longer has: then all count.
size_t best_rounds(const XgboostFile& file, size_t rounds) {
  if (file.best_iteration) {
    return *file.best_iteration < rounds ? static_cast<size_t>(*file.best_iteration) + 1 : rounds;
  }
  if (file.best_ntree_limit && *file.best_ntree_limit > 0) {
    const uint64_t best = *file.best_ntree_limit / std::max<uint64_t>(file.parallel_trees, 1);
    return static_cast<size_t>(std::clamp<uint64_t>(best, std::min<size_t>(1, rounds), rounds));
  }
  return rounds;
}

Result<void> assign_outputs(XgboostFile& file, size_t outputs) {
  std::vector<Tree>& trees = file.ensemble.trees;
  if (file.trees_told && *file.trees_told != trees.size()) {
    return refused("gbtree_model_param.num_trees is {}, the model has {} trees", *file.trees_told,
                   trees.size());
  }
  if (file.tree_outputs.size() != trees.size()) {
    return refused("tree_info has {} entries, the model has {} trees", file.tree_outputs.size(),
                   trees.size());
  }
  for (size_t t = 0; t < trees.size(); ++t) {
    if (file.tree_outputs[t] >= outputs) {
      return refused("tree_info[{}] is {}, the model has {} outputs", t, file.tree_outputs[t],
                     outputs);
    }
    trees[t].output = file.tree_outputs[t];
  }
  return {};
}

/// dart: a leaf counts as the float32 product of its value and its tree's weight.
Result<void> fold_weights(XgboostFile& file) {
  TreeEnsemble& ensemble = file.ensemble;
  if (file.tree_weights.size() != ensemble.trees.size()) {
    return refused("weight_drop has {} entries, the model has {} trees", file.tree_weights.size(),
                   ensemble.trees.size());
  }
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    const Tree& tree = ensemble.trees[t];
    const size_t begin = tree.leaf_begin * ensemble.leaf_width;
    const size_t end = begin + tree.leaf_count * ensemble.leaf_width;
    for (size_t leaf = begin; leaf < end; ++leaf) {
      const float product = static_cast<float>(ensemble.leaf_values[leaf]) * file.tree_weights[t];
      if (std::isnan(product)) {
        return refused("weight_drop[{}] is {}, which makes a leaf NaN", t, file.tree_weights[t]);
      }
      ensemble.leaf_values[leaf] = static_cast<double>(product);
    }
  }
  return {};
}

Result<TreeParameters> trees_of(XgboostFile& file, const XgboostObjective& objective,
                                const std::vector<float>& margins) {
  TreeParameters trees{.link = objective.link, .objective = std::string(objective.name)};
  TreeEnsemble& ensemble = file.ensemble;
  ensemble.features = file.features;
  ensemble.outputs = margins.size();
  if (ensemble.trees.empty()) {
    ensemble.leaf_width = 1;
  }
  if (ensemble.leaf_width > 1 && ensemble.leaf_width != margins.size()) {
    return refused("tree_param.size_leaf_vector is {}, the model has {} outputs",
                   ensemble.leaf_width, margins.size());
  }
  ensemble.base_values.assign(margins.begin(), margins.end());
  if (!file.covers_known) {
    ensemble.node_covers.clear();
    ensemble.leaf_covers.clear();
  }
  RM_TRY(assign_outputs(file, ensemble.leaf_width > 1 ? 1 : margins.size()));
  if (file.booster == "dart") {
    RM_TRY(fold_weights(file));
  }
  RM_ASSIGN(ensemble.round_begins, rounds_of(file, margins.size()));
  trees.rounds = best_rounds(file, ensemble.rounds());
  trees.ensemble = std::move(ensemble);
  return trees;
}

Result<BoostedLinearParameters> linear_of(XgboostFile& file, const XgboostObjective& objective,
                                          const std::vector<float>& margins) {
  const size_t outputs = margins.size();
  const size_t expected = (static_cast<size_t>(file.features) + 1) * outputs;
  if (file.linear_weights.size() != expected) {
    return refused("gradient_booster.model.weights has {} entries, expected {}",
                   file.linear_weights.size(), expected);
  }
  BoostedLinearParameters linear{.link = objective.link,
                                 .objective = std::string(objective.name),
                                 .outputs = outputs,
                                 .base = margins.front(),  // for every class, as XGBoost has it
                                 .bias = {},
                                 .weights = {}};
  const auto bias = file.linear_weights.end() - static_cast<ptrdiff_t>(outputs);
  linear.bias.assign(bias, file.linear_weights.end());
  file.linear_weights.erase(bias, file.linear_weights.end());
  linear.weights = std::move(file.linear_weights);
  return linear;
}

/// How much the weights of each feature come to.
std::vector<double> sizes_of(const BoostedLinearParameters& linear) {
  std::vector<double> sizes(linear.weights.size() / linear.outputs);
  for (size_t i = 0; i < linear.weights.size(); ++i) {
    sizes[i / linear.outputs] += std::fabs(static_cast<double>(linear.weights[i]));
  }
  return sizes;
}

}  // namespace

Result<Model> model_of(XgboostFile file) {
  if (!file.missing.empty()) {
    return refused("{} is missing", file.missing);
  }
  RM_TRY(expect_version(file));
  if (file.base_scores.empty()) {
    return refused("learner_model_param.base_score is missing");
  }
  if (file.objective.empty()) {
    return refused("objective.name is missing");
  }
  const XgboostObjective* objective = xgboost_objective(file.objective);
  if (objective == nullptr) {
    return fail(
        ErrorCode::kUnsupported,
        fmt::format("objective.name is \"{}\", which this build does not know", file.objective));
  }
  const uint64_t outputs = std::max({file.classes, file.targets, uint64_t{1}});
  if (outputs > kTreeOutputsMax) {
    return refused("learner_model_param.num_class or num_target is {}, at most {} are read",
                   outputs, kTreeOutputsMax);
  }
  if (objective->task == data::Task::kMulticlass && file.classes < 1) {
    return refused("learner_model_param.num_class is {}, {} needs 1 or more", file.classes,
                   objective->name);
  }
  Model model;
  RM_ASSIGN(const std::vector<float> margins, margins_of(file, *objective, outputs));
  model.output = output_of(file, *objective, outputs);
  model.provenance.trained_by = "xgboost " + version_of(file);
  RM_ASSIGN(model.schema, schema_of(file));
  if (file.booster == "gblinear") {
    RM_ASSIGN(BoostedLinearParameters linear, linear_of(file, *objective, margins));
    model.provenance.importance = gain_shares(sizes_of(linear), file.features);
    model.parameters = std::move(linear);
  } else if (file.booster == "gbtree" || file.booster == "dart") {
    model.provenance.importance = gain_shares(file.gains, file.features);
    RM_ASSIGN(model.parameters, trees_of(file, *objective, margins));
  } else {
    return fail(ErrorCode::kUnsupported,
                fmt::format("gradient_booster.name is \"{}\", expected gbtree, dart or gblinear",
                            file.booster));
  }
  RM_TRY(validate(model));
  return model;
}

}  // namespace ringmaker::model
