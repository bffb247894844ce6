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
  }
  RM_UNREACHABLE();
}

void apply_link(Link link, const LinearKernels& kernels, data::DenseSpan scores) noexcept {
  switch (link) {
    case Link::kIdentity:
      return;
    case Link::kLogistic:
      kernels.logistic(scores.values, scores.rows * scores.columns);
      return;
    case Link::kSoftmax:
      for (size_t i = 0; i < scores.rows; ++i) {
        softmax(kernels, scores.row(i), scores.columns);
      }
      return;
    case Link::kExponential:
      kernels.exponential(scores.values, scores.rows * scores.columns);
      return;
    case Link::kStep:
      std::transform(scores.values, scores.values + scores.rows * scores.columns, scores.values,
                     [](float m) { return std::isnan(m) ? m
                                          : m > 0       ? 1.0F
                                                        : 0.0F; });
      return;
    case Link::kClassIndex:
      break;
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
