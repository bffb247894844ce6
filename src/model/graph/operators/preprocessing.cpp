// Operators of ai.onnx.ml that prepare columns.
#include "model/graph/operators/ml_operators.h"
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace ringmaker::model::operators {
namespace {

/// An attribute of one value for all columns, or one a column.
Result<std::vector<float>> per_column(OperatorContext& node, std::string_view name, size_t columns,
                                      float absent) {
  std::vector<float> values = node.has(name) ? node.reals(name) : std::vector<float>{absent};
  RM_TRY(node.failed());
  if (values.size() == 1) {
    values.resize(columns, values[0]);
  }
  if (values.size() != columns) {
    return node.refuse("attribute \"{}\" has {} values, its input {} columns", name, values.size(),
                       columns);
  }
  return values;
}

size_t columns_of(const Shape& shape) {
  return shape.rank() == 0 ? 1 : static_cast<size_t>(shape.dims.back());
}

}  // namespace

Result<void> scaler(OperatorContext& node) {
  const Shape shape = node.in(0).shape;
  if (shape.rank() == 0 || shape.batch_axis == shape.rank() - 1) {
    return node.unsupported("its input is {}, expected [N, columns]", text_of(shape));
  }
  const size_t columns = columns_of(shape);
  RM_ASSIGN(const std::vector<float> offset, per_column(node, "offset", columns, 0));
  RM_ASSIGN(const std::vector<float> scale, per_column(node, "scale", columns, 1));
  RM_ASSIGN(const ValueId in, as_floats(node, 0));
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, shape));
  node.run([=](const Frame& frame) {
    const float* x = frame.read<float>(in);
    float* y = frame.write<float>(out);
    const size_t rows = columns == 0 ? 0 : shape.elements_of(frame.rows) / columns;
    for (size_t i = 0; i < rows; ++i, x += columns, y += columns) {
      for (size_t j = 0; j < columns; ++j) {
        y[j] = (x[j] - offset[j]) * scale[j];
      }
    }
  });
  return {};
}

Result<void> normalizer(OperatorContext& node) {
  RM_ASSIGN(const size_t columns, read_columns(node, 0));
  const Shape shape = node.in(0).shape;
  const std::string norm = node.text("norm", "MAX");
  if (norm != "MAX" && norm != "L1" && norm != "L2") {
    return node.refuse("attribute \"norm\" is \"{}\"", norm);
  }
  RM_ASSIGN(const ValueId in, as_floats(node, 0));
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, shape));
  Value& made = node.value(out);
  made.classes = node.in(0).classes;
  // Shares of 1, of scores that are not negative.
  const bool not_negative = node.never_negative(0);
  const bool shares = norm == "L1" && not_negative;
  made.complementary = shares && columns == 2;
  made.margins = !shares;
  made.not_negative = not_negative;
  if (norm != "MAX" || not_negative) {  // else the divisor may be below 0
    node.keep_order(0, out);
  }
  node.run([=](const Frame& frame) {
    const float* x = frame.read<float>(in);
    float* y = frame.write<float>(out);
    for (size_t i = 0; i < frame.rows; ++i, x += columns, y += columns) {
      // Of MAX the largest that is a number.
      float divisor = norm == "MAX" ? std::numeric_limits<float>::lowest() : 0;
      for (size_t j = 0; j < columns; ++j) {
        divisor = norm == "MAX"  ? std::max(divisor, x[j])
                  : norm == "L1" ? divisor + std::fabs(x[j])
                                 : divisor + x[j] * x[j];
      }
      divisor = norm == "L2" ? std::sqrt(divisor) : divisor;
      for (size_t j = 0; j < columns; ++j) {
        y[j] = divisor == 0 ? x[j] : x[j] / divisor;
      }
    }
  });
  return {};
}

namespace {

template <class T, class Replaced>
Kernel imputer_kernel(ValueId in, ValueId out, const Shape& shape, const std::vector<T>& values,
                      Replaced replaced) {
  return [=](const Frame& frame) {
    const T* x = frame.read<T>(in);
    T* y = frame.write<T>(out);
    const size_t columns = values.size();
    const size_t rows = columns == 0 ? 0 : shape.elements_of(frame.rows) / columns;
    for (size_t i = 0; i < rows; ++i, x += columns, y += columns) {
      for (size_t j = 0; j < columns; ++j) {
        y[j] = replaced(x[j]) ? values[j] : x[j];
      }
    }
  };
}

}  // namespace

