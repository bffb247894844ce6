// Smoothing: minimises a function with kinks, by L-BFGS on ever narrower smooth forms of it.
//
// Each form's minimum is the next one's start. A form of width w differs from the function by at
// most w/2 times the square of the steepest slope, so the last width bounds what is left.
// Nesterov, "Smooth minimization of non-smooth functions", 2005.
#pragma once

#include "train/solver/lbfgs.h"

namespace ringmaker::train {

/// A function with a smooth form for each width > 0; width 0 is the function itself.
class SmoothedFunction : public SmoothFunction {
 public:
  virtual void set_width(double width) noexcept = 0;
};

struct SmoothingOptions {
  /// The first width; about how far the kink is from a typical row at the start.
  double width = 1;
  /// The last width, relative to the first.
  double narrowing = 1e-5;
  /// From one width to the next.
  double factor = 0.1;
};

/// As minimise(), over all widths; `options.iterations_max` counts them all, and is shared out so
/// that the narrow ones are reached; it is at the limit where one width had too small a share: a
/// narrow form that starts far from its minimum seems to level off before. Leaves the last width it
/// came to.
Minimum minimise_with_kinks(SmoothedFunction& function, std::vector<double>& x,
                            const LbfgsOptions& options, const SmoothingOptions& smoothing,
                            const std::function<bool(size_t, double)>& on_iteration);

}  // namespace ringmaker::train
