// LinearOptions: what a job may say about a linear model, under Linear Learner's names.
#pragma once

#include "base/result.h"
#include "config/hyperparameters.h"
#include "data/schema.h"
#include "train/evaluation/decision_threshold.h"
#include "train/learner/row_weights.h"
#include "train/objective/loss_choice.h"
#include "train/solver/mini_batch.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

/// Where mini-batches start. L-BFGS comes to the same minimum from anywhere, and starts at zero.
struct InitOptions {
  bool normal = false;  // weights: normal with `sigma`; else uniform within +-`scale`
  double scale = 0.07;
  double sigma = 0.01;
  double bias = 0;
};

/// Penalties, biases and distances of losses are those of standardised columns and labels.
struct LinearOptions {
  LossChoice loss;
  /// L2 penalty, wd/2 |w|^2 beside the mean loss; negative: 1 / rows. Biases bear bias_wd_mult
  /// times as much.
  double wd = -1;
  double bias_wd_mult = 0;
  double l1 = 0;
  /// Iterations of L-BFGS, or passes of mini-batches, at most; 0: as the solver needs.
  uint64_t epochs = 0;

  bool use_bias = true;
  bool normalize_data = true;
  bool unbias_data = true;
  bool normalize_label = true;  // regression
  bool unbias_label = true;     // regression
  uint64_t scaler_rows = 0;     // columns are measured on the first this many rows; 0: on all

  /// The solver stops when the loss falls by less than `tolerance`, relatively, in `patience`
  /// iterations or epochs one after another. Negative: 1e-9 for L-BFGS; 1e-3 for mini-batches,
  /// which look at the validation loss where there is one.
  double tolerance = -1;
  uint64_t patience = 3;
  /// Set: mini-batches with these rules in place of L-BFGS.
  std::optional<MiniBatchOptions> mini_batch = std::nullopt;
  /// Set: where mini-batches start; else at zero.
  std::optional<InitOptions> init = std::nullopt;

  ClassWeights class_weights;
  /// How the decision threshold of a binary model is chosen: on validation data, or when it is
  /// asked for on training data. Unset and no class weights given: accuracy on validation data.
  std::optional<Criterion> criterion = std::nullopt;
  ThresholdOptions threshold;
  uint64_t calibration_rows = 0;  // chosen on the first this many; 0: on all

  uint64_t accuracy_top_k = 3;
  /// "validation:objective_loss", as a tuning job asks; empty: none.
  std::string tuning_metric;
  /// Names that were given a value other than "auto", to say which of them have no effect.
  std::vector<std::string> given;
};

/// Reads the hyperparameters that are the learner's own. kInvalidInput names value and range.
[[nodiscard]] base::Result<LinearOptions> make_linear_options(
    const config::Hyperparameters& hyperparameters);
/// Their names.
[[nodiscard]] std::span<const std::string_view> linear_hyperparameter_names() noexcept;

/// The decision threshold of a binary model is chosen by a criterion, and not left neutral.
[[nodiscard]] bool chooses_threshold(const LinearOptions& options, bool has_validation) noexcept;

/// Of the names given, those that change nothing for this task and these options, each with the
/// reason, in one sentence; empty when there are none. `loss` is not kAuto.
[[nodiscard]] std::string without_effect(const LinearOptions& options, data::Task task,
                                         LossKind loss, bool has_validation);

}  // namespace ringmaker::train
