#include "train/learner/linear_learner.h"

#include "tests/train/learner/learner_test_support.h"
#include "train/learner/model_scores.h"
#include "train/learner/scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ringmaker::train {
namespace {

const model::LinearParameters& linear_of(const model::Model& model) {
  return std::get<model::LinearParameters>(model.parameters);
}

/// y = 3 + 2 x0 - 0.5 x1 + 40 x2
Dataset line(size_t rows, uint64_t seed = 1) {
  Dataset dataset = random_rows(rows, 3, seed);
  for (size_t i = 0; i < rows; ++i) {
    const float* x = dataset.features.view().row(i);
    dataset.labels.push_back(3 + 2 * static_cast<double>(x[0]) - 0.5 * static_cast<double>(x[1]) +
                             40 * static_cast<double>(x[2]));
  }
  return dataset;
}

Dataset classes(size_t rows, size_t count, uint64_t seed = 1) {
  Dataset dataset = random_rows(rows, 3, seed);
  for (size_t i = 0; i < rows; ++i) {
    const float* x = dataset.features.view().row(i);
    const double place = (static_cast<double>(x[0]) + 1) / 2;  // uniform in [0, 1)
    dataset.labels.push_back(std::floor(place * static_cast<double>(count)));
  }
  dataset.output.task = count == 2 ? data::Task::kBinary : data::Task::kMulticlass;
  for (size_t k = 0; k < count; ++k) {
    dataset.output.class_names.push_back(fmt::format("class {}", k));
  }
  return dataset;
}

model::Model fitted(const Dataset& dataset, const LinearOptions& options,
                    TrainingObserver& observer) {
  auto model = LinearLearner(options).fit(dataset, nullptr, observer);
  EXPECT_TRUE(model) << model.error().message();
  return std::move(*model);
}

TEST(LinearLearner, FindsTheLineInValuesAsTheyCame) {
  RememberingObserver observer;
  LinearOptions options;
  options.wd = 0;
  const model::Model model = fitted(line(200), options, observer);
  EXPECT_NEAR(linear_of(model).weights[0], 2, 1e-3);
  EXPECT_NEAR(linear_of(model).weights[1], -0.5, 1e-4);
  EXPECT_NEAR(linear_of(model).weights[2], 40, 0.05);
  EXPECT_NEAR(linear_of(model).bias[0], 3, 0.02);
  EXPECT_LT(observer.train.at("rmse"), 1e-3);
}

TEST(LinearLearner, ScoresOfTheModelAreThoseThatWereReported) {
  RememberingObserver observer;
  const Dataset dataset = classes(300, 3);
  const model::Model model = fitted(dataset, {}, observer);
  const auto predictor = model::compile(model, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor);
  data::DenseBlock scores(3, dataset.rows());
  scores.resize(dataset.rows());
  (*predictor)->predict(dataset.features.view(), scores.span());
  double loss = 0;
  for (size_t i = 0; i < dataset.rows(); ++i) {
    loss -=
        std::log(static_cast<double>(scores.view().row(i)[static_cast<size_t>(dataset.labels[i])]));
  }
  EXPECT_NEAR(loss / 300, observer.train.at("mlogloss"), 1e-5);
  EXPECT_LT(observer.train.at("merror"), 0.1);
}

TEST(LinearLearner, AMissingValueIsFilledWithTheMeanOfItsColumn) {
  Dataset dataset = line(100);
  double mean = 0;
  for (size_t i = 0; i < 100; ++i) {
    float& value = dataset.features.span().row(i)[1];
    value = i % 4 == 0 ? std::numeric_limits<float>::quiet_NaN() : value;
    mean += i % 4 == 0 ? 0 : static_cast<double>(value) / 75;
  }
  RememberingObserver observer;
  EXPECT_NEAR(linear_of(fitted(dataset, {}, observer)).fill[1], mean, 1e-3);
}

TEST(LinearLearner, TheL1PenaltyDropsColumnsThatSayNothing) {
  RememberingObserver observer;
  LinearOptions options;
  options.l1 = 0.05;
  const model::Model model = fitted(classes(500, 2), options, observer);
  EXPECT_NE(linear_of(model).weights[0], 0);
  EXPECT_EQ(linear_of(model).weights[1], 0);
  EXPECT_EQ(linear_of(model).weights[2], 0);
  EXPECT_LT(observer.train.at("error"), 0.1);
}

TEST(LinearLearner, ConstantAndEntirelyMissingColumnsDoNoHarm) {
  Dataset dataset = line(50);
  for (size_t i = 0; i < 50; ++i) {
    dataset.features.span().row(i)[0] = 7;
    dataset.features.span().row(i)[1] = std::numeric_limits<float>::quiet_NaN();
  }
  RememberingObserver observer;
  const model::Model model = fitted(dataset, {}, observer);
  EXPECT_TRUE(model::validate(model));
}

TEST(LinearLearner, ASecondRunGivesTheSameBits) {
  RememberingObserver observer;
  const model::Model first = fitted(classes(200, 3), {}, observer);
  const model::Model second = fitted(classes(200, 3), {}, observer);
  EXPECT_EQ(linear_of(first).weights, linear_of(second).weights);
  EXPECT_EQ(linear_of(first).bias, linear_of(second).bias);
}

TEST(LinearLearner, ValidationIsScoredEachRound) {
  RememberingObserver observer;
  const Dataset train = line(200);
  const Dataset validation = line(50, 2);
  ASSERT_TRUE(LinearLearner({}).fit(train, &validation, observer));
  EXPECT_LT(observer.validation.at("rmse"), 1);
  EXPECT_GT(observer.rounds, 2U);
}

TEST(LinearLearner, AskedToStopItReturnsWhatItHas) {
  RememberingObserver observer(3);
  const model::Model model = fitted(classes(200, 2), {}, observer);
  EXPECT_EQ(observer.rounds, 3U);
  EXPECT_TRUE(model::validate(model));
}

/// Six classes in a row, by columns that are powers of one: the optimum is far away.
Dataset far_from_its_optimum() {
  constexpr int kPowers = 12;
  constexpr int kClasses = 6;
  Dataset dataset = random_rows(400, kPowers, 5);
  base::Random random(6);
  for (size_t i = 0; i < dataset.rows(); ++i) {
    const double at = random.uniform() * 2 - 1;
    for (int j = 0; j < kPowers; ++j) {
      dataset.features.span().row(i)[j] = static_cast<float>(std::pow(at, j + 1));
    }
    dataset.labels.push_back(random.chance(0.15) ? static_cast<double>(random.below(kClasses))
                                                 : std::floor((at + 1) / 2 * kClasses));
  }
  dataset.output.task = data::Task::kMulticlass;
  for (int k = 0; k < kClasses; ++k) {
    dataset.output.class_names.push_back(fmt::format("class {}", k));
  }
  return dataset;
}

TEST(LinearLearner, TheToleranceEndsTheDescentHoweverManyPassesItTakes) {
  LinearOptions options;
  options.wd = 1e-6;
  RememberingObserver observer;
  (void)fitted(far_from_its_optimum(), options, observer);
  EXPECT_GT(observer.rounds, 300U);
  EXPECT_TRUE(observer.notes.empty()) << observer.notes.front();
}

TEST(LinearLearner, MiniBatchesComeNearTheSolversLoss) {
  for (const UpdateRule rule : {UpdateRule::kSgd, UpdateRule::kAdam, UpdateRule::kRmsprop}) {
    RememberingObserver solved;
    RememberingObserver descended;
    (void)fitted(line(2000), {}, solved);
    LinearOptions options;
    options.mini_batch = MiniBatchOptions{.rule = rule, .batch_rows = 50, .seed = 3};
    options.epochs = 100;
    options.tolerance = 0;
    const model::Model first = fitted(line(2000), options, descended);
    EXPECT_LT(descended.train.at("rmse"), solved.train.at("rmse") + 1) << static_cast<int>(rule);
    EXPECT_EQ(linear_of(first).weights, linear_of(fitted(line(2000), options, descended)).weights);
  }
}

TEST(LinearLearner, MiniBatchesStopEarlyWhenNothingImproves) {
  RememberingObserver observer;
  LinearOptions options;
  options.mini_batch = MiniBatchOptions{.batch_rows = 20};
  options.epochs = 1000;
  (void)fitted(classes(500, 2), options, observer);
  EXPECT_LT(observer.rounds, 500U);
}

TEST(LinearLearner, TheEpochThatIsKeptIsTold) {
  const Dataset dataset = line(500);
  LinearOptions options;
  // The steps grow eightfold after each epoch, until they lead away.
  options.mini_batch = MiniBatchOptions{.rule = UpdateRule::kSgd,
                                        .batch_rows = 10,
                                        .learning_rate = 0.05,
                                        .scheduler_step = 50,
                                        .scheduler_factor = 8};
  options.epochs = 6;
  options.patience = 6;
  RememberingObserver observer;
  const model::Model model = fitted(dataset, options, observer);
  ASSERT_LT(observer.best_round, observer.last_round);
  ASSERT_NE(observer.best_train.at("rmse"), observer.train.at("rmse"));
  const auto scores = score_model(model, dataset, options);
  ASSERT_TRUE(scores) << scores.error().message();
  for (const ModelScore& score : *scores) {
    const double told = observer.best_train.at(std::string(score.name));
    EXPECT_NEAR(score.value, told, 1e-3 * told) << score.name;
  }
  EXPECT_NE(
      std::find_if(observer.notes.begin(), observer.notes.end(),
                   [&](const std::string& note) {
                     return note.starts_with(fmt::format(
                         "epoch {} of {} is kept", observer.best_round, observer.last_round + 1));
                   }),
      observer.notes.end());
}

TEST(LinearLearner, AHeavierPositiveClassIsFoundMoreOften) {
  const auto positives = [](double weight) {
    Dataset dataset = classes(600, 2);
    base::Random random(9);
    for (double& label : dataset.labels) {
      label = random.chance(0.4) ? 0 : label;  // noise, so that the classes overlap
    }
    LinearOptions options;
    options.class_weights.positive = weight;
    RememberingObserver observer;
    const model::Model model = fitted(dataset, options, observer);
    const auto predictor = model::compile(model, base::InstructionSet::kPortable);
    data::DenseBlock scores(1, dataset.rows());
    scores.resize(dataset.rows());
    (*predictor)->predict(dataset.features.view(), scores.span());
    return std::count_if(scores.view().values, scores.view().values + dataset.rows(),
                         [](float score) { return score > 0.5F; });
  };
  EXPECT_GT(positives(4), positives(1) + 20);
  EXPECT_GT(positives(-1), positives(1));
}

TEST(LinearLearner, OneClassAloneIsRefused) {
  Dataset dataset = classes(20, 2);
  dataset.labels.assign(20, 0);
  dataset.output.class_names = {"class 0"};
  RememberingObserver observer;
  const auto model = LinearLearner({}).fit(dataset, nullptr, observer);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code(), base::ErrorCode::kInvalidInput);
  EXPECT_NE(model.error().message().find("class 0"), std::string::npos);
}

