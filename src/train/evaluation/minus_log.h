// What a probability counts as at the least, so that one certain mistake is not infinite.
#pragma once

#include <algorithm>
#include <cmath>

namespace ringmaker::train {

[[nodiscard]] inline double minus_log(double probability) noexcept {
  constexpr double kProbabilityMin = 1e-15;
  return -std::log(std::clamp(probability, kProbabilityMin, 1.0));
}

}  // namespace ringmaker::train
