#include "train/solver/lbfgs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace ringmaker::train {
namespace {

/// Counts its evaluations.
class Rosenbrock final : public SmoothFunction {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    ++evaluations;
    const double a = 1 - x[0];
    const double b = x[1] - x[0] * x[0];
    gradient[0] = -2 * a - 400 * x[0] * b;
    gradient[1] = 200 * b;
    return a * a + 100 * b * b;
  }
  int evaluations = 0;
};

/// 1/2 sum_i scale_i (x_i - centre_i)^2
class Bowl final : public SmoothFunction {
 public:
  Bowl(std::vector<double> scale, std::vector<double> centre)
      : scale_(std::move(scale)), centre_(std::move(centre)) {}
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    double value = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      gradient[i] = scale_[i] * (x[i] - centre_[i]);
      value += 0.5 * gradient[i] * (x[i] - centre_[i]);
    }
    return value;
  }

 private:
  std::vector<double> scale_;
  std::vector<double> centre_;
};

/// An ill-scaled bowl about 1 whose value is off by up to `noise`, as of sums in few digits; its
/// gradient is not.
class NoisyBowl final : public SmoothFunction {
 public:
  explicit NoisyBowl(double noise) : noise_(noise) {}
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    const double value = 1 + bowl_.evaluate(x, gradient);
    return value + noise_ * std::sin(1e9 * value);
  }

 private:
  Bowl bowl_{{1e-3, 0.01, 0.1, 1, 10, 100, 1000, 1e4}, {1, -1, 1, -1, 1, -1, 1, -1}};
  double noise_;
};

/// 1/2 sum_i scale_i (p_i . x - target_i)^2, where p_i is the i-th row of a Hadamard matrix: what
/// curves little is no axis but the difference of many.
class TurnedValley final : public SmoothFunction {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    ++evaluations;
    double value = 0;
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (size_t i = 0; i < kSize; ++i) {
      double along = -kTargets[i];
      for (size_t j = 0; j < kSize; ++j) {
        along += turn(i, j) * x[j];
      }
      value += 0.5 * kScales[i] * along * along;
      for (size_t j = 0; j < kSize; ++j) {
        gradient[j] += kScales[i] * along * turn(i, j);
      }
    }
    return value;
  }
  int evaluations = 0;
  static constexpr size_t kSize = 8;

 private:
  static double turn(size_t i, size_t j) { return std::popcount(i & j) % 2 == 0 ? 1 : -1; }
  static constexpr std::array<double, kSize> kScales{1, 1e-5, 0.1, 1e-6, 1, 1e-4, 0.01, 1e-6};
  static constexpr std::array<double, kSize> kTargets{1, 3, -2, 4, 1, -3, 2, -5};
};

/// A bowl of least value 1, along one axis almost flat.
class ValleyAboveOne final : public SmoothFunction {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    return 1 + bowl_.evaluate(x, gradient);
  }

 private:
  Bowl bowl_{{0.01, 1, 100}, {1, 1, 1}};
};

/// Almost straight down to 0, then 1/2 (x - 1)^2, less a half.
class SlopeIntoBowl final : public SmoothFunction {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    const double curvature = x[0] < 0 ? 1e-13 : 1;
    gradient[0] = -1 + curvature * x[0];
    return -x[0] + curvature / 2 * x[0] * x[0];
  }
};

/// Its gradient is that of a bowl about 1, its value that of one about 0.
class LyingBowl final : public SmoothFunction {
 public:
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    gradient[0] = x[0] - 1;
    return 1 + x[0] * x[0] / 2;
  }
};

bool go_on(size_t /*iteration*/, double /*value*/) { return true; }

TEST(Lbfgs, FindsTheMinimumOfACurvedValley) {
  Rosenbrock valley;
  std::vector<double> x{-1.2, 1};
  minimise(valley, x, {.gradient_tolerance = 1e-10, .value_tolerance = 0}, go_on);
  EXPECT_NEAR(x[0], 1, 1e-7);
  EXPECT_NEAR(x[1], 1, 1e-7);
  EXPECT_LT(valley.evaluations, 100);
}

