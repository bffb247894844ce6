// Scores of predictions against labels, under the names XGBoost gave them.
#pragma once

#include <cstddef>
#include <span>

namespace ringmaker::train {

/// Predictions are values.
[[nodiscard]] double root_mean_squared_error(std::span<const double> predicted,
                                             std::span<const double> labels);
[[nodiscard]] double mean_absolute_error(std::span<const double> predicted,
                                         std::span<const double> labels);

/// Predictions are P(class 1), labels 0 or 1.
[[nodiscard]] double log_loss(std::span<const double> predicted, std::span<const double> labels);
/// Share of rows on the wrong side of 0.5.
[[nodiscard]] double error_rate(std::span<const double> predicted, std::span<const double> labels);
/// Area under the ROC curve; ties count half. Predictions are compared as float32,
/// which is what a model answers. NaN when a class is absent.
[[nodiscard]] double area_under_curve(std::span<const double> predicted,
                                      std::span<const double> labels);

/// Predictions are `classes` probabilities a row, labels class indices.
[[nodiscard]] double multiclass_log_loss(std::span<const double> predicted,
                                         std::span<const double> labels, size_t classes);
[[nodiscard]] double multiclass_error_rate(std::span<const double> predicted,
                                           std::span<const double> labels, size_t classes);

}  // namespace ringmaker::train
