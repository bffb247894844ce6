// Dense layers and linear models.
#include "model/graph/broadcast_loop.h"
#include "model/graph/dense_kernel.h"
#include "model/graph/dense_step.h"
#include "model/graph/operators/ml_operators.h"
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace ringmaker::model::operators {
namespace {

/// A constant matrix as depth x columns, row-major, times `scale`.
template <class T>
std::vector<T> matrix_of(const Value& value, bool transposed, T scale) {
  const auto rows = static_cast<size_t>(value.shape.dims[0]);
  const auto columns = static_cast<size_t>(value.shape.dims[1]);
  std::vector<T> matrix(rows * columns);
  const T* from = reinterpret_cast<const T*>(value.constant->data());
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      matrix[transposed ? j * rows + i : i * columns + j] = from[i * columns + j] * scale;
    }
  }
  return matrix;
}

/// y = beta * c, stretched; 0 without c.
template <class T>
Kernel start_kernel(OperatorContext& node, ValueId out, float beta) {
  const Shape shape = node.value(out).shape;
  if (!node.has_input(2)) {
    return [=](const Frame& frame) {
      std::fill_n(frame.write<T>(out), shape.elements_of(frame.rows), T{0});
    };
  }
  BroadcastLoop<1> loop(shape, {node.in(2).shape});
  return [=, source = node.input(2)](const Frame& frame) {
    const T* c = frame.read<T>(source);
    T* y = frame.write<T>(out);
    loop.run(frame.rows, [&](size_t first, size_t count, const auto& offsets, const auto& steps) {
      for (size_t i = 0; i < count; ++i) {
        y[first + i] = static_cast<T>(beta) * c[offsets[0] + i * steps[0]];
      }
    });
  };
}

/// y += x * matrix, of doubles.
Kernel products_kernel(ValueId x, std::vector<double> matrix, ValueId out, const Shape& rows,
                       size_t depth, size_t columns) {
  return
      [=, w = std::make_shared<const std::vector<double>>(std::move(matrix))](const Frame& frame) {
        add_products(frame.read<double>(x), w->data(), frame.write<double>(out),
                     rows.elements_of(frame.rows), depth, columns);
      };
}

/// What a product of floats starts from.
enum class Start : uint8_t { kBias, kOutput };

/// `rows` is the shape of x without its columns.
void run_layer(OperatorContext& node, std::shared_ptr<const DenseStep> layer, ValueId x,
               ValueId out, const Shape& rows, Start start) {
  node.run([=, layer = std::move(layer)](const Frame& frame) {
    float* y = frame.write<float>(out);
    const SumsStart sums = start == Start::kBias
                               ? SumsStart{.values = layer->bias.data(), .stride = 0}
                               : SumsStart{.values = y, .stride = layer->matrix.columns()};
    layer->matrix.multiply(frame.read<float>(x), rows.elements_of(frame.rows), sums, y,
                           layer->activation);
  });
}

std::shared_ptr<DenseStep> make_layer(OperatorContext& node, std::span<const float> matrix,
                                      size_t depth, size_t columns, std::vector<float> bias) {
  const bool has_bias = !bias.empty();
  bias.resize(columns);
  return std::make_shared<DenseStep>(
      PackedMatrix::for_products(kernels_of(node), matrix, depth, columns), std::move(bias),
      has_bias);
}

/// beta * c, where that is one value a column and known; else nothing.
Result<std::vector<float>> bias_of(OperatorContext& node, size_t columns, float beta) {
  if (!node.has_input(2) || !node.is_constant(2) || node.in(2).shape.elements() != columns ||
      node.in(2).shape.dims.empty() ||
      node.in(2).shape.dims.back() != static_cast<int64_t>(columns)) {
    return std::vector<float>();
  }
  RM_ASSIGN(std::vector<float> bias, node.reals_of(2));
  for (float& value : bias) {
    value *= beta;
  }
  return bias;
}

Result<void> run_gemm_of_floats(OperatorContext& node, ValueId out, const Shape& rows,
                                bool transposed, float alpha, float beta) {
  const auto columns = static_cast<size_t>(node.value(out).shape.dims[1]);
  const auto depth = static_cast<size_t>(node.in(0).shape.dims[1]);
  const auto matrix = matrix_of<float>(node.in(1), transposed, alpha);
  RM_ASSIGN(std::vector<float> bias, bias_of(node, columns, beta));
  const bool starts_from_output = matrix.empty() || (node.has_input(2) && bias.empty());
  if (starts_from_output) {
    node.run(start_kernel<float>(node, out, beta));
  }
  if (!matrix.empty()) {
    const auto layer = make_layer(node, matrix, depth, columns, std::move(bias));
    if (!starts_from_output) {
      node.value(out).layer = layer;
    }
    run_layer(node, layer, node.input(0), out, rows,
              starts_from_output ? Start::kOutput : Start::kBias);
  }
  return {};
}

