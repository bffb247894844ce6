// What operators of classes share: the list of classes of a node, and the label of an index.
#pragma once

#include "model/graph/operator_context.h"

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

/// The columns of an input [N, F] or [N, 1, F], ...: what follows the rows is one.
struct RowsOf {
  size_t columns = 0;
};
[[nodiscard]] base::Result<RowsOf> read_rows(OperatorContext& node, size_t input);

/// An input of any number type as rows of float32: itself, or a copy made before the step.
[[nodiscard]] base::Result<ValueId> as_floats(OperatorContext& node, size_t input);

}  // namespace ringmaker::model::operators
