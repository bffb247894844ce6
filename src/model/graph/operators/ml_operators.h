// What the operators of ai.onnx.ml share: how they name classes, what they take and make.
#pragma once

#include "model/graph/operator_context.h"
#include "model/graph/post_transform.h"

#include <memory>
#include <string_view>

namespace ringmaker::model::operators {

/// From the attributes of one of two names; an empty list where neither is there.
[[nodiscard]] base::Result<std::shared_ptr<const ClassList>> read_classes(OperatorContext& node,
                                                                          std::string_view integers,
                                                                          std::string_view texts);

/// Integer or text, as the list is.
[[nodiscard]] inline ElementType label_type(const ClassList& classes) noexcept {
  return classes.numeric ? ElementType::kInt64 : ElementType::kString;
}

/// Attribute "post_transform".
[[nodiscard]] base::Result<PostTransform> read_transform(OperatorContext& node);

/// Whether the largest sum of a row is the largest score too: PROBIT of what is no probability is
/// none, and SOFTMAX_ZERO passes over sums that are 0.
[[nodiscard]] inline bool keeps_order(PostTransform transform) noexcept {
  return transform != PostTransform::kProbit && transform != PostTransform::kSoftmaxZero;
}
/// Whether it makes of any sums scores that are not negative.
[[nodiscard]] inline bool makes_shares(PostTransform transform) noexcept {
  return transform == PostTransform::kSoftmax || transform == PostTransform::kLogistic;
}

/// That a list has as many values as it should, or what its attribute is called.
[[nodiscard]] base::Result<void> expect_size(OperatorContext& node, std::string_view attribute,
                                             size_t found, size_t expected);

/// [N, columns]
[[nodiscard]] inline Shape rows_of(size_t columns) {
  return {.dims = {1, static_cast<int64_t>(columns)}, .batch_axis = 0};
}
/// The columns of an input [N, F] or [N, 1, F], ...: what follows the rows is one.
[[nodiscard]] base::Result<size_t> read_columns(OperatorContext& node, size_t input);

/// An input of any number type as rows of float32: itself, or a copy made before the step.
[[nodiscard]] base::Result<ValueId> as_floats(OperatorContext& node, size_t input);

}  // namespace ringmaker::model::operators
