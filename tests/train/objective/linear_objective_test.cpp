#include "train/objective/linear_objective.h"

#include "base/random.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

struct Problem {
  Loss loss;
  size_t outputs;
  bool weighted;
};

class LinearObjectiveGradient : public testing::TestWithParam<Problem> {};

TEST_P(LinearObjectiveGradient, IsTheSlopeOfTheValue) {
  const auto [loss, outputs, weighted] = GetParam();
  constexpr size_t kRows = 23;
  constexpr size_t kColumns = 4;
  base::Random random(5);
  data::DenseBlock rows(kColumns, kRows);
  rows.resize(kRows);
  for (size_t i = 0; i < kRows * kColumns; ++i) {
    rows.span().values[i] = static_cast<float>(random.uniform() * 4 - 2);
  }
  std::vector<double> labels;
  std::vector<float> weights;
  for (size_t i = 0; i < kRows; ++i) {
    labels.push_back(loss == Loss::kSquared ? random.uniform() * 3
                                            : static_cast<double>(random.below(
                                                  loss == Loss::kLogistic ? 2 : outputs)));
    if (weighted) {
      weights.push_back(static_cast<float>(random.uniform() + 0.5));
    }
  }
  LinearObjective objective(loss, rows.view(), labels, weights, outputs, 0.3);
  std::vector<double> x(objective.parameters());
  for (double& element : x) {
    element = random.uniform() - 0.5;
  }
  std::vector<double> gradient(x.size());
  std::vector<double> unused(x.size());
  (void)objective.evaluate(x, gradient);
  for (size_t p = 0; p < x.size(); ++p) {
    constexpr double kStep = 1e-3;
    std::vector<double> shifted = x;
    shifted[p] = x[p] + kStep;
    const double above = objective.evaluate(shifted, unused);
    shifted[p] = x[p] - kStep;
    const double below = objective.evaluate(shifted, unused);
    EXPECT_NEAR(gradient[p], (above - below) / (2 * kStep), 2e-5) << "parameter " << p;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Losses, LinearObjectiveGradient,
    testing::Values(Problem{Loss::kSquared, 1, false}, Problem{Loss::kSquared, 1, true},
                    Problem{Loss::kLogistic, 1, false}, Problem{Loss::kLogistic, 1, true},
                    Problem{Loss::kSoftmax, 3, false}, Problem{Loss::kSoftmax, 5, true}));

TEST(LinearObjective, DoesNotDependOnTheNumberOfThreads) {
  constexpr size_t kRows = 50'000;
  base::Random random(6);
  data::DenseBlock rows(3, kRows);
  rows.resize(kRows);
  std::vector<double> labels;
  for (size_t i = 0; i < kRows; ++i) {
    for (size_t j = 0; j < 3; ++j) {
      rows.span().row(i)[j] = static_cast<float>(random.uniform() * 4 - 2);
    }
    labels.push_back(static_cast<double>(random.below(2)));
  }
  const std::vector<double> x{0.5, -1, 2, 0.25};
  std::vector<double> alone(4);
  std::vector<double> together(4);
  LinearObjective one(Loss::kLogistic, rows.view(), labels, {}, 1, 0.1, 1);
  LinearObjective four(Loss::kLogistic, rows.view(), labels, {}, 1, 0.1, 4);
  EXPECT_EQ(one.evaluate(x, alone), four.evaluate(x, together));
  EXPECT_EQ(alone, together);
}

}  // namespace
}  // namespace ringmaker::train