void run_gemm_of_doubles(OperatorContext& node, ValueId out, const Shape& rows, bool transposed,
                         float alpha, float beta) {
  node.run(start_kernel<double>(node, out, beta));
  node.run(products_kernel(node.input(0),
                           matrix_of<double>(node.in(1), transposed, static_cast<double>(alpha)),
                           out, rows, static_cast<size_t>(node.in(0).shape.dims[1]),
                           static_cast<size_t>(node.value(out).shape.dims[1])));
}

constexpr std::initializer_list<ElementType> kReals{ElementType::kFloat, ElementType::kDouble};

}  // namespace

Result<void> gemm(OperatorContext& node) {
  RM_TRY(node.expect_type(0, kReals));
  const ElementType type = node.in(0).type;
  const float alpha = node.real("alpha", 1);
  const float beta = node.real("beta", 1);
  const bool transposed = node.integer("transB", 0) != 0;
  if (node.integer("transA", 0) != 0) {
    return node.unsupported("it turns its first input (transA), and so mixes rows");
  }
  const Shape a = node.in(0).shape;
  const Shape b = node.in(1).shape;
  if (node.in(1).type != type || (node.has_input(2) && node.in(2).type != type)) {
    return node.refuse("its inputs are of several types");
  }
  if (!node.is_constant(1)) {
    return node.unsupported("its second input depends on the row");
  }
  if (a.rank() != 2 || b.rank() != 2 || a.batch_axis == 1 ||
      a.dims[1] != b.dims[transposed ? 1 : 0]) {
    return node.refuse("its inputs are {} and {}{}", text_of(a), text_of(b),
                       transposed ? ", turned" : "");
  }
  Shape out = a;
  out.dims[1] = b.dims[transposed ? 0 : 1];
  if (node.has_input(2)) {
    const auto both = broadcast(node.in(2).shape, out);
    if (!both || *both != out) {
      return node.refuse("its third input is {}, the product {}", text_of(node.in(2).shape),
                         text_of(out));
    }
  }
  RM_ASSIGN(const ValueId id, node.output(0, type, out));
  node.value(id).margins = true;
  Shape rows = a;
  rows.dims.pop_back();
  if (type == ElementType::kFloat) {
    return run_gemm_of_floats(node, id, rows, transposed, alpha, beta);
  }
  run_gemm_of_doubles(node, id, rows, transposed, alpha, beta);
  return {};
}

namespace {

/// Both inputs are stacks of as many matrices.
template <class T>
Kernel stacked_kernel(ValueId a, ValueId b, ValueId out, const Shape& left, const Shape& right) {
  return [=](const Frame& frame) {
    const size_t rank = left.rank();
    const size_t count = left.elements_of(frame.rows, 0, rank - 2);
    const auto rows = static_cast<size_t>(left.dims[rank - 2]);
    const auto depth = static_cast<size_t>(left.dims[rank - 1]);
    const auto columns = static_cast<size_t>(right.dims[rank - 1]);
    T* y = frame.write<T>(out);
    std::fill_n(y, count * rows * columns, T{0});
    for (size_t i = 0; i < count; ++i) {
      add_products(frame.read<T>(a) + i * rows * depth, frame.read<T>(b) + i * depth * columns,
                   y + i * rows * columns, rows, depth, columns);
    }
  };
}

template <class T>
std::vector<T> values_of(const Value& constant) {
  std::vector<T> values(constant.shape.elements());
  if (!values.empty()) {
    std::memcpy(values.data(), constant.constant->data(), values.size() * sizeof(T));
  }
  return values;
}

void run_mat_mul(OperatorContext& node, ValueId out, const Shape& a, size_t columns) {
  const Shape shape = node.value(out).shape;
  Shape rows = a;
  rows.dims.pop_back();
  const auto depth = static_cast<size_t>(a.dims.back());
  const bool wide = node.in(0).type == ElementType::kDouble;
  if (!wide && depth > 0 && columns > 0) {
    const auto layer = make_layer(node, values_of<float>(node.in(1)), depth, columns, {});
    node.value(out).layer = layer;
    run_layer(node, layer, node.input(0), out, rows, Start::kBias);
    return;
  }
  node.run([=](const Frame& frame) {
    const size_t count = shape.elements_of(frame.rows);
    wide ? static_cast<void>(std::fill_n(frame.write<double>(out), count, 0.0))
         : static_cast<void>(std::fill_n(frame.write<float>(out), count, 0.0F));
  });
  if (wide) {
    node.run(
        products_kernel(node.input(0), values_of<double>(node.in(1)), out, rows, depth, columns));
  }
}

}  // namespace

