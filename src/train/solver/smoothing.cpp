#include "train/solver/smoothing.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::train {
namespace {

/// From wide to narrow by the factor, the last one exactly as wide as asked.
std::vector<double> widths_of(const SmoothingOptions& smoothing) {
  const double steps = std::log(smoothing.narrowing) / std::log(smoothing.factor);
  const auto before_last = static_cast<size_t>(std::ceil(steps - 1e-6));
  std::vector<double> widths;
  widths.reserve(before_last + 1);
  for (size_t i = 0; i < before_last; ++i) {
    widths.push_back(smoothing.width * std::pow(smoothing.factor, static_cast<double>(i)));
  }
  widths.push_back(smoothing.width * smoothing.narrowing);
  return widths;
}

}  // namespace

Minimum minimise_with_kinks(SmoothedFunction& function, std::vector<double>& x,
                            const LbfgsOptions& options, const SmoothingOptions& smoothing,
                            const std::function<bool(size_t, double)>& on_iteration) {
  const std::vector<double> widths = widths_of(smoothing);
  size_t done = 0;
  Minimum last;
  bool at_limit = false;
  bool told = false;
  bool stopped = false;
  for (size_t i = 0; i < widths.size() && !stopped && done < options.iterations_max; ++i) {
    function.set_width(widths[i]);
    // What a wide form does not need is left to the narrow ones, and they always get their share.
    const size_t left = options.iterations_max - done;
    LbfgsOptions stage = options;
    stage.iterations_max = std::max<size_t>(1, left / (widths.size() - i));
    size_t reached = 0;
    last = minimise(function, x, stage, [&](size_t iteration, double at) {
      reached = iteration;
      // The end of a stage is the start of the next, and told once.
      stopped = (iteration > 0 || !told) && !on_iteration(done + iteration, at);
      told = true;
      return !stopped;
    });
    done += reached;
    at_limit |= last.at_limit;
  }
  return {
      .value = last.value, .at_limit = at_limit && !stopped, .stalled = last.stalled && !stopped};
}

}  // namespace ringmaker::train
