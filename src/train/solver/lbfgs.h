// L-BFGS, and OWL-QN where there is an L1 penalty.
//
// Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989; Andrew
// and Gao, "Scalable training of L1-regularized log-linear models", 2007.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace ringmaker::train {

/// A smooth function and its gradient.
class SmoothFunction {
 public:
  virtual ~SmoothFunction() = default;
  [[nodiscard]] virtual double evaluate(std::span<const double> x, std::span<double> gradient) = 0;
};

struct LbfgsOptions {
  size_t history = 10;
  size_t iterations_max = 200;
  /// Stops when the largest element of the gradient is below this.
  double gradient_tolerance = 1e-6;
  /// Stops when the value falls by less than this, relatively, `patience` times in a row.
  double value_tolerance = 1e-9;
  size_t patience = 3;
  double l1 = 0;
  /// The first this many coordinates bear the L1 penalty.
  size_t l1_coordinates = 0;
};

/// Minimises f(x) + l1 |x|, from x on. `on_iteration(iteration, value)` is called with f just
/// evaluated at the present x; it returns false to stop. Returns the value reached.
double minimise(SmoothFunction& function, std::vector<double>& x, const LbfgsOptions& options,
                const std::function<bool(size_t, double)>& on_iteration);

}  // namespace ringmaker::train