/// The line with noise, and every tenth label far above it.
Dataset spoiled_line(size_t rows) {
  Dataset dataset = line(rows);
  base::Random random(11);
  for (size_t i = 0; i < rows; ++i) {
    dataset.labels[i] += i % 10 == 0 ? 500 : random.uniform() - 0.5;
  }
  return dataset;
}

LinearOptions with_loss(LossKind kind) {
  LinearOptions options;
  options.loss.kind = kind;
  options.wd = 0;
  return options;
}

TEST(LinearLearner, ALimitThatEndsTheDescentIsTold) {
  for (const LossKind kind : {LossKind::kAuto, LossKind::kAbsolute}) {
    const bool smooth = kind == LossKind::kAuto;
    const Dataset dataset = smooth ? far_from_its_optimum() : spoiled_line(400);
    LinearOptions options = with_loss(kind);
    options.wd = smooth ? 1e-6 : 0;
    options.epochs = 30;
    RememberingObserver observer;
    (void)fitted(dataset, options, observer);
    ASSERT_EQ(observer.notes.size(), 1U) << name(kind);
    EXPECT_TRUE(observer.notes[0].starts_with("stopped at the limit of 30 passes, not converged"))
        << observer.notes[0];
    options.epochs = 0;
    RememberingObserver unlimited;
    (void)fitted(dataset, options, unlimited);
    EXPECT_TRUE(unlimited.notes.empty());
  }
}

