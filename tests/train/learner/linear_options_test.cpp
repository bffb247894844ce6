#include "train/learner/linear_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace ringmaker::train {
namespace {

using data::Task;
using testing::HasSubstr;
using testing::Not;

base::Result<LinearOptions> options_of(const std::map<std::string, std::string>& values) {
  config::Hyperparameters hyperparameters;
  for (const auto& [name, value] : values) {
    hyperparameters.set(name, value);
  }
  EXPECT_TRUE(hyperparameters.check_names(linear_hyperparameter_names()));
  return make_linear_options(hyperparameters);
}

TEST(LinearOptions, EveryNameAcceptsAuto) {
  const LinearOptions plain = *options_of({});
  for (const std::string_view name : linear_hyperparameter_names()) {
    const auto options = options_of({{std::string(name), "auto"}});
    ASSERT_TRUE(options) << name << ": " << options.error().message();
    EXPECT_EQ(options->wd, plain.wd) << name;
    EXPECT_TRUE(options->given.empty()) << name;
  }
}

TEST(LinearOptions, ValuesOutOfRangeAreNamedWithTheirRange) {
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"wd", "-1"},
                                          {"epochs", "0"},
                                          {"optimizer", "magic"},
                                          {"l1", "much"},
                                          {"loss", "zero_one"},
                                          {"quantile", "1.5"},
                                          {"huber_delta", "0"},
                                          {"margin", "-1"},
                                          {"loss_insensitivity", "-0.1"},
                                          {"learning_rate", "0"},
                                          {"momentum", "1"},
                                          {"beta_1", "1"},
                                          {"beta_2", "2"},
                                          {"bias_lr_mult", "-1"},
                                          {"bias_wd_mult", "nan"},
                                          {"use_bias", "maybe"},
                                          {"normalize_label", "2"},
                                          {"init_method", "zeros"},
                                          {"init_scale", "inf"},
                                          {"num_models", "0"},
                                          {"num_calibration_samples", "0"},
                                          {"num_point_for_scaler", "0.5"},
                                          {"positive_example_weight_mult", "heavy"},
                                          {"binary_classifier_model_selection_criteria", "gut"},
                                          {"target_recall", "1.01"},
                                          {"f_beta", "0"},
                                          {"accuracy_top_k", "0"},
                                          {"early_stopping_patience", "0"},
                                          {"lr_scheduler_factor", "1.5"}}) {
    const auto options = options_of({{name, value}});
    ASSERT_FALSE(options) << name;
    EXPECT_THAT(options.error().message(),
                HasSubstr("hyperparameter \"" + name + "\" is \"" + value + "\"; it is "));
  }
}

TEST(LinearOptions, LossesComeWithTheirNumbers) {
  const LinearOptions options = *options_of({{"loss", "quantile_loss"},
                                             {"quantile", "0.9"},
                                             {"huber_delta", "2"},
                                             {"margin", "3"},
                                             {"loss_insensitivity", "0.5"}});
  EXPECT_EQ(options.loss.kind, LossKind::kQuantile);
  EXPECT_EQ(options.loss.quantile, 0.9);
  EXPECT_EQ(options.loss.huber_delta, 2);
  EXPECT_EQ(options.loss.margin, 3);
  EXPECT_EQ(options.loss.insensitivity, 0.5);
}

TEST(LinearOptions, WithoutABiasNothingIsCentredUnlessAsked) {
  EXPECT_FALSE(options_of({{"use_bias", "false"}})->unbias_data);
  EXPECT_FALSE(options_of({{"use_bias", "false"}})->unbias_label);
  EXPECT_TRUE(options_of({{"use_bias", "false"}, {"unbias_data", "true"}})->unbias_data);
  EXPECT_TRUE(options_of({})->unbias_data);
  EXPECT_FALSE(options_of({{"unbias_data", "False"}})->unbias_data);
}

