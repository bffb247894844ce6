#include "model/tree/quadrature.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ringmaker::model {
namespace {

double integral_of_power(const Quadrature& rule, size_t power) {
  double sum = 0;
  for (size_t q = 0; q < rule.points.size(); ++q) {
    sum += rule.weights[q] * std::pow(rule.points[q], static_cast<double>(power));
  }
  return sum;
}

TEST(GaussLegendre, IntegratesEveryPowerBelowTwiceItsPoints) {
  for (const size_t count : {1, 2, 3, 4, 7, 16, 33, 100}) {
    const Quadrature rule = gauss_legendre(count);
    for (size_t power = 0; power < 2 * count; ++power) {
      EXPECT_NEAR(integral_of_power(rule, power), 1 / static_cast<double>(power + 1), 1e-14)
          << count << " points, x^" << power;
    }
  }
}

TEST(GaussLegendre, IsNotExactForTheNextPower) {
  EXPECT_GT(std::fabs(integral_of_power(gauss_legendre(2), 4) - 0.2), 1e-3);
}

TEST(GaussLegendre, PointsLieWithinAndInOrderAndWeightsArePositive) {
  for (const size_t count : {1, 2, 5, 64, 512}) {
    const Quadrature rule = gauss_legendre(count);
    EXPECT_TRUE(std::ranges::is_sorted(rule.points, std::less_equal<>()));
    EXPECT_GT(rule.points.front(), 0);
    EXPECT_LT(rule.points.back(), 1);
    EXPECT_GT(*std::ranges::min_element(rule.weights), 0);
    EXPECT_NEAR(std::accumulate(rule.weights.begin(), rule.weights.end(), 0.0), 1, 1e-13);
  }
}

}  // namespace
}  // namespace ringmaker::model