TEST(LinearLearner, ADescentThatCannotGoOnIsTold) {
  Dataset dataset = line(100);
  for (size_t i = 0; i < dataset.rows(); ++i) {
    dataset.features.span().row(i)[0] *= 1e18F;  // nanoseconds since 1970, as they are
  }
  LinearOptions options = with_loss(LossKind::kAuto);
  options.normalize_data = false;
  RememberingObserver observer;
  (void)fitted(dataset, options, observer);
  EXPECT_THAT(observer.notes,
              testing::ElementsAre(testing::StartsWith("stopped, not converged: no step lowers")));
  options.normalize_data = true;
  RememberingObserver scaled;
  (void)fitted(dataset, options, scaled);
  EXPECT_TRUE(scaled.notes.empty());
}

/// Five columns and their near twins, whose differences say a little about the label: the optimum
/// has large weights that almost cancel. `noise` is what twins differ by.
Dataset near_twins(double noise) {
  constexpr size_t kRows = 3000;
  constexpr size_t kTwins = 5;
  base::Random random(7);
  const auto even = [&random] { return random.uniform() * 2 - 1; };
  Dataset dataset{data::DenseBlock(2 * kTwins, kRows), {}, {}, {}, {}};
  dataset.features.resize(kRows);
  for (size_t i = 0; i < kRows; ++i) {
    float* const row = dataset.features.span().row(i);
    double label = 0.01 * even();
    for (size_t j = 0; j < kTwins; ++j) {
      row[j] = static_cast<float>(even());
      row[kTwins + j] = static_cast<float>(static_cast<double>(row[j]) + noise * even());
      label += static_cast<double>(j) * static_cast<double>(row[j]);
    }
    label += (static_cast<double>(row[kTwins]) - static_cast<double>(row[0])) / noise / 10;
    dataset.labels.push_back(label);
  }
  for (size_t j = 0; j < 2 * kTwins; ++j) {
    dataset.schema.feature_names.push_back(fmt::format("x{}", j));
  }
  return dataset;
}