Result<void> mat_mul(OperatorContext& node) {
  RM_TRY(node.expect_type(0, kReals));
  const ElementType type = node.in(0).type;
  const Shape a = node.in(0).shape;
  const Shape b = node.in(1).shape;
  if (node.in(1).type != type) {
    return node.refuse("its inputs are of {} and {}", name(type), name(node.in(1).type));
  }
  const bool wide = type == ElementType::kDouble;
  if (node.is_constant(1) && a.rank() >= 1 && (b.rank() == 2 || b.rank() == 1)) {
    if (a.batch_axis == a.rank() - 1 || a.dims.back() != b.dims[0]) {
      return node.refuse("its inputs are {} and {}", text_of(a), text_of(b));
    }
    const size_t columns = b.rank() == 2 ? static_cast<size_t>(b.dims[1]) : 1;
    Shape out = a;
    out.dims.pop_back();
    if (b.rank() == 2) {
      out.dims.push_back(b.dims[1]);
    }
    RM_ASSIGN(const ValueId id, node.output(0, type, out));
    node.value(id).margins = true;
    run_mat_mul(node, id, a, columns);
    return {};
  }
  const size_t rank = a.rank();
  bool stacked = rank >= 3 && b.rank() == rank && a.batch_axis == b.batch_axis &&
                 a.dims[rank - 1] == b.dims[rank - 2] && (!a.batched() || *a.batch_axis + 2 < rank);
  for (size_t axis = 0; stacked && axis + 2 < rank; ++axis) {
    stacked = a.dims[axis] == b.dims[axis];
  }
  if (!stacked) {
    return node.unsupported("its inputs are {} and {}; the second must be a known matrix",
                            text_of(a), text_of(b));
  }
  Shape out = a;
  out.dims[rank - 1] = b.dims[rank - 1];
  RM_ASSIGN(const ValueId id, node.output(0, type, out));
  node.run(wide ? stacked_kernel<double>(node.input(0), node.input(1), id, a, b)
                : stacked_kernel<float>(node.input(0), node.input(1), id, a, b));
  return {};
}

Result<void> batch_normalization(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat}));
  if (node.integer("training_mode", 0) != 0) {
    return node.unsupported("it is in training mode");
  }
  const Shape in = node.in(0).shape;
  if (in.rank() < 2 || in.batch_axis == 1) {
    return node.refuse("its input is {}", text_of(in));
  }
  const auto channels = static_cast<size_t>(in.dims[1]);
  std::array<std::vector<float>, 4> values;  // scale, bias, mean, variance
  for (size_t i = 0; i < 4; ++i) {
    RM_ASSIGN(values.at(i), node.reals_of(i + 1));
    if (values.at(i).size() != channels) {
      return node.refuse("input {} has {} values, expected {}", i + 1, values.at(i).size(),
                         channels);
    }
  }
  const float epsilon = node.real("epsilon", 1e-5F);
  std::vector<float> factor(channels);
  std::vector<float> offset(channels);
  for (size_t c = 0; c < channels; ++c) {
    factor[c] = values[0][c] / std::sqrt(values[3][c] + epsilon);
    offset[c] = values[1][c] - values[2][c] * factor[c];
  }
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, in));
  node.run([=, source = node.input(0)](const Frame& frame) {
    const float* x = frame.read<float>(source);
    float* y = frame.write<float>(out);
    const size_t outer = in.elements_of(frame.rows, 0, 1);
    const size_t inner = in.elements_of(frame.rows, 2, in.rank());
    for (size_t o = 0; o < outer; ++o) {
      for (size_t c = 0; c < channels; ++c) {
        for (size_t i = 0; i < inner; ++i) {
          *y++ = *x++ * factor[c] + offset[c];
        }
      }
    }
  });
  return {};
}

namespace {

/// scores = x * coefficients^T + intercepts.
struct LinearPart {
  ValueId x = 0;
  size_t features = 0;
  std::vector<float> matrix = {};  // features x targets
  std::vector<float> intercepts = {};
};

Result<LinearPart> read_linear(OperatorContext& node, size_t targets) {
  const std::vector<float> coefficients = node.reals("coefficients");
  LinearPart part{.intercepts = node.reals("intercepts")};
  RM_TRY(node.failed());
  RM_ASSIGN(part.features, read_columns(node, 0));
  if (targets == 0 || part.features == 0 || coefficients.size() / targets != part.features ||
      coefficients.size() % targets != 0) {
    return node.refuse("attribute \"coefficients\" has {} values, expected {} x {}",
                       coefficients.size(), targets, part.features);
  }
  if (part.intercepts.empty()) {
    part.intercepts.assign(targets, 0);
  }
  if (part.intercepts.size() != targets) {
    return node.refuse("attribute \"intercepts\" has {} values, expected {}",
                       part.intercepts.size(), targets);
  }
  part.matrix.resize(coefficients.size());
  for (size_t t = 0; t < targets; ++t) {
    for (size_t j = 0; j < part.features; ++j) {
      part.matrix[j * targets + t] = coefficients[t * part.features + j];
    }
  }
  RM_ASSIGN(part.x, as_floats(node, 0));
  return part;
}

void run_linear(OperatorContext& node, const LinearPart& part, ValueId out) {
  run_layer(node,
            make_layer(node, part.matrix, part.features, part.intercepts.size(), part.intercepts),
            part.x, out, Shape{.dims = {1}, .batch_axis = 0}, Start::kBias);
}

}  // namespace