TEST(LinearOptions, MiniBatchesStartWhereTheyAreTold) {
  EXPECT_FALSE(options_of({})->mini_batch);
  EXPECT_FALSE(options_of({{"optimizer", "adam"}})->init);
  const LinearOptions options = *options_of({{"optimizer", "sgd"},
                                             {"init_method", "normal"},
                                             {"init_bias", "-2"},
                                             {"bias_lr_mult", "10"}});
  ASSERT_TRUE(options.mini_batch);
  EXPECT_EQ(options.mini_batch->rule, UpdateRule::kSgd);
  EXPECT_EQ(options.mini_batch->bias_rate_mult, 10);
  ASSERT_TRUE(options.init);
  EXPECT_TRUE(options.init->normal);
  EXPECT_EQ(options.init->bias, -2);
}

TEST(LinearOptions, CriteriaHaveOlderNamesToo) {
  const auto criterion_of = [](const std::string& name) {
    return options_of({{"binary_classifier_model_selection_criteria", name}})->criterion;
  };
  EXPECT_EQ(criterion_of("accuracy"), Criterion::kAccuracy);
  EXPECT_EQ(criterion_of("f_beta"), Criterion::kFBeta);
  EXPECT_EQ(criterion_of("f1"), Criterion::kFBeta);
  EXPECT_EQ(criterion_of("precision_at_target_recall"), Criterion::kPrecisionAtRecall);
  EXPECT_EQ(criterion_of("recall_at_target_precision"), Criterion::kRecallAtPrecision);
  EXPECT_EQ(criterion_of("loss_function"), Criterion::kLoss);
  EXPECT_EQ(criterion_of("cross_entropy_loss"), Criterion::kLoss);
  EXPECT_EQ(criterion_of("auto"), std::nullopt);
}

TEST(LinearOptions, PositivesWeighANumberOrBalancedOrAuto) {
  EXPECT_EQ(options_of({{"positive_example_weight_mult", "2.5"}})->class_weights.positive, 2.5);
  EXPECT_LT(options_of({{"positive_example_weight_mult", "balanced"}})->class_weights.positive, 0);
  const LinearOptions chosen = *options_of({{"positive_example_weight_mult", "auto"}});
  EXPECT_EQ(chosen.class_weights.positive, 1);
  EXPECT_EQ(chosen.criterion, Criterion::kAccuracy);
}

TEST(LinearOptions, WhatHasNoEffectIsToldOnceWithItsReason) {
  const LinearOptions options = *options_of({{"learning_rate", "0.1"},
                                             {"num_models", "32"},
                                             {"quantile", "0.9"},
                                             {"normalize_label", "true"},
                                             {"wd", "0.1"}});
  const std::string note = without_effect(options, Task::kBinary, LossKind::kLogistic, false);
  EXPECT_THAT(note, HasSubstr("learning_rate (mini-batches alone"));
  EXPECT_THAT(note, HasSubstr("num_models (one model is trained, to its optimum)"));
  EXPECT_THAT(note, HasSubstr("quantile (quantile_loss alone)"));
  EXPECT_THAT(note, HasSubstr("normalize_label (regressors alone)"));
  EXPECT_THAT(note, Not(HasSubstr("wd")));
  EXPECT_EQ(without_effect(*options_of({{"wd", "0.1"}, {"momentum", "auto"}}), Task::kBinary,
                           LossKind::kLogistic, false),
            "");
  EXPECT_THAT(without_effect(*options_of({{"optimizer", "adam"}, {"momentum", "0.5"}}),
                             Task::kBinary, LossKind::kLogistic, false),
              HasSubstr("momentum (optimizer sgd alone)"));
}