/// Solves a x = b for a symmetric positive definite a, by elimination.
std::vector<double> solution(std::vector<std::vector<double>> a, std::vector<double> b) {
  const size_t n = b.size();
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = k + 1; i < n; ++i) {
      const double factor = a[i][k] / a[k][k];
      for (size_t j = k; j < n; ++j) {
        a[i][j] -= factor * a[k][j];
      }
      b[i] -= factor * b[k];
    }
  }
  for (size_t k = n; k-- > 0;) {
    for (size_t j = k + 1; j < n; ++j) {
      b[k] -= a[k][j] * b[j];
    }
    b[k] /= a[k][k];
  }
  return b;
}

/// The mean squared error at the optimum of the squared loss with `wd`, by the normal equations in
/// double.
double error_at_optimum(const Dataset& dataset, double wd) {
  const size_t columns = dataset.features.columns();
  const auto rows = static_cast<double>(dataset.rows());
  const Scaling scaling = measure_scaling(dataset.features.view(), {});
  const LabelScaling label = *measure_label_scaling(dataset.labels, true, true);
  const auto at = [&](size_t i, size_t j) {
    return (static_cast<double>(dataset.features.view().row(i)[j]) - scaling.offset[j]) /
           scaling.unit[j];
  };
  const std::vector<double> labels = scaled_labels(dataset.labels, label);
  std::vector<std::vector<double>> a(columns, std::vector<double>(columns));
  std::vector<double> b(columns);
  for (size_t j = 0; j < columns; ++j) {
    a[j][j] = wd;
    for (size_t i = 0; i < dataset.rows(); ++i) {
      for (size_t k = 0; k < columns; ++k) {
        a[j][k] += at(i, j) * at(i, k) / rows;
      }
      b[j] += at(i, j) * labels[i] / rows;
    }
  }
  const std::vector<double> weights = solution(a, b);
  double error = 0;
  for (size_t i = 0; i < dataset.rows(); ++i) {
    double residual = -labels[i];
    for (size_t j = 0; j < columns; ++j) {
      residual += weights[j] * at(i, j);
    }
    error += residual * residual / rows;
  }
  return error * label.unit * label.unit;
}

