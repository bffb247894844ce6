#include "train/learner/linear_problem.h"

#include "tests/train/learner/learner_test_support.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::train {
namespace {

Dataset values(size_t rows) {
  Dataset dataset = random_rows(rows, 3, 8);
  for (size_t i = 0; i < rows; ++i) {
    dataset.labels.push_back(1000 + 50 * static_cast<double>(dataset.features.view().row(i)[0]));
  }
  return dataset;
}

Dataset two_classes(size_t rows) {
  Dataset dataset = values(rows);
  for (double& label : dataset.labels) {
    label = label > 1000 ? 1 : 0;
  }
  dataset.output = {.task = data::Task::kBinary, .class_names = {"no", "yes"}};
  return dataset;
}

/// Whatever the parameters, the model answers what the problem said it would.
void expect_the_model_answers_so(const Dataset& dataset, LossKind kind,
                                 const LinearOptions& options) {
  const auto problem = LinearProblem::make(options, {.kind = kind}, dataset, nullptr);
  ASSERT_TRUE(problem) << problem.error().message();
  LinearObjective& objective = (*problem)->objective();
  std::vector<double> x(objective.parameters());
  for (size_t i = 0; i < x.size(); ++i) {
    x[i] = 0.3 * static_cast<double>(i) - 0.4;
  }
  std::vector<double> gradient(x.size());
  (void)objective.evaluate(x, gradient);
  const std::vector<double> answers = (*problem)->answers(objective);
  const model::Model model = (*problem)->model_of(x);
  const auto predictor = model::compile(model, base::InstructionSet::kPortable);
  ASSERT_TRUE(predictor) << predictor.error().message();
  std::vector<float> scores(dataset.rows());
  (*predictor)->predict(dataset.features.view(), {scores.data(), scores.size(), 1});
  for (size_t i = 0; i < scores.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(scores[i]), answers[i], 1e-4 * (1 + std::abs(answers[i])))
        << name(kind) << " row " << i;
  }
}

TEST(LinearProblem, TheModelAnswersWhatTheSolverSaw) {
  for (const bool centred : {true, false}) {
    for (const bool normalized : {true, false}) {
      LinearOptions options;
      options.use_bias = options.unbias_data = options.unbias_label = centred;
      options.normalize_data = options.normalize_label = normalized;
      expect_the_model_answers_so(values(60), LossKind::kHuber, options);
      expect_the_model_answers_so(two_classes(60), LossKind::kLogistic, options);
      expect_the_model_answers_so(two_classes(60), LossKind::kHinge, options);
    }
  }
}

TEST(LinearProblem, AHingeModelAnswersMargins) {
  const Dataset dataset = two_classes(10);
  const auto problem = LinearProblem::make({}, {.kind = LossKind::kHinge}, dataset, nullptr);
  ASSERT_TRUE(problem);
  const model::Model model = (*problem)->model_of(std::vector<double>(4, 0.5));
  EXPECT_TRUE(model.output.margin);
  EXPECT_EQ(model.output.threshold, 0);
  EXPECT_TRUE(model::validate(model));
}

TEST(LinearProblem, TheSpreadIsThatOfTheLabelsTheSolverSees) {
  const Dataset dataset = values(100);
  const auto scaled = LinearProblem::make({}, {.kind = LossKind::kAbsolute}, dataset, nullptr);
  LinearOptions raw;
  raw.normalize_label = false;
  const auto unscaled = LinearProblem::make(raw, {.kind = LossKind::kAbsolute}, dataset, nullptr);
  EXPECT_NEAR((*scaled)->spread(), 1, 1e-12);
  EXPECT_NEAR((*unscaled)->spread(), 50 / std::sqrt(3.0), 5);
}

TEST(LinearProblem, TheSlopeOfAllRowsIsTheGradient) {
  const Dataset dataset = two_classes(40);
  LinearOptions options;
  options.wd = 0.5;
  const auto problem = LinearProblem::make(options, {.kind = LossKind::kHinge}, dataset, nullptr);
  const std::vector<double> x{0.1, -0.2, 0.3, 0.05};
  std::vector<double> gradient(4);
  std::vector<double> slope(4);
  std::vector<uint32_t> all(40);
  for (uint32_t i = 0; i < 40; ++i) {
    all[i] = 39 - i;
  }
  (void)(*problem)->objective().evaluate(x, gradient);
  (*problem)->slope(all, x, slope);
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(gradient[i], slope[i], 1e-6);
  }
}

TEST(LinearProblem, ValuesThatAreNotFiniteAreRefused) {
  Dataset dataset = values(10);
  dataset.features.span().row(4)[2] = HUGE_VALF;
  const auto problem = LinearProblem::make({}, {.kind = LossKind::kSquared}, dataset, nullptr);
  ASSERT_FALSE(problem);
  EXPECT_NE(problem.error().message().find("row 5, feature \"x2\""), std::string::npos);
}

}  // namespace
}  // namespace ringmaker::train
