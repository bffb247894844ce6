// Root of the mean squared error of values, in units of the label: "rmse".
#pragma once

#include <span>

namespace ringmaker::train {

[[nodiscard]] double root_mean_squared_error(std::span<const double> predicted,
                                             std::span<const double> labels);

}  // namespace ringmaker::train
