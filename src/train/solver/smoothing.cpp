#include "train/solver/smoothing.h"

#include <algorithm>

namespace ringmaker::train {
namespace {

std::vector<double> widths_of(const SmoothingOptions& smoothing) {
  const double last = smoothing.width * smoothing.narrowing;
  std::vector<double> widths;
  for (double width = smoothing.width; width > last * 1.001; width *= smoothing.factor) {
    widths.push_back(width);
  }
  widths.push_back(last);
  return widths;
}

}  // namespace

double minimise_with_kinks(SmoothedFunction& function, std::vector<double>& x,
                           const LbfgsOptions& options, const SmoothingOptions& smoothing,
                           const std::function<bool(size_t, double)>& on_iteration) {
  const std::vector<double> widths = widths_of(smoothing);
  size_t done = 0;
  double value = 0;
  bool told = false;
  bool stopped = false;
  for (size_t i = 0; i < widths.size() && !stopped && done < options.iterations_max; ++i) {
    function.set_width(widths[i]);
    // What a wide form does not need is left to the narrow ones, and they always get their share.
    const size_t left = options.iterations_max - done;
    LbfgsOptions stage = options;
    stage.iterations_max = std::max<size_t>(1, left / (widths.size() - i));
    size_t reached = 0;
    value = minimise(function, x, stage, [&](size_t iteration, double at) {
      reached = iteration;
      // The end of a stage is the start of the next, and told once.
      stopped = (iteration > 0 || !told) && !on_iteration(done + iteration, at);
      told = true;
      return !stopped;
    });
    done += reached;
  }
  return value;
}

}  // namespace ringmaker::train
