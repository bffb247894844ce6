#include "train/objective/linear_objective.h"

#include "base/random.h"
#include "train/objective/loss_choice.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::train {
namespace {

struct Problem {
  LossKind loss;
  size_t outputs;
  bool weighted;
};

class LinearObjectiveGradient : public testing::TestWithParam<Problem> {};

TEST_P(LinearObjectiveGradient, IsTheSlopeOfTheValue) {
  const auto [kind, outputs, weighted] = GetParam();
  constexpr size_t kRows = 23;
  constexpr size_t kColumns = 4;
  base::Random random(5);
  data::DenseBlock rows(kColumns, kRows);
  rows.resize(kRows);
  for (size_t i = 0; i < kRows * kColumns; ++i) {
    rows.span().values[i] = static_cast<float>(random.uniform() * 4 - 2);
  }
  const size_t classes = kind == LossKind::kLogistic || kind == LossKind::kHinge ? 2 : outputs;
  std::vector<double> labels;
  std::vector<float> weights;
  for (size_t i = 0; i < kRows; ++i) {
    labels.push_back(classes == 1 ? random.uniform() * 3
                                  : static_cast<double>(random.below(classes)));
    if (weighted) {
      weights.push_back(static_cast<float>(random.uniform() + 0.5));
    }
  }
  const auto loss = make_loss({.kind = kind});
  LinearObjective objective(*loss, rows.view(), labels, weights,
                            {.outputs = outputs, .wd = 0.3, .bias_wd = 0.2});
  objective.set_width(loss->smooth() ? 0 : 0.7);
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
    EXPECT_NEAR(gradient[p], (above - below) / (2 * kStep), 3e-4) << "parameter " << p;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Losses, LinearObjectiveGradient,
    testing::Values(Problem{LossKind::kSquared, 1, false}, Problem{LossKind::kSquared, 1, true},
                    Problem{LossKind::kLogistic, 1, false}, Problem{LossKind::kLogistic, 1, true},
                    Problem{LossKind::kSoftmax, 3, false}, Problem{LossKind::kSoftmax, 5, true},
                    Problem{LossKind::kHinge, 1, true}, Problem{LossKind::kHuber, 1, true},
                    Problem{LossKind::kAbsolute, 1, false}, Problem{LossKind::kQuantile, 1, true}));

/// Two classes of random rows.
struct Rows {
  explicit Rows(size_t count) : block(3, count) {
    base::Random random(6);
    block.resize(count);
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = 0; j < 3; ++j) {
        block.span().row(i)[j] = static_cast<float>(random.uniform() * 4 - 2);
      }
      labels.push_back(static_cast<double>(random.below(2)));
    }
  }
  data::DenseBlock block;
  std::vector<double> labels;
};

TEST(LinearObjective, DoesNotDependOnTheNumberOfThreads) {
  const Rows rows(50'000);
  const auto loss = make_loss({.kind = LossKind::kLogistic});
  const std::vector<double> x{0.5, -1, 2, 0.25};
  std::vector<double> alone(4);
  std::vector<double> together(4);
  LinearObjective one(*loss, rows.block.view(), rows.labels, {}, {.wd = 0.1, .threads = 1});
  LinearObjective four(*loss, rows.block.view(), rows.labels, {}, {.wd = 0.1, .threads = 4});
  EXPECT_EQ(one.evaluate(x, alone), four.evaluate(x, together));
  EXPECT_EQ(alone, together);
}

TEST(LinearObjective, RawScoresOfSeveralOutputsAreHandedOutOnceEach) {
  const Rows rows(20'000);
  const auto loss = make_loss({.kind = LossKind::kSoftmax});
  LinearObjective objective(*loss, rows.block.view(), rows.labels, {},
                            {.outputs = 2, .threads = 3});
  // Of output 0 and of output 1, then the biases.
  const std::vector<double> x{1, 0, 0, 0, 2, 0, 0.5, -0.25};
  std::vector<double> gradient(x.size());
  (void)objective.evaluate(x, gradient);
  std::vector<double> seen(2 * rows.labels.size(), 0.0);
  objective.visit_raw([&](size_t first, std::span<const double> raw) {
    for (size_t i = 0; i < raw.size(); ++i) {
      seen[2 * first + i] += raw[i];
    }
  });
  for (size_t i = 0; i < rows.labels.size(); ++i) {
    const float* row = rows.block.view().row(i);
    ASSERT_NEAR(seen[2 * i], static_cast<double>(row[0]) + 0.5, 1e-6) << "row " << i;
    ASSERT_NEAR(seen[2 * i + 1], 2 * static_cast<double>(row[1]) - 0.25, 1e-6) << "row " << i;
  }
}

TEST(LinearObjective, WithoutABiasItsGradientIsZero) {
  const Rows rows(100);
  const auto loss = make_loss({.kind = LossKind::kLogistic});
  LinearObjective objective(*loss, rows.block.view(), rows.labels, {}, {.use_bias = false});
  const std::vector<double> x{0.5, -1, 2, 0};
  std::vector<double> gradient(4, 9.0);
  (void)objective.evaluate(x, gradient);
  EXPECT_EQ(gradient[3], 0);
  EXPECT_NE(gradient[0], 0);
}

TEST(LinearObjective, TheExactLossIsNeitherSmoothedNorPenalised) {
  const Rows rows(1000);
  const auto loss = make_loss({.kind = LossKind::kHinge});
  LinearObjective objective(*loss, rows.block.view(), rows.labels, {}, {.wd = 5});
  objective.set_width(3);
  const std::vector<double> x{0.5, -1, 2, 0.25};
  std::vector<double> gradient(4);
  const double smoothed = objective.evaluate(x, gradient);
  double expected = 0;
  objective.visit_raw([&](size_t first, std::span<const double> raw) {
    for (size_t i = 0; i < raw.size(); ++i) {
      const double side = rows.labels[first + i] > 0 ? 1 : -1;
      expected += std::max(0.0, 1 - side * raw[i]) / 1000;
    }
  });
  EXPECT_NEAR(objective.exact_loss(), expected, 1e-12);
  EXPECT_GT(std::abs(smoothed - expected), 1);
}

}  // namespace
}  // namespace ringmaker::train