TEST(LinearLearner, ColumnsThatNearlyRepeatOthersDoNotHideTheOptimum) {
  for (const double noise : {1e-2, 1e-3}) {
    const Dataset dataset = near_twins(noise);
    for (const double wd : {1e-5, 1e-6, 1e-7}) {
      LinearOptions options;
      options.wd = wd;
      RememberingObserver observer;
      (void)fitted(dataset, options, observer);
      const double rmse = observer.train.at("rmse");
      EXPECT_NEAR(rmse * rmse / error_at_optimum(dataset, wd), 1, 1e-4) << noise << ", wd " << wd;
      EXPECT_TRUE(observer.notes.empty());
    }
  }
}

TEST(LinearLearner, ALimitOfOnePassIsOnePass) {
  LinearOptions options = with_loss(LossKind::kAuto);
  options.epochs = 1;
  RememberingObserver observer;
  (void)fitted(far_from_its_optimum(), options, observer);
  EXPECT_THAT(observer.notes,
              testing::ElementsAre(testing::StartsWith("stopped at the limit of 1 pass, not")));
}

TEST(LinearLearner, WeightsThatLeaveNothingToLearnAreRefused) {
  Dataset dataset = line(20);
  dataset.weights.assign(20, 0);
  LinearOptions descending;
  descending.mini_batch = MiniBatchOptions{.rule = UpdateRule::kSgd};
  RememberingObserver observer;
  EXPECT_FALSE(LinearLearner({}).fit(dataset, nullptr, observer));
  EXPECT_FALSE(LinearLearner(descending).fit(dataset, nullptr, observer));
  const Dataset train = line(20);
  EXPECT_FALSE(LinearLearner({}).fit(train, &dataset, observer)) << "nor is there a score";
}

TEST(LinearLearner, LossesThatAreLinearFarAwayLeaveOutliersAlone) {
  for (const LossKind kind : {LossKind::kAbsolute, LossKind::kQuantile,
                              LossKind::kEpsInsensitiveAbsolute, LossKind::kHuber}) {
    RememberingObserver observer;
    LinearOptions options = with_loss(kind);
    options.loss.huber_delta = 0.001;
    options.loss.insensitivity = 1e-4;
    const model::Model model = fitted(spoiled_line(400), options, observer);
    EXPECT_NEAR(linear_of(model).weights[0], 2, 0.15) << name(kind);
    EXPECT_NEAR(linear_of(model).weights[2], 40, 15) << name(kind);
    EXPECT_NEAR(observer.train.at("mae"), 50, 1) << name(kind);
  }
  RememberingObserver observer;
  (void)fitted(spoiled_line(400), with_loss(LossKind::kSquared), observer);
  EXPECT_GT(observer.train.at("mae"), 60);
}

