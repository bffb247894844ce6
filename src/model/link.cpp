#include "model/link.h"

#include "base/check.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

/// The largest value is taken off first, so that no exponential overflows.
void softmax(const LinearKernels& kernels, float* values, size_t count) noexcept {
  const float largest = *std::max_element(values, values + count);
  for (size_t k = 0; k < count; ++k) {
    values[k] -= largest;
  }
  kernels.exponential(values, count);
  double sum = 0;
  for (size_t k = 0; k < count; ++k) {
    sum += static_cast<double>(values[k]);
  }
  for (size_t k = 0; k < count; ++k) {
    values[k] = static_cast<float>(static_cast<double>(values[k]) / sum);
  }
}

void softmax(std::span<double> values) noexcept {
  const double largest = *std::ranges::max_element(values);
  double sum = 0;
  for (double& value : values) {
    value = std::exp(value - largest);
    sum += value;
  }
  for (double& value : values) {
    value /= sum;
  }
}

template <class Float>
Float step(Float m) noexcept {
  return std::isnan(m) ? m : static_cast<Float>(m > 0 ? 1 : 0);
}

template <class Float>
Float signed_square(Float m) noexcept {
  return m < 0 ? -m * m : m * m;
}

double softplus(double m) noexcept { return std::log1p(std::exp(m)); }

/// Each value above the one before, as XGBoost has it.
template <class Float>
void rise(Float* values, size_t count) noexcept {
  for (size_t k = 1; k < count; ++k) {
    const Float m = values[k];
    const Float gap = m > 0 ? m + std::log1p(std::exp(-m)) : std::log1p(std::exp(m));
    values[k] = values[k - 1] + (static_cast<Float>(kRiseMin) + gap);
  }
}

/// A link that looks at one value at a time.
template <class Values>
void for_each_value(Values&& values, auto function) noexcept {
  std::ranges::transform(values, values.begin(), function);
}

}  // namespace

std::string_view name(Link link) noexcept {
  switch (link) {
    case Link::kIdentity:
      return "identity";
    case Link::kLogistic:
      return "logistic";
    case Link::kSoftmax:
      return "softmax";
    case Link::kExponential:
      return "exponential";
    case Link::kStep:
      return "step";
    case Link::kClassIndex:
      return "class index";
    case Link::kSignedSquare:
      return "signed square";
    case Link::kSoftplus:
      return "softplus";
    case Link::kRising:
      return "rising";
  }
  RM_UNREACHABLE();
}

void apply_link(Link link, const LinearKernels& kernels, data::DenseSpan scores) noexcept {
  const std::span<float> all(scores.values, scores.rows * scores.columns);
  switch (link) {
    case Link::kIdentity:
      return;
    case Link::kLogistic:
      kernels.logistic(all.data(), all.size());
      return;
    case Link::kSoftmax:
      for (size_t i = 0; i < scores.rows; ++i) {
        softmax(kernels, scores.row(i), scores.columns);
      }
      return;
    case Link::kExponential:
      kernels.exponential(all.data(), all.size());
      return;
    case Link::kStep:
      for_each_value(all, step<float>);
      return;
    case Link::kSignedSquare:
      for_each_value(all, signed_square<float>);
      return;
    case Link::kSoftplus:
      for_each_value(all,
                     [](float m) { return static_cast<float>(softplus(static_cast<double>(m))); });
      return;
    case Link::kRising:
      for (size_t i = 0; i < scores.rows; ++i) {
        rise(scores.row(i), scores.columns);
      }
      return;
    case Link::kClassIndex:
      break;
  }
  RM_UNREACHABLE();
}

void apply_link(Link link, std::span<double> scores) noexcept {
  switch (link) {
    case Link::kIdentity:
      return;
    case Link::kLogistic:
      for_each_value(scores, [](double m) { return 1.0 / (1.0 + std::exp(-m)); });
      return;
    case Link::kSoftmax:
      softmax(scores);
      return;
    case Link::kExponential:
      for_each_value(scores, [](double m) { return std::exp(m); });
      return;
    case Link::kStep:
      for_each_value(scores, step<double>);
      return;
    case Link::kSignedSquare:
      for_each_value(scores, signed_square<double>);
      return;
    case Link::kSoftplus:
      for_each_value(scores, softplus);
      return;
    case Link::kRising:
      rise(scores.data(), scores.size());
      return;
    case Link::kClassIndex:
      scores.front() = static_cast<double>(std::ranges::max_element(scores) - scores.begin());
      return;
  }
  RM_UNREACHABLE();
}

void class_index(data::DenseView raw, data::DenseSpan indices) noexcept {
  for (size_t i = 0; i < raw.rows; ++i) {
    const float* values = raw.row(i);
    const float* end = values + raw.columns;
    const bool known = std::none_of(values, end, [](float value) { return std::isnan(value); });
    *indices.row(i) = known ? static_cast<float>(std::max_element(values, end) - values)
                            : std::numeric_limits<float>::quiet_NaN();
  }
}

}  // namespace ringmaker::model
