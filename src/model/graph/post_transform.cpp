#include "model/graph/post_transform.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ringmaker::model {
namespace {

constexpr std::array<std::string_view, 5> kNames{"NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO",
                                                 "PROBIT"};

void softmax(float* scores, size_t count) noexcept {
  const float top = *std::max_element(scores, scores + count);
  float sum = 0;
  for (size_t i = 0; i < count; ++i) {
    scores[i] = std::exp(scores[i] - top);
    sum += scores[i];
  }
  for (size_t i = 0; i < count; ++i) {
    scores[i] /= sum;
  }
}

/// Scores that are 0 stay as good as 0.
void softmax_zero(float* scores, size_t count) noexcept {
  constexpr float kZero = 1e-7F;
  const float top = *std::max_element(scores, scores + count);
  const float scale = std::exp(-top);
  float sum = 0;
  for (size_t i = 0; i < count; ++i) {
    if (std::fabs(scores[i]) > kZero) {
      scores[i] = std::exp(scores[i] - top);
      sum += scores[i];
    } else {
      scores[i] *= scale;
    }
  }
  for (size_t i = 0; i < count; ++i) {
    scores[i] /= sum;
  }
}

/// The inverse of the error function. Source: Winitzki, "A handy approximation for the error
/// function and its inverse", 2008.
float inverse_erf(float x) noexcept {
  const float sign = x < 0 ? -1.0F : 1.0F;
  const float log = std::log((1 - x) * (1 + x));
  const float v = 2 / (3.14159F * 0.147F) + 0.5F * log;
  const float v2 = 1 / 0.147F * log;
  return sign * std::sqrt(-v + std::sqrt(v * v - v2));
}

}  // namespace

std::optional<PostTransform> post_transform(std::string_view name) noexcept {
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  return found == kNames.end() ? std::nullopt
                               : std::optional(static_cast<PostTransform>(found - kNames.begin()));
}

float logistic(float x) noexcept {
  const float part = 1 / (1 + std::exp(-std::fabs(x)));
  return x < 0 ? 1 - part : part;
}

float probit(float x) noexcept { return 1.41421356F * inverse_erf(2 * x - 1); }

void apply_post_transform(PostTransform transform, float* scores, size_t count) noexcept {
  if (count == 0) {
    return;
  }
  switch (transform) {
    case PostTransform::kNone:
      return;
    case PostTransform::kSoftmax:
      return softmax(scores, count);
    case PostTransform::kSoftmaxZero:
      return softmax_zero(scores, count);
    case PostTransform::kLogistic:
      std::transform(scores, scores + count, scores, logistic);
      return;
    case PostTransform::kProbit:
      std::transform(scores, scores + count, scores, probit);
      return;
  }
}

}  // namespace ringmaker::model
