#include "train/learner/linear_learner.h"

#include "tests/train/learner/learner_test_support.h"

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

TEST(LinearLearner, MiniBatchesComeNearTheSolversLoss) {
  for (const UpdateRule rule : {UpdateRule::kSgd, UpdateRule::kAdam, UpdateRule::kRmsprop}) {
    RememberingObserver solved;
    RememberingObserver descended;
    (void)fitted(line(2000), {}, solved);
    LinearOptions options;
    options.mini_batch = MiniBatchOptions{.rule = rule, .batch_rows = 50, .seed = 3};
    options.epochs = 100;
    options.patience_tolerance = 0;
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

TEST(LinearLearner, AHeavierPositiveClassIsFoundMoreOften) {
  const auto positives = [](double weight) {
    Dataset dataset = classes(600, 2);
    base::Random random(9);
    for (double& label : dataset.labels) {
      label = random.chance(0.4) ? 0 : label;  // noise, so that the classes overlap
    }
    LinearOptions options;
    options.positive_weight = weight;
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

TEST(LinearLearner, HyperparametersOutOfRangeAreNamed) {
  for (const auto& [name, value] :
       {std::pair{"wd", "-1"}, {"epochs", "0"}, {"optimizer", "magic"}, {"l1", "much"}}) {
    config::Hyperparameters hyperparameters;
    hyperparameters.set(name, value);
    const auto options = make_linear_options(hyperparameters);
    ASSERT_FALSE(options) << name;
    EXPECT_NE(options.error().message().find(name), std::string::npos);
  }
}

}  // namespace
}  // namespace ringmaker::train
