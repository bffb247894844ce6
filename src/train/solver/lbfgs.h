// L-BFGS, and OWL-QN where there is an L1 penalty.
//
// Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989; Andrew
// and Gao, "Scalable training of L1-regularized log-linear models", 2007; Hager and Zhang, "A new
// conjugate gradient method with guaranteed descent and an efficient line search", 2005.
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
  /// How much the function curves at least, 0 where nobody knows. While this and the slope allow
  /// for a minimum that is lower by 1e-4 of the value, patience is ten times as long: a valley that
  /// is almost flat takes small steps before it is found.
  double curvature_least = 0;
  /// How far off a value may be, relatively, because it was summed in few digits. Near the minimum
  /// slopes are still right where values are not: a step then counts by its slope, and may raise
  /// the value by this much. A descent that fails and promised less has converged.
  double value_noise = 0;
  double l1 = 0;
  /// The first this many coordinates bear the L1 penalty.
  size_t l1_coordinates = 0;
};

struct Minimum {
  double value = 0;
  /// iterations_max ended it, nothing else.
  bool at_limit = false;
  /// No way was found on, though the slope promises more than the values' noise: the gradient is
  /// not that of the values.
  bool stalled = false;
};

/// Minimises f(x) + l1 |x|, from x on. `on_iteration(iteration, value)` is called with f just
/// evaluated at the present x; it returns false to stop.
Minimum minimise(SmoothFunction& function, std::vector<double>& x, const LbfgsOptions& options,
                 const std::function<bool(size_t, double)>& on_iteration);

}  // namespace ringmaker::train
