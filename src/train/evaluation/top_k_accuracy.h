// Share of rows whose class is among the k likeliest: "multiclass_top_k_accuracy".
#pragma once

#include <cstddef>
#include <span>

namespace ringmaker::train {

/// Predictions are `classes` scores a row, labels class indices.
[[nodiscard]] double top_k_accuracy(std::span<const double> predicted,
                                    std::span<const double> labels, size_t classes, size_t k);

}  // namespace ringmaker::train
