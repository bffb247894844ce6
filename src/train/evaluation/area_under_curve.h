// Area under the ROC curve: "auc", "roc_auc_score".
#pragma once

#include <span>

namespace ringmaker::train {

/// Predictions are scores of class 1, labels 0 or 1; ties count half. Predictions are compared as
/// float32, which is what a model answers. NaN when a class is absent.
[[nodiscard]] double area_under_curve(std::span<const double> predicted,
                                      std::span<const double> labels);

}  // namespace ringmaker::train