TEST(LinearLearner, AQuantileLiesAboveItsShareOfTheLabels) {
  Dataset dataset = line(1000);
  base::Random random(12);
  for (double& label : dataset.labels) {
    label += random.uniform() * 30;
  }
  for (const double quantile : {0.1, 0.9}) {
    LinearOptions options = with_loss(LossKind::kQuantile);
    options.loss.quantile = quantile;
    RememberingObserver observer;
    const model::Model model = fitted(dataset, options, observer);
    const auto predictor = model::compile(model, base::InstructionSet::kPortable);
    std::vector<float> scores(1000);
    (*predictor)->predict(dataset.features.view(), {scores.data(), 1000, 1});
    double below = 0;
    for (size_t i = 0; i < 1000; ++i) {
      below += dataset.labels[i] < static_cast<double>(scores[i]) ? 0.001 : 0;
    }
    EXPECT_NEAR(below, quantile, 0.01);
  }
}

TEST(LinearLearner, HingeLossAnswersMarginsWhoseSignIsTheClass) {
  RememberingObserver observer;
  const model::Model model = fitted(classes(400, 2), with_loss(LossKind::kHinge), observer);
  EXPECT_TRUE(model.output.margin);
  EXPECT_EQ(model.output.threshold, 0);
  EXPECT_EQ(linear_of(model).link, model::Link::kIdentity);
  EXPECT_LT(observer.train.at("error"), 0.02);
  EXPECT_FALSE(observer.train.contains("logloss"));
}

TEST(LinearLearner, EveryLossIsDescendedByMiniBatchesToo) {
  for (const LossKind kind : {LossKind::kAbsolute, LossKind::kHuber, LossKind::kHinge,
                              LossKind::kEpsInsensitiveSquared}) {
    LinearOptions options = with_loss(kind);
    options.mini_batch = MiniBatchOptions{.batch_rows = 20, .learning_rate = 0.02};
    options.epochs = 100;
    options.tolerance = 0;
    options.patience = 100;
    options.tuning_metric = "objective_loss";
    RememberingObserver descended;
    RememberingObserver solved;
    const Dataset dataset = kind == LossKind::kHinge ? classes(500, 2) : spoiled_line(500);
    (void)fitted(dataset, options, descended);
    options.mini_batch.reset();
    options.epochs = 0;
    options.tolerance = -1;
    options.patience = 3;
    (void)fitted(dataset, options, solved);
    EXPECT_LT(descended.train.at("objective_loss"), solved.train.at("objective_loss") * 1.1 + 0.05)
        << name(kind);
    EXPECT_LT(solved.train.at("objective_loss"), descended.train.at("objective_loss") + 1e-4)
        << name(kind);
  }
}

TEST(LinearLearner, WithoutABiasTheLineGoesThroughTheOrigin) {
  LinearOptions options;
  options.use_bias = options.unbias_data = options.unbias_label = false;
  for (const bool batches : {false, true}) {
    if (batches) {
      options.mini_batch = MiniBatchOptions{};
      options.init = InitOptions{.bias = 5};
    }
    RememberingObserver observer;
    const model::Model model = fitted(line(200), options, observer);
    EXPECT_EQ(linear_of(model).bias[0], 0);
    EXPECT_NE(linear_of(model).weights[0], 0);
  }
}

TEST(LinearLearner, APenaltyOnTheBiasPullsItToZero) {
  Dataset dataset = classes(300, 2);
  for (size_t i = 0; i < 300; ++i) {
    dataset.labels[i] = i % 10 == 0 ? 0 : 1;
  }
  LinearOptions options;
  options.wd = 1;
  RememberingObserver observer;
  (void)fitted(dataset, options, observer);
  const double free = observer.train.at("logloss");
  options.bias_wd_mult = 100;
  (void)fitted(dataset, options, observer);
  EXPECT_GT(observer.train.at("logloss"), free + 0.2);
}

