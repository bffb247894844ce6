#include "train/learner/linear_options.h"

#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ringmaker::train {
namespace {

using base::Result;
using config::Hyperparameters;

/// Which jobs a hyperparameter means something to.
enum class Scope : uint8_t {
  kEvery,
  kMiniBatch,
  kSgd,
  kAdam,
  kAdaptive,
  kRegression,
  kBinary,
  kMulticlass,
  kHinge,
  kInsensitive,
  kQuantile,
  kHuber,
  kBias,
  kSchedule,
  kUniformStart,
  kNormalStart,
  kFBeta,
  kTargetRecall,
  kTargetPrecision,
  kThreshold,
  kTopK,
  kNone
};

struct Name {
  std::string_view text;
  Scope scope;
  Scope further = Scope::kEvery;
};

constexpr std::array kNames{
    Name{"loss", Scope::kEvery},
    Name{"margin", Scope::kHinge},
    Name{"loss_insensitivity", Scope::kInsensitive},
    Name{"quantile", Scope::kQuantile},
    Name{"huber_delta", Scope::kHuber},
    Name{"wd", Scope::kEvery},
    Name{"l1", Scope::kEvery},
    Name{"bias_wd_mult", Scope::kBias},
    Name{"bias_lr_mult", Scope::kMiniBatch, Scope::kBias},
    Name{"use_bias", Scope::kEvery},
    Name{"normalize_data", Scope::kEvery},
    Name{"unbias_data", Scope::kEvery},
    Name{"normalize_label", Scope::kRegression},
    Name{"unbias_label", Scope::kRegression},
    Name{"num_point_for_scaler", Scope::kEvery},
    Name{"epochs", Scope::kEvery},
    Name{"early_stopping_tolerance", Scope::kEvery},
    Name{"early_stopping_patience", Scope::kEvery},
    Name{"optimizer", Scope::kEvery},
    Name{"mini_batch_size", Scope::kMiniBatch},
    Name{"learning_rate", Scope::kMiniBatch},
    Name{"momentum", Scope::kSgd},
    Name{"beta_1", Scope::kAdam},
    Name{"beta_2", Scope::kAdaptive},
    Name{"use_lr_scheduler", Scope::kMiniBatch},
    Name{"lr_scheduler_step", Scope::kMiniBatch, Scope::kSchedule},
    Name{"lr_scheduler_factor", Scope::kMiniBatch, Scope::kSchedule},
    Name{"lr_scheduler_minimum_lr", Scope::kMiniBatch, Scope::kSchedule},
    Name{"init_method", Scope::kMiniBatch},
    Name{"init_scale", Scope::kMiniBatch, Scope::kUniformStart},
    Name{"init_sigma", Scope::kMiniBatch, Scope::kNormalStart},
    Name{"init_bias", Scope::kMiniBatch, Scope::kBias},
    Name{"num_models", Scope::kNone},
    Name{"positive_example_weight_mult", Scope::kBinary},
    Name{"balance_multiclass_weights", Scope::kMulticlass},
    Name{"binary_classifier_model_selection_criteria", Scope::kBinary},
    Name{"f_beta", Scope::kFBeta},
    Name{"target_recall", Scope::kBinary, Scope::kTargetRecall},
    Name{"target_precision", Scope::kBinary, Scope::kTargetPrecision},
    Name{"num_calibration_samples", Scope::kBinary, Scope::kThreshold},
    Name{"accuracy_top_k", Scope::kMulticlass, Scope::kTopK},
    Name{"_tuning_objective_metric", Scope::kEvery},
};

constexpr auto kNameTexts = [] {
  std::array<std::string_view, kNames.size()> texts;
  for (size_t i = 0; i < kNames.size(); ++i) {
    texts[i] = kNames[i].text;
  }
  return texts;
}();

/// The score that a tuning job asks for, without its channel.
std::string_view asked_score(const LinearOptions& options) {
  const std::string_view asked = options.tuning_metric;
  return asked.substr(asked.find(':') + 1);
}

/// Why a hyperparameter of this scope changes nothing; empty when it does change something.
std::string_view reason_against(Scope scope, const LinearOptions& options, data::Task task,
                                LossKind loss, bool has_validation) {
  const auto only = [](bool applies, std::string_view reason) {
    return applies ? std::string_view() : reason;
  };
  const auto rule_is = [&](UpdateRule rule) {
    return options.mini_batch && options.mini_batch->rule == rule;
  };
  switch (scope) {
    case Scope::kEvery:
      return {};
    case Scope::kMiniBatch:
      return only(options.mini_batch.has_value(),
                  "mini-batches alone: optimizer sgd, adam or rmsprop");
    case Scope::kSgd:
      return only(rule_is(UpdateRule::kSgd), "optimizer sgd alone");
    case Scope::kAdam:
      return only(rule_is(UpdateRule::kAdam), "optimizer adam alone");
    case Scope::kAdaptive:
      return only(rule_is(UpdateRule::kAdam) || rule_is(UpdateRule::kRmsprop),
                  "optimizers adam and rmsprop alone");
    case Scope::kRegression:
      return only(task == data::Task::kRegression, "regressors alone");
    case Scope::kBinary:
      return only(task == data::Task::kBinary, "binary classifiers alone");
    case Scope::kMulticlass:
      return only(task == data::Task::kMulticlass, "multiclass classifiers alone");
    case Scope::kHinge:
      return only(loss == LossKind::kHinge, "hinge_loss alone");
    case Scope::kInsensitive:
      return only(
          loss == LossKind::kEpsInsensitiveAbsolute || loss == LossKind::kEpsInsensitiveSquared,
          "eps_insensitive losses alone");
    case Scope::kQuantile:
      return only(loss == LossKind::kQuantile, "quantile_loss alone");
    case Scope::kHuber:
      return only(loss == LossKind::kHuber, "huber_loss alone");
    case Scope::kBias:
      return only(options.use_bias, "there is no bias");
    case Scope::kSchedule:
      return only(options.mini_batch && options.mini_batch->scheduler_step > 0,
                  "use_lr_scheduler is false");
    case Scope::kUniformStart:
      return only(options.init && !options.init->normal, "init_method uniform alone");
    case Scope::kNormalStart:
      return only(options.init && options.init->normal, "init_method normal alone");
    case Scope::kFBeta:
      return only((task == data::Task::kBinary && (options.criterion == Criterion::kFBeta ||
                                                   asked_score(options) == "binary_f_beta")) ||
                      (task == data::Task::kMulticlass && asked_score(options) == "macro_f_beta"),
                  "criterion f_beta and scores of that name alone");
    case Scope::kTargetRecall:
      return only(options.criterion == Criterion::kPrecisionAtRecall,
                  "criterion precision_at_target_recall alone");
    case Scope::kTargetPrecision:
      return only(options.criterion == Criterion::kRecallAtPrecision,
                  "criterion recall_at_target_precision alone");
    case Scope::kThreshold:
      return only(chooses_threshold(options, has_validation), "no threshold is chosen");
    case Scope::kTopK:
      return only(asked_score(options) == "multiclass_top_k_accuracy",
                  "score multiclass_top_k_accuracy alone, for tuning jobs that ask for it");
    case Scope::kNone:
      return "one model is trained, to its optimum";
  }
  return {};
}

Result<void> read_loss(const Hyperparameters& given, LossChoice& loss) {
  RM_ASSIGN(const std::string named, given.choice("loss", "auto", loss_names()));
  loss.kind = loss_named(named);
  RM_ASSIGN(loss.margin, given.number("margin", loss.margin, 1e-6, 1e6));
  RM_ASSIGN(loss.insensitivity, given.number("loss_insensitivity", loss.insensitivity, 0, 1e6));
  RM_ASSIGN(loss.quantile, given.number("quantile", loss.quantile, 1e-6, 1 - 1e-6));
  RM_ASSIGN(loss.huber_delta, given.number("huber_delta", loss.huber_delta, 1e-6, 1e6));
  return {};
}

Result<void> read_scaling(const Hyperparameters& given, LinearOptions& options) {
  RM_ASSIGN(options.use_bias, given.boolean("use_bias", true));
  RM_ASSIGN(options.normalize_data, given.boolean("normalize_data", true));
  RM_ASSIGN(options.unbias_data, given.boolean("unbias_data", options.use_bias));
  RM_ASSIGN(options.normalize_label, given.boolean("normalize_label", true));
  RM_ASSIGN(options.unbias_label, given.boolean("unbias_label", options.use_bias));
  RM_ASSIGN(options.scaler_rows, given.integer("num_point_for_scaler", 0, 1, 1'000'000'000));
  return {};
}

Result<void> read_mini_batch(const Hyperparameters& given, MiniBatchOptions& options) {
  RM_ASSIGN(options.batch_rows,
            given.integer("mini_batch_size", options.batch_rows, 1, 100'000'000));
  RM_ASSIGN(options.learning_rate,
            given.number("learning_rate", options.learning_rate, 1e-12, 1e3));
  RM_ASSIGN(options.momentum, given.number("momentum", options.momentum, 0, 0.999999));
  RM_ASSIGN(options.beta_1, given.number("beta_1", options.beta_1, 0, 0.999999));
  RM_ASSIGN(options.beta_2, given.number("beta_2", options.beta_2, 0, 0.9999999));
  RM_ASSIGN(const bool scheduled, given.boolean("use_lr_scheduler", true));
  RM_ASSIGN(options.scheduler_step,
            given.integer("lr_scheduler_step", options.scheduler_step, 1, 1'000'000'000));
  options.scheduler_step = scheduled ? options.scheduler_step : 0;
  RM_ASSIGN(options.scheduler_factor,
            given.number("lr_scheduler_factor", options.scheduler_factor, 1e-9, 1));
  RM_ASSIGN(options.learning_rate_min,
            given.number("lr_scheduler_minimum_lr", options.learning_rate_min, 0, 1e3));
  RM_ASSIGN(options.bias_rate_mult, given.number("bias_lr_mult", 1, 0, 1e6));
  RM_ASSIGN(options.seed, given.integer("seed", options.seed, 0, INT64_MAX));
  return {};
}

Result<void> read_init(const Hyperparameters& given, InitOptions& init) {
  constexpr std::array<std::string_view, 2> kMethods{"uniform", "normal"};
  RM_ASSIGN(const std::string method, given.choice("init_method", "uniform", kMethods));
  init.normal = method == "normal";
  RM_ASSIGN(init.scale, given.number("init_scale", init.scale, 0, 1e3));
  RM_ASSIGN(init.sigma, given.number("init_sigma", init.sigma, 0, 1e3));
  RM_ASSIGN(init.bias, given.number("init_bias", init.bias, -1e6, 1e6));
  return {};
}

Result<void> read_solver(const Hyperparameters& given, LinearOptions& options) {
  constexpr std::array<std::string_view, 5> kOptimizers{"auto", "lbfgs", "sgd", "adam", "rmsprop"};
  RM_ASSIGN(const std::string optimizer, given.choice("optimizer", "auto", kOptimizers));
  MiniBatchOptions batches;
  batches.rule = optimizer == "sgd"       ? UpdateRule::kSgd
                 : optimizer == "rmsprop" ? UpdateRule::kRmsprop
                                          : UpdateRule::kAdam;
  InitOptions init;
  // Values are checked even where they have no effect: a tuner's ranges are worth knowing about.
  RM_TRY(read_mini_batch(given, batches));
  RM_TRY(read_init(given, init));
  if (optimizer != "auto" && optimizer != "lbfgs") {
    options.mini_batch = batches;
    if (given.text("init_method") || given.text("init_scale") || given.text("init_sigma") ||
        given.text("init_bias")) {
      options.init = init;
    }
  }
  RM_ASSIGN(options.wd, given.number("wd", options.wd, 0, 1e6));
  RM_ASSIGN(options.bias_wd_mult, given.number("bias_wd_mult", options.bias_wd_mult, 0, 1e6));
  RM_ASSIGN(options.l1, given.number("l1", options.l1, 0, 1e6));
  RM_ASSIGN(options.epochs, given.integer("epochs", options.epochs, 1, 1'000'000));
  RM_ASSIGN(options.tolerance, given.number("early_stopping_tolerance", options.tolerance, 0, 1));
  RM_ASSIGN(options.patience,
            given.integer("early_stopping_patience", options.patience, 1, 1'000'000));
  RM_TRY(given.integer("num_models", 1, 1, 1'000'000));
  return {};
}

Result<void> read_criterion(const Hyperparameters& given, LinearOptions& options) {
  struct Spelling {
    std::string_view name;
    Criterion criterion;
  };
  constexpr std::array kSpellings{
      Spelling{"accuracy", Criterion::kAccuracy},
      Spelling{"f_beta", Criterion::kFBeta},
      Spelling{"f1", Criterion::kFBeta},
      Spelling{"precision_at_target_recall", Criterion::kPrecisionAtRecall},
      Spelling{"recall_at_target_precision", Criterion::kRecallAtPrecision},
      Spelling{"loss_function", Criterion::kLoss},
      Spelling{"cross_entropy_loss", Criterion::kLoss}};
  std::array<std::string_view, kSpellings.size()> names;
  std::transform(kSpellings.begin(), kSpellings.end(), names.begin(),
                 [](const Spelling& spelling) { return spelling.name; });
  constexpr std::string_view kName = "binary_classifier_model_selection_criteria";
  RM_ASSIGN(options.threshold.beta, given.number("f_beta", 1, 1e-6, 1e6));
  RM_ASSIGN(options.threshold.target_recall, given.number("target_recall", 0.8, 0, 1));
  RM_ASSIGN(options.threshold.target_precision, given.number("target_precision", 0.8, 0, 1));
  RM_ASSIGN(options.calibration_rows,
            given.integer("num_calibration_samples", 0, 1, 1'000'000'000));
  if (given.text(kName)) {
    RM_ASSIGN(const std::string asked, given.choice(kName, "", names));
    options.criterion =
        std::find_if(kSpellings.begin(), kSpellings.end(), [&](const Spelling& one) {
          return one.name == asked;
        })->criterion;
    options.threshold.beta = asked == "f1" ? 1 : options.threshold.beta;
  }
  return {};
}

Result<void> read_class_weights(const Hyperparameters& given, LinearOptions& options) {
  constexpr std::string_view kName = "positive_example_weight_mult";
  const auto found = given.all().find(kName);
  const std::string positive =
      found == given.all().end() ? std::string() : base::lowercase(found->second);
  if (positive == "balanced") {
    options.class_weights.positive = -1;
  } else if (positive == "auto") {
    // What a weight would do for the criterion, the threshold does: it is chosen for it.
    options.criterion = options.criterion.value_or(Criterion::kAccuracy);
  } else {
    RM_ASSIGN(options.class_weights.positive, given.number(kName, 1, 1e-5, 1e5));
  }
  RM_ASSIGN(options.class_weights.balanced, given.boolean("balance_multiclass_weights", false));
  return {};
}

}  // namespace

std::span<const std::string_view> linear_hyperparameter_names() noexcept { return kNameTexts; }

base::Result<LinearOptions> make_linear_options(const Hyperparameters& hyperparameters) {
  LinearOptions options;
  RM_TRY(read_loss(hyperparameters, options.loss));
  RM_TRY(read_scaling(hyperparameters, options));
  RM_TRY(read_solver(hyperparameters, options));
  RM_TRY(read_criterion(hyperparameters, options));
  RM_TRY(read_class_weights(hyperparameters, options));
  RM_ASSIGN(options.accuracy_top_k, hyperparameters.integer("accuracy_top_k", 3, 1, 1'000'000));
  options.tuning_metric = hyperparameters.text("_tuning_objective_metric").value_or("");
  for (const auto& [name, value] : hyperparameters.all()) {
    if (base::lowercase(value) != "auto") {
      options.given.push_back(name);
    }
  }
  return options;
}

bool chooses_threshold(const LinearOptions& options, bool has_validation) noexcept {
  const bool weighted = options.class_weights.positive != 1;
  return options.criterion ? options.criterion != Criterion::kLoss : has_validation && !weighted;
}

std::string without_effect(const LinearOptions& options, data::Task task, LossKind loss,
                           bool has_validation) {
  std::vector<std::string> idle;
  for (const Name& name : kNames) {
    const bool given =
        std::find(options.given.begin(), options.given.end(), name.text) != options.given.end();
    std::string_view reason = reason_against(name.scope, options, task, loss, has_validation);
    if (reason.empty()) {
      reason = reason_against(name.further, options, task, loss, has_validation);
    }
    if (given && !reason.empty()) {
      idle.push_back(fmt::format("{} ({})", name.text, reason));
    }
  }
  return idle.empty() ? std::string()
                      : fmt::format("without effect here: {}", fmt::join(idle, ", "));
}

}  // namespace ringmaker::train
