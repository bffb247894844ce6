// Mean squared error of values: "mse".
#pragma once

#include <span>

namespace ringmaker::train {

[[nodiscard]] double mean_squared_error(std::span<const double> predicted,
                                        std::span<const double> labels);

}  // namespace ringmaker::train