TEST(Lbfgs, IllScaledBowlsTakeFewIterations) {
  Bowl bowl({1, 100, 10'000}, {3, -2, 1});
  std::vector<double> x(3);
  size_t iterations = 0;
  minimise(bowl, x, {.gradient_tolerance = 1e-9, .value_tolerance = 0}, [&](size_t i, double) {
    iterations = i;
    return true;
  });
  EXPECT_NEAR(x[0], 3, 1e-6);
  EXPECT_NEAR(x[1], -2, 1e-6);
  EXPECT_NEAR(x[2], 1, 1e-6);
  EXPECT_LT(iterations, 40U);
}

TEST(Lbfgs, TheL1PenaltyShrinksAndSetsToExactlyZero) {
  // With unit curvature the minimum is the centre moved towards zero by the penalty.
  Bowl bowl({1, 1, 1, 1}, {3, -3, 0.5, 5});
  std::vector<double> x{1, 1, 1, 1};
  minimise(bowl, x,
           {.gradient_tolerance = 1e-10, .value_tolerance = 0, .l1 = 1, .l1_coordinates = 3},
           go_on);
  EXPECT_NEAR(x[0], 2, 1e-8);
  EXPECT_NEAR(x[1], -2, 1e-8);
  EXPECT_EQ(x[2], 0);
  EXPECT_NEAR(x[3], 5, 1e-8);  // bears no penalty
}

TEST(Lbfgs, UnderL1ANarrowValleyAcrossTheAxesTakesFewIterations) {
  TurnedValley function;
  std::vector<double> x(TurnedValley::kSize, 0.0);
  LbfgsOptions options;
  options.l1 = 1e-8;
  options.l1_coordinates = x.size();
  options.gradient_tolerance = 1e-10;
  options.value_tolerance = 0;
  const Minimum minimum = minimise(function, x, options, go_on);
  EXPECT_LE(function.evaluations, 500);
  EXPECT_FALSE(minimum.at_limit);
  std::vector<double> gradient(x.size());
  (void)function.evaluate(x, gradient);
  for (size_t i = 0; i < x.size(); ++i) {
    EXPECT_NEAR(gradient[i], x[i] > 0 ? -options.l1 : options.l1, 1e-9) << i;
  }
}

TEST(Lbfgs, StopsAfterAsManyIdleIterationsAsItHasPatience) {
  const auto iterations_with = [](size_t patience) {
    Rosenbrock valley;
    std::vector<double> x{-1.2, 1};
    size_t last = 0;
    minimise(valley, x, {.value_tolerance = 0.5, .patience = patience}, [&](size_t i, double) {
      EXPECT_TRUE(i == last || i == last + 1) << i;
      last = i;
      return true;
    });
    return last;
  };
  EXPECT_LT(iterations_with(1), iterations_with(4));
}

TEST(Lbfgs, SmallStepsAreNoEndWhereTheValleyMayBeFlat) {
  const auto left_with = [](double curvature_least) {
    ValleyAboveOne valley;
    std::vector<double> x(3);
    return minimise(valley, x,
                    {.value_tolerance = 0.01, .patience = 2, .curvature_least = curvature_least},
                    go_on)
               .value -
           1;
  };
  EXPECT_GT(left_with(0), 1e-3);
  EXPECT_LT(left_with(0.01), 1e-4);
  EXPECT_EQ(left_with(1e9), left_with(0)) << "what curves so much is at its minimum";
}

TEST(Lbfgs, NoiseInTheValuesIsNoEndWhereSlopesAreStillRight) {
  const auto slope_left_with = [](double value_noise) {
    NoisyBowl bowl(1e-6);
    std::vector<double> x(8);
    minimise(bowl, x, {.value_tolerance = 0, .patience = 30, .value_noise = value_noise}, go_on);
    std::vector<double> slope(8);
    (void)bowl.evaluate(x, slope);
    return std::abs(
        *std::ranges::max_element(slope, {}, [](double element) { return std::abs(element); }));
  };
  EXPECT_GT(slope_left_with(0), 1e-4);
  EXPECT_LT(slope_left_with(4e-6), 2e-5);
}

TEST(Lbfgs, WhatIsRememberedIsDroppedBeforeAllIsGivenUp) {
  SlopeIntoBowl slope;
  std::vector<double> x{-3};
  // By the curvature of the slope the next step is 1e13 long.
  const Minimum minimum = minimise(slope, x, {}, go_on);
  EXPECT_NEAR(x[0], 1, 1e-5);
  EXPECT_FALSE(minimum.stalled);
}

TEST(Lbfgs, ADescentThatCannotGoOnIsTold) {
  LyingBowl bowl;
  std::vector<double> x{0};
  EXPECT_TRUE(minimise(bowl, x, {}, go_on).stalled);
  EXPECT_EQ(x[0], 0) << "no step was taken";
  x[0] = 1;
  EXPECT_FALSE(minimise(bowl, x, {}, go_on).stalled) << "no slope promises anything";
}

TEST(Lbfgs, ADescentThatEndsInTheNoiseHasConverged) {
  const auto stalled_with = [](double value_noise) {
    NoisyBowl bowl(1e-6);
    std::vector<double> x(8);
    return minimise(bowl, x, {.value_tolerance = 0, .patience = 30, .value_noise = value_noise},
                    go_on)
        .stalled;
  };
  EXPECT_FALSE(stalled_with(4e-6));
  EXPECT_TRUE(stalled_with(0)) << "of noise that nobody declared the slopes know nothing";
}

TEST(Lbfgs, WhetherTheLimitHasEndedItIsTold) {
  Rosenbrock valley;
  std::vector<double> x{-1.2, 1};
  size_t passes = 0;
  const auto count = [&](size_t iteration, double) {
    passes = iteration;
    return true;
  };
  EXPECT_TRUE(minimise(valley, x, {.iterations_max = 5}, count).at_limit);
  EXPECT_EQ(passes, 5U);
  EXPECT_FALSE(minimise(valley, x, {}, count).at_limit);
  EXPECT_FALSE(minimise(valley, x, {.iterations_max = 0}, count).at_limit)
      << "it is at the minimum";
  std::vector<double> far{-1.2, 1};
  const auto stop = [](size_t iteration, double) { return iteration < 3; };
  EXPECT_FALSE(minimise(valley, far, {.iterations_max = 3}, stop).at_limit)
      << "it was told to stop";
}

TEST(Lbfgs, StopsWhenToldTo) {
  Bowl bowl({1, 50}, {1, 1});
  std::vector<double> x(2);
  size_t calls = 0;
  minimise(bowl, x, {}, [&](size_t, double) { return ++calls < 2; });
  EXPECT_EQ(calls, 2U);
}

}  // namespace
}  // namespace ringmaker::train
