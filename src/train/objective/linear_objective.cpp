#include "train/objective/linear_objective.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ringmaker::train {
namespace {

double dot(const double* weights, const float* row, size_t columns) noexcept {
  // Four sums side by side, so that additions do not wait for each other.
  double sums[4] = {0, 0, 0, 0};
  size_t j = 0;
  for (; j + 4 <= columns; j += 4) {
    for (size_t lane = 0; lane < 4; ++lane) {
      sums[lane] += weights[j + lane] * static_cast<double>(row[j + lane]);
    }
  }
  for (; j < columns; ++j) {
    sums[0] += weights[j] * static_cast<double>(row[j]);
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

/// log(1 + exp(x)) without overflow.
double softplus(double x) noexcept {
  return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

double logistic(double x) noexcept {
  return x >= 0 ? 1.0 / (1.0 + std::exp(-x)) : std::exp(x) / (1.0 + std::exp(x));
}

}  // namespace

LinearObjective::LinearObjective(Loss loss, data::DenseView rows, std::span<const double> labels,
                                 std::span<const float> weights, size_t outputs, double wd)
    : loss_(loss),
      rows_(rows),
      labels_(labels),
      weights_(weights),
      outputs_(outputs),
      wd_(wd),
      weight_sum_(weights.empty() ? static_cast<double>(rows.rows)
                                  : std::accumulate(weights.begin(), weights.end(), 0.0)),
      raw_(rows.rows * outputs),
      slope_(rows.rows * outputs) {}

double LinearObjective::evaluate(std::span<const double> x, std::span<double> gradient) {
  compute_raw(x);
  const double loss = compute_loss();
  std::fill(gradient.begin(), gradient.end(), 0.0);
  add_gradient(gradient);
  double penalty = 0;
  for (size_t i = 0; i < outputs_ * rows_.columns; ++i) {
    penalty += x[i] * x[i];
    gradient[i] += wd_ * x[i];
  }
  return loss + wd_ / 2 * penalty;
}

void LinearObjective::compute_raw(std::span<const double> x) {
  const size_t columns = rows_.columns;
  const double* bias = x.data() + outputs_ * columns;
  for (size_t i = 0; i < rows_.rows; ++i) {
    for (size_t k = 0; k < outputs_; ++k) {
      raw_[i * outputs_ + k] = bias[k] + dot(x.data() + k * columns, rows_.row(i), columns);
    }
  }
}

double LinearObjective::compute_loss() {
  double total = 0;
  for (size_t i = 0; i < rows_.rows; ++i) {
    const double share = (weights_.empty() ? 1.0 : static_cast<double>(weights_[i])) / weight_sum_;
    const double* raw = raw_.data() + i * outputs_;
    double* slope = slope_.data() + i * outputs_;
    if (loss_ == Loss::kSquared) {
      const double error = raw[0] - labels_[i];
      total += share * error * error / 2;
      slope[0] = share * error;
    } else if (loss_ == Loss::kLogistic) {
      total += share * (softplus(raw[0]) - labels_[i] * raw[0]);
      slope[0] = share * (logistic(raw[0]) - labels_[i]);
    } else {
      const double greatest = *std::max_element(raw, raw + outputs_);
      double sum = 0;
      for (size_t k = 0; k < outputs_; ++k) {
        slope[k] = std::exp(raw[k] - greatest);
        sum += slope[k];
      }
      const auto label = static_cast<size_t>(labels_[i]);
      total += share * (std::log(sum) + greatest - raw[label]);
      for (size_t k = 0; k < outputs_; ++k) {
        slope[k] = share * (slope[k] / sum - (k == label ? 1.0 : 0.0));
      }
    }
  }
  return total;
}

void LinearObjective::add_gradient(std::span<double> gradient) const {
  const size_t columns = rows_.columns;
  double* bias = gradient.data() + outputs_ * columns;
  for (size_t i = 0; i < rows_.rows; ++i) {
    const float* row = rows_.row(i);
    for (size_t k = 0; k < outputs_; ++k) {
      const double slope = slope_[i * outputs_ + k];
      double* out = gradient.data() + k * columns;
      for (size_t j = 0; j < columns; ++j) {
        out[j] += slope * static_cast<double>(row[j]);
      }
      bias[k] += slope;
    }
  }
}

}  // namespace ringmaker::train