Result<void> linear_regressor(OperatorContext& node) {
  const int64_t targets = node.integer("targets", 1);
  if (targets < 1 || targets > (1 << 20)) {
    return node.refuse("attribute \"targets\" is {}", targets);
  }
  RM_ASSIGN(const PostTransform transform, read_transform(node));
  const auto count = static_cast<size_t>(targets);
  RM_ASSIGN(const LinearPart part, read_linear(node, count));
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, rows_of(count)));
  run_linear(node, part, out);
  // With one target the reference runtime leaves all but PROBIT out.
  if (transform != PostTransform::kNone && (count > 1 || transform == PostTransform::kProbit)) {
    node.run([=](const Frame& frame) {
      for (size_t i = 0; i < frame.rows; ++i) {
        apply_post_transform(transform, frame.write<float>(out) + i * count, count);
      }
    });
  }
  return {};
}

namespace {

bool is_negated(const LinearPart& part) {
  for (size_t j = 0; j < part.features; ++j) {
    if (part.matrix[2 * j] != -part.matrix[2 * j + 1]) {
      return false;
    }
  }
  return part.intercepts[0] == -part.intercepts[1];
}

}  // namespace

Result<void> linear_classifier(OperatorContext& node) {
  RM_ASSIGN(auto classes, read_classes(node, "classlabels_ints", "classlabels_strings"));
  RM_ASSIGN(const PostTransform transform, read_transform(node));
  const size_t targets = node.reals("intercepts").size();
  if (targets == 0) {
    return node.refuse("attribute \"intercepts\" is missing");
  }
  // One sum for two classes says how much the second one is.
  const bool expands = targets == 1 && classes->names.size() == 2;
  const bool share = expands && transform == PostTransform::kLogistic;
  if (expands && transform == PostTransform::kProbit) {
    return node.unsupported(
        "PROBIT of one sum for two classes is not read: the reference runtime answers one row "
        "otherwise than several");
  }
  if (!expands && classes->names.size() != targets) {
    return node.refuse("it has {} classes and {} intercepts", classes->names.size(), targets);
  }
  RM_ASSIGN(const LinearPart part, read_linear(node, targets));
  const size_t columns = expands ? 2 : targets;
  RM_ASSIGN(const ValueId label,
            node.output(0, label_type(*classes), Shape{.dims = {1}, .batch_axis = 0}));
  RM_ASSIGN(const ValueId scores, node.output(1, ElementType::kFloat, rows_of(columns)));
  node.value(label).classes = classes;
  node.value(label).chosen_from = scores;
  Value& made = node.value(scores);
  made.margins = !share && (transform == PostTransform::kNone || expands);
  made.complementary =
      expands || (targets == 2 && (transform == PostTransform::kSoftmax || is_negated(part)));
  made.of_pairs = !expands && !keeps_order(transform);  // the label goes by the sums
  made.not_negative = share || (!expands && makes_shares(transform));
  if (!expands) {
    run_linear(node, part, scores);
    node.run([=](const Frame& frame) {
      auto* chosen = frame.write<int64_t>(label);
      for (size_t i = 0; i < frame.rows; ++i) {
        float* row = frame.write<float>(scores) + i * columns;
        chosen[i] = classes->codes[static_cast<size_t>(std::max_element(row, row + columns) - row)];
        if (columns > 1 || transform == PostTransform::kProbit) {
          apply_post_transform(transform, row, columns);
        }
      }
    });
    return {};
  }
  RM_ASSIGN(const ValueId sums, node.scratch(ElementType::kFloat, rows_of(1)));
  run_linear(node, part, sums);
  node.run([=](const Frame& frame) {
    auto* chosen = frame.write<int64_t>(label);
    float* y = frame.write<float>(scores);
    for (size_t i = 0; i < frame.rows; ++i) {
      const float sum = frame.read<float>(sums)[i];
      chosen[i] = classes->codes[sum > 0 ? 1 : 0];
      // Of other transforms the reference runtime makes nothing.
      y[2 * i] = share ? logistic(-sum) : 1 - sum;
      y[2 * i + 1] = share ? logistic(sum) : sum;
    }
  });
  return {};
}

}  // namespace ringmaker::model::operators
