#include "model/import/lightgbm/lightgbm_model.h"

#include "model/import/gain_shares.h"
#include "model/import/lightgbm/lightgbm_objective.h"
#include "model/import/lightgbm/pandas_categories.h"
#include "model/tree/validate_trees.h"

#include <fmt/core.h>

#include <algorithm>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

template <class... Values>
auto refused(fmt::format_string<Values...> format, Values&&... values) {
  return fail(ErrorCode::kInvalidInput, fmt::format(format, std::forward<Values>(values)...));
}

/// Raw values of a row: one a tree of a round.
Result<size_t> outputs_of(const LightgbmFile& file, const LightgbmObjective& objective) {
  const auto outputs = file.trees_per_round ? file.trees_per_round : file.classes;
  if (!outputs) {
    return refused("num_tree_per_iteration is missing");
  }
  if (*outputs == 0 || *outputs > kTreeOutputsMax) {
    return refused("num_tree_per_iteration is {}, from 1 to {} are read", *outputs,
                   kTreeOutputsMax);
  }
  const bool multiclass = objective.task == data::Task::kMulticlass;
  if (multiclass && (*outputs < 2 || objective.classes.value_or(*outputs) != *outputs)) {
    return refused("num_tree_per_iteration is {}, the objective {} has {} classes", *outputs,
                   objective.name, objective.classes.value_or(file.classes.value_or(0)));
  }
  if (objective.task == data::Task::kBinary && *outputs != 1) {
    return refused("num_tree_per_iteration is {}, the objective {} has 1", *outputs,
                   objective.name);
  }
  return static_cast<size_t>(*outputs);
}

/// "Column_0", "Column_1", ...: what LightGBM calls features of data without names.
bool names_are_made_up(const std::vector<std::string>& names) {
  for (size_t j = 0; j < names.size(); ++j) {
    if (names[j] != fmt::format("Column_{}", j)) {
      return false;
    }
  }
  return true;
}

data::OutputSchema output_of(data::Task task, size_t outputs) {
  data::OutputSchema output{.task = task};
  if (task == data::Task::kBinary) {
    output.class_names = {"0", "1"};
  } else if (outputs > 1) {
    auto& names = task == data::Task::kMulticlass ? output.class_names : output.value_names;
    for (size_t k = 0; k < outputs; ++k) {
      names.push_back(fmt::format("{}", k));
    }
  }
  return output;
}

Result<TreeEnsemble> ensemble_of(LightgbmFile& file, size_t outputs) {
  TreeEnsemble ensemble = std::move(file.ensemble);
  if (ensemble.trees.size() % outputs != 0) {
    return refused("the model has {} trees, no multiple of num_tree_per_iteration, which is {}",
                   ensemble.trees.size(), outputs);
  }
  ensemble.features = file.feature_names.size();
  ensemble.outputs = outputs;
  ensemble.precision = Precision::kFloat64;
  ensemble.tiny_is_zero = true;
  ensemble.base_values.assign(outputs, 0);
  if (!file.covers_known) {
    ensemble.node_covers.clear();
    ensemble.leaf_covers.clear();
  }
  for (size_t t = 0; t < ensemble.trees.size(); ++t) {
    ensemble.trees[t].output = static_cast<uint32_t>(t % outputs);
  }
  for (size_t begin = 0; begin <= ensemble.trees.size(); begin += outputs) {
    ensemble.round_begins.push_back(static_cast<uint32_t>(begin));
  }
  return ensemble;
}

}  // namespace

Result<Model> model_of(LightgbmFile file) {
  RM_ASSIGN(const LightgbmObjective objective, lightgbm_objective(file.objective));
  RM_ASSIGN(const size_t outputs, outputs_of(file, objective));
  Model model;
  model.output = output_of(objective.task, outputs);
  model.provenance.trained_by = fmt::format("lightgbm (model {})", file.version);
  model.provenance.importance = gain_shares(file.gains, file.feature_names.size());
  TreeParameters trees{.link = objective.link,
                       .objective = file.objective.empty() ? "custom" : file.objective,
                       .slope = objective.slope,
                       .average = file.average_output};
  RM_ASSIGN(trees.ensemble, ensemble_of(file, outputs));
  trees.rounds = trees.ensemble.rounds();  // a file holds no rounds behind the best
  RM_ASSIGN(model.schema.category_names, pandas_categories(file));
  model.schema.unknown_text_missing = !model.schema.category_names.empty();
  model.schema.features_named = !names_are_made_up(file.feature_names);
  model.schema.blanks_as_underscores = model.schema.features_named;
  model.schema.feature_names = std::move(file.feature_names);
  model.parameters = std::move(trees);
  RM_TRY(validate(model));
  return model;
}

}  // namespace ringmaker::model
