// Mean surprise of two classes: "logloss".
#pragma once

#include <span>

namespace ringmaker::train {

/// Predictions are P(class 1), labels 0 or 1.
[[nodiscard]] double log_loss(std::span<const double> predicted, std::span<const double> labels);

}  // namespace ringmaker::train