TEST(LinearOptions, NumbersOfThresholdsAndScoresThatAreNotChosenHaveNoEffect) {
  using Values = std::map<std::string, std::string>;
  const auto note = [](const Values& values, Task task = Task::kBinary, bool validation = false) {
    return without_effect(*options_of(values), task, LossKind::kAuto, validation);
  };
  const std::string criterion = "binary_classifier_model_selection_criteria";
  const std::string tuning = "_tuning_objective_metric";
  EXPECT_EQ(note({{"f_beta", "2"}}),
            "without effect here: f_beta (criterion f_beta and scores of that name alone)");
  EXPECT_THAT(note({{"f_beta", "2"}}, Task::kRegression), HasSubstr("f_beta ("));
  EXPECT_THAT(note({{"f_beta", "2"}, {tuning, "train:binary_f_beta"}}, Task::kMulticlass),
              HasSubstr("f_beta ("));
  EXPECT_EQ(note({{"f_beta", "2"}, {criterion, "f_beta"}}), "");
  EXPECT_EQ(note({{"f_beta", "2"}, {tuning, "train:binary_f_beta"}}), "");
  EXPECT_EQ(note({{"f_beta", "2"}, {tuning, "macro_f_beta"}}, Task::kMulticlass), "");

  EXPECT_EQ(note({{"target_recall", "0.9"}}, Task::kBinary, true),
            "without effect here: target_recall (criterion precision_at_target_recall alone)");
  EXPECT_EQ(note({{"target_recall", "0.9"}, {criterion, "precision_at_target_recall"}}), "");
  EXPECT_THAT(note({{"target_precision", "0.9"}, {criterion, "accuracy"}}),
              HasSubstr("target_precision (criterion recall_at_target_precision alone)"));
  EXPECT_EQ(note({{"target_precision", "0.9"}, {criterion, "recall_at_target_precision"}}), "");

  EXPECT_EQ(note({{"num_calibration_samples", "9"}}),
            "without effect here: num_calibration_samples (no threshold is chosen)");
  EXPECT_THAT(note({{"num_calibration_samples", "9"}, {criterion, "loss_function"}}),
              HasSubstr("num_calibration_samples ("));
  EXPECT_EQ(note({{"num_calibration_samples", "9"}}, Task::kBinary, true), "");
  EXPECT_EQ(note({{"num_calibration_samples", "9"}, {criterion, "f1"}}), "");

  EXPECT_THAT(note({{"accuracy_top_k", "5"}}, Task::kMulticlass),
              HasSubstr("accuracy_top_k (score multiclass_top_k_accuracy alone"));
  EXPECT_EQ(note({{"accuracy_top_k", "5"}, {tuning, "train:multiclass_top_k_accuracy"}},
                 Task::kMulticlass),
            "");
}

TEST(LinearOptions, NumbersOfWhatIsSwitchedOffHaveNoEffect) {
  const auto note = [](std::map<std::string, std::string> values) {
    values.emplace("optimizer", "sgd");
    return without_effect(*options_of(values), Task::kRegression, LossKind::kSquared, false);
  };
  EXPECT_EQ(note({{"use_bias", "false"}, {"bias_wd_mult", "1"}, {"init_bias", "1"}}),
            "without effect here: bias_wd_mult (there is no bias), init_bias (there is no bias)");
  EXPECT_EQ(note({{"bias_wd_mult", "1"}, {"bias_lr_mult", "2"}, {"init_bias", "1"}}), "");
  EXPECT_EQ(note({{"use_lr_scheduler", "false"}, {"lr_scheduler_step", "9"}}),
            "without effect here: lr_scheduler_step (use_lr_scheduler is false)");
  EXPECT_EQ(note({{"lr_scheduler_step", "9"}}), "");
  EXPECT_EQ(note({{"init_sigma", "1"}}),
            "without effect here: init_sigma (init_method normal alone)");
  EXPECT_EQ(note({{"init_method", "normal"}, {"init_scale", "1"}}),
            "without effect here: init_scale (init_method uniform alone)");
  EXPECT_EQ(note({{"init_scale", "1"}}), "");
}

TEST(LinearOptions, WordsHaveNoCase) {
  EXPECT_EQ(options_of({{"optimizer", "SGD"}})->mini_batch->rule, UpdateRule::kSgd);
  EXPECT_EQ(options_of({{"positive_example_weight_mult", "Balanced"}})->class_weights.positive, -1);
  EXPECT_TRUE(options_of({{"wd", "Auto"}})->given.empty());
}

}  // namespace
}  // namespace ringmaker::train
