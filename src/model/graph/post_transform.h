// What the operators of ai.onnx.ml make of a row of sums.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ringmaker::model {

enum class PostTransform : uint8_t { kNone, kSoftmax, kLogistic, kSoftmaxZero, kProbit };

/// Nothing for a name that is none.
[[nodiscard]] std::optional<PostTransform> post_transform(std::string_view name) noexcept;

/// In place, over all scores of a row.
void apply_post_transform(PostTransform transform, float* scores, size_t count) noexcept;

/// 1 / (1 + exp(-x)), which does not overflow.
[[nodiscard]] float logistic(float x) noexcept;
/// The quantile function of the normal distribution, as the reference runtime approximates it.
[[nodiscard]] float probit(float x) noexcept;

}  // namespace ringmaker::model
