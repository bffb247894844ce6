#include "train/learner/scaling.h"

#include "train/dataset/column_review.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringmaker::train {
namespace {

/// No spread but rounding, or one that weights of float32 cannot make up for: the column is left to
/// the bias. Two different values of float32 are further apart than 1e-12 of them, even if only one
/// row in a billion holds the other.
double unit_of(double deviation, double mean) noexcept {
  return deviation > std::max(kSpreadMin, 1e-12 * std::abs(mean)) ? deviation : 1;
}

std::vector<double> means_of(data::DenseView rows) {
  std::vector<double> mean(rows.columns);
  std::vector<double> present(rows.columns);
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t j = 0; j < rows.columns; ++j) {
      const auto value = static_cast<double>(rows.row(i)[j]);
      if (!std::isnan(value)) {
        mean[j] += value;
        present[j] += 1;
      }
    }
  }
  for (size_t j = 0; j < rows.columns; ++j) {
    mean[j] = present[j] > 0 ? mean[j] / present[j] : 0;
  }
  return mean;
}

/// In a second pass, because the difference of large squares loses what matters.
std::vector<double> deviations_of(data::DenseView rows, const std::vector<double>& mean) {
  std::vector<double> deviation(rows.columns);
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t j = 0; j < rows.columns; ++j) {
      const double centred = static_cast<double>(rows.row(i)[j]) - mean[j];
      deviation[j] += std::isnan(centred) ? 0 : centred * centred;
    }
  }
  for (size_t j = 0; j < rows.columns; ++j) {
    deviation[j] = unit_of(std::sqrt(deviation[j] / static_cast<double>(rows.rows)), mean[j]);
  }
  return deviation;
}

tl::unexpected<base::Error> infinite(data::DenseView rows, const data::Schema& schema) {
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t j = 0; j < rows.columns; ++j) {
      if (std::isinf(rows.row(i)[j])) {
        return base::fail(base::ErrorCode::kInvalidInput,
                          fmt::format("row {}, feature \"{}\" is infinite; a model is trained on "
                                      "finite numbers, and a missing one may be empty",
                                      i + 1, schema.feature_names[j]));
      }
    }
  }
  return base::fail(base::ErrorCode::kInvalidInput,
                    "the features' values are too far apart to be scaled");
}

}  // namespace

Scaling measure_scaling(data::DenseView rows, const ScalingOptions& options) {
  if (options.rows_max > 0) {
    rows = rows.slice(0, std::min(options.rows_max, rows.rows));
  }
  Scaling scaling;
  scaling.fill = means_of(rows);
  scaling.offset = options.centre ? scaling.fill : std::vector<double>(rows.columns, 0.0);
  scaling.unit = options.normalize ? deviations_of(rows, scaling.fill)
                                   : std::vector<double>(rows.columns, 1.0);
  return scaling;
}

base::Result<data::DenseBlock> scaled_rows(data::DenseView rows, const Scaling& scaling,
                                           const data::Schema& schema) {
  data::DenseBlock result(rows.columns, rows.rows);
  result.resize(rows.rows);
  bool finite = true;
  for (size_t i = 0; i < rows.rows; ++i) {
    const float* from = rows.row(i);
    float* to = result.span().row(i);
    for (size_t j = 0; j < rows.columns; ++j) {
      const auto value = static_cast<double>(from[j]);
      const double present = std::isnan(value) ? scaling.fill[j] : value;
      to[j] = static_cast<float>((present - scaling.offset[j]) / scaling.unit[j]);
      finite = finite && std::isfinite(to[j]);
    }
  }
  if (!finite) {
    return infinite(rows, schema);
  }
  return result;
}

base::Result<LabelScaling> measure_label_scaling(std::span<const double> labels, bool centre,
                                                 bool normalize) {
  const auto rows = static_cast<double>(labels.size());
  double mean = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (!std::isfinite(labels[i])) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("the label of row {} is {}, expected a finite number", i + 1, labels[i]));
    }
    if (std::abs(labels[i]) > static_cast<double>(std::numeric_limits<float>::max())) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("the label of row {} is {}; a model answers float32, which ends "
                      "at {:.2g}: give the labels in a larger unit",
                      i + 1, labels[i], std::numeric_limits<float>::max()));
    }
    mean += labels[i] / rows;
  }
  double variance = 0;
  for (const double label : labels) {
    variance += (label - mean) * (label - mean) / rows;
  }
  return LabelScaling{.offset = centre ? mean : 0,
                      .unit = normalize ? unit_of(std::sqrt(variance), mean) : 1};
}

std::vector<double> scaled_labels(std::span<const double> labels, const LabelScaling& scaling) {
  std::vector<double> result(labels.size());
  std::transform(labels.begin(), labels.end(), result.begin(),
                 [&](double label) { return (label - scaling.offset) / scaling.unit; });
  return result;
}

}  // namespace ringmaker::train
