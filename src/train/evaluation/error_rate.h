// Share of rows on the wrong side of a threshold: "error"; 1 minus it:
// "binary_classification_accuracy".
#pragma once

#include <span>

namespace ringmaker::train {

/// Class 1 is predicted above the threshold; labels are 0 or 1.
[[nodiscard]] double error_rate(std::span<const double> predicted, std::span<const double> labels,
                                double threshold);

}  // namespace ringmaker::train
