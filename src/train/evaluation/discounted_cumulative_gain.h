// Mean of 1 / log2(2 + r), r the rank of a row's class from 0 on: "dcg", 1 when all are right.
#pragma once

#include <cstddef>
#include <span>

namespace ringmaker::train {

/// Predictions are `classes` scores a row, labels class indices.
[[nodiscard]] double discounted_cumulative_gain(std::span<const double> predicted,
                                                std::span<const double> labels, size_t classes);

}  // namespace ringmaker::train
