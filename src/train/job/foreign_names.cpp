#include "train/job/foreign_names.h"

#include "base/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace ringmaker::train {
namespace {

/// XGBoost's, as its documentation and SageMaker's list them, but for `seed`, `csv_weights` and
/// what else is ours as well.
constexpr std::array kXgboost = std::to_array<std::string_view>({"_kfold",
                                                                 "_num_cv_round",
                                                                 "aft_loss_distribution",
                                                                 "aft_loss_distribution_scale",
                                                                 "alpha",
                                                                 "base_score",
                                                                 "booster",
                                                                 "colsample_bylevel",
                                                                 "colsample_bynode",
                                                                 "colsample_bytree",
                                                                 "deterministic_histogram",
                                                                 "device",
                                                                 "dsplit",
                                                                 "early_stopping_rounds",
                                                                 "eta",
                                                                 "eval_metric",
                                                                 "feature_selector",
                                                                 "gamma",
                                                                 "grow_policy",
                                                                 "huber_slope",
                                                                 "interaction_constraints",
                                                                 "lambda",
                                                                 "lambda_bias",
                                                                 "max_bin",
                                                                 "max_delta_step",
                                                                 "max_depth",
                                                                 "max_leaves",
                                                                 "min_child_weight",
                                                                 "min_split_loss",
                                                                 "monotone_constraints",
                                                                 "n_estimators",
                                                                 "normalize_type",
                                                                 "nthread",
                                                                 "num_class",
                                                                 "num_parallel_tree",
                                                                 "num_round",
                                                                 "objective",
                                                                 "one_drop",
                                                                 "predictor",
                                                                 "prob_buffer_row",
                                                                 "process_type",
                                                                 "rate_drop",
                                                                 "refresh_leaf",
                                                                 "reg_alpha",
                                                                 "reg_lambda",
                                                                 "sample_type",
                                                                 "sampling_method",
                                                                 "save_model_on_termination",
                                                                 "scale_pos_weight",
                                                                 "single_precision_histogram",
                                                                 "sketch_eps",
                                                                 "skip_drop",
                                                                 "subsample",
                                                                 "top_k",
                                                                 "tree_method",
                                                                 "tweedie_variance_power",
                                                                 "updater",
                                                                 "use_dask_gpu_training",
                                                                 "verbosity"});
static_assert(std::ranges::is_sorted(kXgboost));

/// What other libraries call what we have, where neither spelling nor words tell.
struct Synonym {
  std::string_view foreign;
  std::string_view ours;
  std::string_view hint = {};
};
constexpr std::array kSynonyms = std::to_array<Synonym>({
    {"C", "wd", ", which is 1 / (C times the rows)"},
    {"batch_size", "mini_batch_size"},
    {"class_weight", "positive_example_weight_mult"},
    {"fit_intercept", "use_bias"},
    {"l2", "wd"},
    {"lr", "learning_rate"},
    {"max_iter", "epochs"},
    {"penalty", "wd", "; l1 is another"},
    {"random_state", "seed"},
    {"regularization", "wd", "; l1 is another"},
    {"target", "label"},
    {"tol", "early_stopping_tolerance"},
    {"weight_decay", "wd"},
});

}  // namespace

std::string foreign_name_text(std::string_view name) {
  if (const auto synonym = std::ranges::find_if(
          kSynonyms,
          [&](const Synonym& one) { return base::equals_ignoring_case(one.foreign, name); });
      synonym != kSynonyms.end()) {
    return fmt::format("hyperparameter \"{}\" is unknown; here it is \"{}\"{}", name, synonym->ours,
                       synonym->hint);
  }
  if (!std::ranges::binary_search(kXgboost, name)) {
    return {};
  }
  return fmt::format(
      "hyperparameter \"{}\" is a name of XGBoost; linear models are trained here, by the names of "
      "Linear Learner, and no trees. A model that XGBoost has trained is served as it is",
      name);
}

}  // namespace ringmaker::train
