#include "train/solver/smoothing.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::train {
namespace {

/// sum_i weight_i |x - place_i|, smoothed: its minimum is the weighted median.
class Distances final : public SmoothedFunction {
 public:
  Distances(std::vector<double> places, std::vector<double> weights)
      : places_(std::move(places)), weights_(std::move(weights)) {}
  void set_width(double width) noexcept override {
    width_ = width;
    widths.push_back(width);
  }
  double evaluate(std::span<const double> x, std::span<double> gradient) override {
    double value = 0;
    gradient[0] = 0;
    for (size_t i = 0; i < places_.size(); ++i) {
      const double far = x[0] - places_[i];
      const bool near = std::abs(far) < width_;
      value += weights_[i] * (near ? far * far / (2 * width_) : std::abs(far) - width_ / 2);
      gradient[0] += weights_[i] * (near ? far / width_ : std::copysign(1.0, far));
    }
    return value;
  }
  std::vector<double> widths;

 private:
  std::vector<double> places_;
  std::vector<double> weights_;
  double width_ = 0;
};

TEST(Smoothing, ComesToTheMinimumOfTheKinksThemselves) {
  Distances distances({-3, 0, 0.5, 2, 9}, {1, 1, 1, 1, 1.5});
  std::vector<double> x{7};
  minimise_with_kinks(distances, x, {.value_tolerance = 1e-12}, {.width = 4},
                      [](size_t, double) { return true; });
  EXPECT_NEAR(x[0], 0.5, 1e-4);
}

TEST(Smoothing, WidthsFallToTheLast) {
  Distances distances({0, 1}, {1, 2});
  std::vector<double> x{0};
  minimise_with_kinks(distances, x, {}, {.width = 2, .narrowing = 1e-2, .factor = 0.2},
                      [](size_t, double) { return true; });
  ASSERT_EQ(distances.widths.size(), 4U);
  EXPECT_DOUBLE_EQ(distances.widths.front(), 2);
  EXPECT_DOUBLE_EQ(distances.widths.back(), 0.02);
}

TEST(Smoothing, IterationsAreCountedOverAllWidths) {
  Distances distances({-3, 0, 0.5, 2, 9}, {1, 1, 1, 1, 1.5});
  std::vector<double> x{7};
  std::vector<size_t> seen;
  minimise_with_kinks(distances, x, {.iterations_max = 6}, {.width = 4},
                      [&](size_t iteration, double) {
                        seen.push_back(iteration);
                        return true;
                      });
  for (size_t i = 0; i < seen.size(); ++i) {
    EXPECT_EQ(seen[i], i);
  }
  EXPECT_LE(seen.back(), 6U);
  EXPECT_GE(distances.widths.size(), 4U);  // few iterations are shared out, not all spent at first
}

TEST(Smoothing, AShareThatIsTooSmallIsALimit) {
  const auto ended = [](size_t iterations_max) {
    Distances distances({-3, 0, 0.5, 2, 9}, {1, 1, 1, 1, 1.5});
    std::vector<double> x{7};
    return minimise_with_kinks(distances, x, {.iterations_max = iterations_max}, {.width = 4},
                               [](size_t, double) { return true; });
  };
  EXPECT_TRUE(ended(6).at_limit);
  EXPECT_FALSE(ended(1000).at_limit);
}

TEST(Smoothing, StopsWhenToldTo) {
  Distances distances({-3, 0, 0.5, 2, 9}, {1, 1, 1, 1, 1.5});
  std::vector<double> x{7};
  size_t calls = 0;
  minimise_with_kinks(distances, x, {}, {.width = 4}, [&](size_t, double) { return ++calls < 2; });
  EXPECT_EQ(calls, 2U);
}

}  // namespace
}  // namespace ringmaker::train
