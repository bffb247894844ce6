#include "model/tree/quadrature.h"

#include "base/check.h"

#include <cmath>
#include <numbers>

namespace ringmaker::model {
namespace {

struct Legendre {
  double value;
  double slope;
};

/// The polynomial of degree n >= 1 at x within (-1, 1), by its three-term recurrence.
Legendre legendre(size_t n, double x) {
  double before = 1;
  double value = x;
  for (size_t k = 2; k <= n; ++k) {
    const auto degree = static_cast<double>(k);
    const double next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
    before = value;
    value = next;
  }
  return {value, static_cast<double>(n) * (x * value - before) / (x * x - 1)};
}

/// Root i of n, counted from the greatest.
double root_of(size_t n, size_t i) {
  constexpr int kStepsMax = 20;  // from such a start, four are enough
  const auto degree = static_cast<double>(n);
  double x = std::cos(std::numbers::pi * (static_cast<double>(i) + 0.75) / (degree + 0.5));
  for (int step = 0; step < kStepsMax; ++step) {
    const Legendre at = legendre(n, x);
    const double moved = at.value / at.slope;
    x -= moved;
    if (std::fabs(moved) < 1e-16) {
      break;
    }
  }
  return x;
}

}  // namespace

Quadrature gauss_legendre(size_t count) {
  RM_CHECK(count > 0);
  Quadrature rule;
  rule.points.resize(count);
  rule.weights.resize(count);
  for (size_t i = 0; i < (count + 1) / 2; ++i) {
    const double x = 2 * i + 1 == count ? 0.0 : root_of(count, i);
    const double slope = legendre(count, x).slope;
    const double weight = 1 / ((1 - x * x) * slope * slope);
    // From [-1, 1] to [0, 1]; roots lie symmetrically.
    rule.points[i] = (1 - x) / 2;
    rule.points[count - 1 - i] = (1 + x) / 2;
    rule.weights[i] = weight;
    rule.weights[count - 1 - i] = weight;
  }
  return rule;
}

}  // namespace ringmaker::model
