// Gauss-Legendre quadrature on [0, 1].
#pragma once

#include <cstddef>
#include <vector>

namespace ringmaker::model {

/// The integral over [0, 1] of a polynomial p whose degree is below twice the number of points is
/// weights[0] * p(points[0]) + weights[1] * p(points[1]) + ...: exactly, but for rounding.
struct Quadrature {
  std::vector<double> points;   // ascending, within (0, 1)
  std::vector<double> weights;  // positive, adding up to 1
};

/// count > 0. The points are roots of a Legendre polynomial, found by Newton's method.
[[nodiscard]] Quadrature gauss_legendre(size_t count);

}  // namespace ringmaker::model
