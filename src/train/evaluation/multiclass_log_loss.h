// Mean surprise of several classes: "mlogloss".
#pragma once

#include <cstddef>
#include <span>

namespace ringmaker::train {

/// Predictions are `classes` probabilities a row, labels class indices.
[[nodiscard]] double multiclass_log_loss(std::span<const double> predicted,
                                         std::span<const double> labels, size_t classes);

}  // namespace ringmaker::train
