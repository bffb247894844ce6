#include "model/graph/operators/ml_operators.h"

#include <utility>

namespace ringmaker::model::operators {

using base::Result;

Result<std::shared_ptr<const ClassList>> read_classes(OperatorContext& node,
                                                      std::string_view integers,
                                                      std::string_view texts) {
  auto classes = std::make_shared<ClassList>();
  classes->names = node.texts(texts);
  classes->numeric = classes->names.empty();
  if (classes->numeric) {
    classes->codes = node.integers(integers);
    for (const int64_t code : classes->codes) {
      classes->names.push_back(fmt::format("{}", code));
    }
  } else {
    for (const std::string& name : classes->names) {
      classes->codes.push_back(node.builder().settings().number_of(name));
    }
  }
  RM_TRY(node.failed());
  return std::shared_ptr<const ClassList>(std::move(classes));
}

Result<PostTransform> read_transform(OperatorContext& node) {
  const std::string text = node.text("post_transform", "NONE");
  const auto transform = post_transform(text);
  if (!transform) {
    return node.refuse("attribute \"post_transform\" is \"{}\"", text);
  }
  return *transform;
}

Result<void> expect_size(OperatorContext& node, std::string_view attribute, size_t found,
                         size_t expected) {
  if (found != expected) {
    return node.refuse("attribute \"{}\" has {} values, expected {}", attribute, found, expected);
  }
  return {};
}

Result<size_t> read_columns(OperatorContext& node, size_t input) {
  const Shape& shape = node.in(input).shape;
  if (shape.rank() < 2 || shape.batch_axis != 0 || shape.dims[0] != 1) {
    return node.unsupported("its input is {}, expected [N, columns]", text_of(shape));
  }
  return shape.elements(1, shape.rank());
}

Result<ValueId> as_floats(OperatorContext& node, size_t input) {
  const Value& in = node.in(input);
  if (in.type == ElementType::kFloat) {
    return node.input(input);
  }
  if (in.type == ElementType::kString) {
    return node.unsupported("its input holds {}", name(in.type));
  }
  const Shape shape = in.shape;
  const bool wide = in.type == ElementType::kDouble;
  RM_ASSIGN(const ValueId copy, node.scratch(ElementType::kFloat, shape));
  node.run([=, source = node.input(input)](const Frame& frame) {
    float* y = frame.write<float>(copy);
    for (size_t i = 0, count = shape.elements_of(frame.rows); i < count; ++i) {
      y[i] = wide ? static_cast<float>(frame.read<double>(source)[i])
                  : static_cast<float>(frame.read<int64_t>(source)[i]);
    }
  });
  return copy;
}

}  // namespace ringmaker::model::operators
