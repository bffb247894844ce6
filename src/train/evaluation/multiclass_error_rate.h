// Share of rows given another class: "merror"; 1 minus it: "multiclass_accuracy".
#pragma once

#include <cstddef>
#include <span>

namespace ringmaker::train {

/// Predictions are `classes` scores a row, labels class indices.
[[nodiscard]] double multiclass_error_rate(std::span<const double> predicted,
                                           std::span<const double> labels, size_t classes);

}  // namespace ringmaker::train