Result<void> imputer(OperatorContext& node) {
  const Shape shape = node.in(0).shape;
  const ElementType type = node.in(0).type;
  if (shape.rank() == 0 || shape.batch_axis == shape.rank() - 1) {
    return node.unsupported("its input is {}, expected [N, columns]", text_of(shape));
  }
  const size_t columns = columns_of(shape);
  if (type == ElementType::kInt64) {
    std::vector<int64_t> values = node.integers("imputed_value_int64s");
    const int64_t replaced = node.integer("replaced_value_int64", 0);
    if (values.size() == 1) {
      values.resize(columns, values[0]);
    }
    if (values.size() != columns) {
      return node.refuse("attribute \"imputed_value_int64s\" has {} values, its input {} columns",
                         values.size(), columns);
    }
    RM_ASSIGN(const ValueId out, node.output(0, type, shape));
    node.run(imputer_kernel(node.input(0), out, shape, values,
                            [=](int64_t x) { return x == replaced; }));
    return {};
  }
  RM_TRY(node.expect_type(0, {ElementType::kFloat}));
  if (!node.has("imputed_value_floats")) {
    return node.refuse("attribute \"imputed_value_floats\" is missing");
  }
  RM_ASSIGN(std::vector<float> values, per_column(node, "imputed_value_floats", columns, 0));
  const float replaced = node.real("replaced_value_float", 0);
  RM_ASSIGN(const ValueId out, node.output(0, type, shape));
  node.run(std::isnan(replaced) ? imputer_kernel(node.input(0), out, shape, values,
                                                 [](float x) { return std::isnan(x); })
                                : imputer_kernel(node.input(0), out, shape, values,
                                                 [=](float x) { return x == replaced; }));
  return {};
}

Result<void> binarizer(OperatorContext& node) {
  const float threshold = node.real("threshold", 0);
  const Shape shape = node.in(0).shape;
  RM_ASSIGN(const ValueId in, as_floats(node, 0));
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, shape));
  node.run([=](const Frame& frame) {
    const float* x = frame.read<float>(in);
    float* y = frame.write<float>(out);
    for (size_t i = 0, count = shape.elements_of(frame.rows); i < count; ++i) {
      y[i] = x[i] > threshold ? 1.0F : 0.0F;
    }
  });
  return {};
}

Result<void> feature_vectorizer(OperatorContext& node) {
  const std::vector<int64_t> dimensions = node.integers("inputdimensions");
  if (dimensions.size() != node.input_count()) {
    return node.refuse("attribute \"inputdimensions\" has {} values, it has {} inputs",
                       dimensions.size(), node.input_count());
  }
  struct Part {
    ValueId id;
    size_t columns;  // of the input
    size_t taken;    // of the output; what the input has not is 0
  };
  std::vector<Part> parts;
  size_t width = 0;
  for (size_t i = 0; i < dimensions.size(); ++i) {
    RM_ASSIGN(const size_t columns, read_columns(node, i));
    if (dimensions[i] < 0 || dimensions[i] > (1 << 24)) {
      return node.refuse("attribute \"inputdimensions\" holds {}", dimensions[i]);
    }
    RM_ASSIGN(const ValueId id, as_floats(node, i));
    parts.push_back({id, columns, static_cast<size_t>(dimensions[i])});
    width += parts.back().taken;
  }
  RM_ASSIGN(const ValueId out,
            node.output(0, ElementType::kFloat,
                        Shape{.dims = {1, static_cast<int64_t>(width)}, .batch_axis = 0}));
  node.run([=](const Frame& frame) {
    float* y = frame.write<float>(out);
    for (const Part& part : parts) {
      const float* x = frame.read<float>(part.id);
      const size_t copied = std::min(part.columns, part.taken);
      for (size_t i = 0; i < frame.rows; ++i) {
        float* row = y + i * width;
        std::copy_n(x + i * part.columns, copied, row);
        std::fill_n(row + copied, part.taken - copied, 0.0F);
      }
      y += part.taken;
    }
  });
  return {};
}

/// The scores stay the tensor that they are; the keys are their classes.
Result<void> zip_map(OperatorContext& node) {
  RM_ASSIGN(auto classes, read_classes(node, "classlabels_int64s", "classlabels_strings"));
  const Shape shape = node.in(0).shape;
  if (shape.rank() != 2 || shape.batch_axis != 0 ||
      shape.dims[1] != static_cast<int64_t>(classes->names.size())) {
    return node.refuse("its input is {}, it has {} keys", text_of(shape), classes->names.size());
  }
  RM_TRY(node.expect_type(0, {ElementType::kFloat}));
  RM_ASSIGN(const ValueId out, node.alias(0, 0, shape));
  node.value(out).classes = std::move(classes);
  return {};
}

}  // namespace ringmaker::model::operators
