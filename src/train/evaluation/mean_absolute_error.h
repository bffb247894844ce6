// Mean absolute error of values: "mae", "absolute_loss".
#pragma once

#include <span>

namespace ringmaker::train {

[[nodiscard]] double mean_absolute_error(std::span<const double> predicted,
                                         std::span<const double> labels);

}  // namespace ringmaker::train