TEST(LinearLearner, TheThresholdIsChosenOnValidationDataAndTravels) {
  Dataset train = classes(600, 2);
  Dataset validation = classes(300, 2, 2);
  for (size_t i = 0; i < train.rows(); ++i) {
    train.labels[i] = i % 4 == 0 ? 0 : train.labels[i];  // fewer positives than later
  }
  RememberingObserver observer;
  const auto threshold_with = [&](std::optional<Criterion> criterion, const Dataset* further,
                                  double positive) {
    LinearOptions options;
    options.criterion = criterion;
    options.threshold.target_recall = 1;
    options.class_weights.positive = positive;
    const auto model = LinearLearner(options).fit(train, further, observer);
    EXPECT_TRUE(model);
    return model->output.threshold;
  };
  EXPECT_EQ(threshold_with(std::nullopt, nullptr, 1), 0.5F);
  EXPECT_NE(threshold_with(std::nullopt, &validation, 1), 0.5F);
  EXPECT_EQ(threshold_with(std::nullopt, &validation, 2), 0.5F);
  EXPECT_EQ(threshold_with(Criterion::kLoss, &validation, 1), 0.5F);
  EXPECT_LT(threshold_with(Criterion::kPrecisionAtRecall, nullptr, 1), 0.5F);
  EXPECT_LT(threshold_with(Criterion::kPrecisionAtRecall, &validation, 1), 0.5F);
}

TEST(LinearLearner, CalibrationLooksAtAsManyRowsAsItIsTold) {
  const Dataset train = classes(300, 2);
  Dataset validation = classes(100, 2, 2);
  std::fill_n(validation.labels.begin(), 50, 1);
  LinearOptions options;
  options.criterion = Criterion::kAccuracy;
  RememberingObserver observer;
  const auto all = LinearLearner(options).fit(train, &validation, observer);
  options.calibration_rows = 50;  // all of class 1: nothing to choose by
  const auto few = LinearLearner(options).fit(train, &validation, observer);
  EXPECT_NE(all->output.threshold, 0.5F);
  EXPECT_EQ(few->output.threshold, 0.5F);
}

TEST(LinearLearner, ALearningRateThatLeadsNowhereIsRefused) {
  LinearOptions options = with_loss(LossKind::kSquared);
  options.mini_batch = MiniBatchOptions{
      .rule = UpdateRule::kSgd, .batch_rows = 1, .learning_rate = 1000, .scheduler_step = 0};
  RememberingObserver observer;
  const auto model = LinearLearner(options).fit(line(500), nullptr, observer);
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().message().find("learning_rate 1000 is too large"), std::string::npos);
}

TEST(LinearLearner, ExtremePenaltiesGiveAModelOfTheMean) {
  for (const LossKind kind : {LossKind::kSquared, LossKind::kAbsolute, LossKind::kHuber}) {
    LinearOptions options = with_loss(kind);
    options.wd = 1e6;
    options.l1 = 1e6;
    RememberingObserver observer;
    const model::Model model = fitted(line(100), options, observer);
    EXPECT_NEAR(linear_of(model).weights[0], 0, 1e-4) << name(kind);
    EXPECT_TRUE(model::validate(model));
  }
}

TEST(LinearLearner, ALossOfAnotherTaskIsRefused) {
  RememberingObserver observer;
  const auto model = LinearLearner(with_loss(LossKind::kHinge)).fit(line(20), nullptr, observer);
  ASSERT_FALSE(model);
  EXPECT_NE(model.error().message().find("hinge_loss"), std::string::npos);
}

TEST(LinearLearner, WhatHasNoEffectIsToldOnce) {
  LinearOptions options;
  options.given = {"learning_rate", "num_models"};
  RememberingObserver observer;
  (void)fitted(line(50), options, observer);
  ASSERT_EQ(observer.notes.size(), 1U);
  EXPECT_NE(observer.notes[0].find("learning_rate"), std::string::npos);
}

}  // namespace
}  // namespace ringmaker::train
