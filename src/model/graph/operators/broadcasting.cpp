// Operators of several arrays, value by value, each stretched to the shape of all.
#include "model/graph/broadcast_loop.h"
#include "model/graph/dense_step.h"
#include "model/graph/extremes.h"
#include "model/graph/integer_wrap.h"
#include "model/graph/operators/operators.h"

#include <cmath>
#include <cstring>

namespace ringmaker::model::operators {
namespace {

/// Of the inputs from `first` on.
Result<Shape> common_shape(OperatorContext& node, size_t first) {
  if (node.opset() < 7 && node.has("axis")) {
    return node.unsupported("attribute \"axis\" of opsets before 7 is not read");
  }
  Shape shape = node.in(first).shape;
  for (size_t i = first + 1; i < node.input_count(); ++i) {
    auto both = broadcast(shape, node.in(i).shape);
    if (!both) {
      return node.refuse("inputs of {} and {} do not fit each other", text_of(shape),
                         text_of(node.in(i).shape));
    }
    shape = std::move(*both);
  }
  return shape;
}

Result<void> expect_same_types(OperatorContext& node, size_t first) {
  for (size_t i = first + 1; i < node.input_count(); ++i) {
    if (node.in(i).type != node.in(first).type) {
      return node.refuse("its inputs are of the types {} and {}", name(node.in(first).type),
                         name(node.in(i).type));
    }
  }
  return {};
}

/// y[0..count) of a run of two operands; constant steps let the compiler vectorise.
template <class In, class Out, class Function>
void apply_run(size_t count, const In* a, size_t a_step, const In* b, size_t b_step, Out* y,
               Function function) {
  if (a_step == 1 && b_step == 1) {
    for (size_t i = 0; i < count; ++i) {
      y[i] = function(a[i], b[i]);
    }
  } else if (a_step == 1) {
    for (size_t i = 0; i < count; ++i) {
      y[i] = function(a[i], *b);
    }
  } else {
    for (size_t i = 0; i < count; ++i) {
      y[i] = function(*a, b[i * b_step]);
    }
  }
}

template <class In, class Out, class Function>
Kernel binary_kernel(OperatorContext& node, ValueId a, ValueId b, ValueId out, Function function) {
  BroadcastLoop<2> loop(node.value(out).shape, {node.value(a).shape, node.value(b).shape});
  return [=](const Frame& frame) {
    const In* left = frame.read<In>(a);
    const In* right = frame.read<In>(b);
    Out* y = frame.write<Out>(out);
    loop.run(frame.rows, [&](size_t first, size_t count, const auto& offsets, const auto& steps) {
      apply_run(count, left + offsets[0], steps[0], right + offsets[1], steps[1], y + first,
                function);
    });
  };
}

/// out = function(a, b) of values of one type, of which `out` is too.
template <class Function>
Kernel arithmetic_kernel(OperatorContext& node, ValueId a, ValueId b, ValueId out,
                         Function function) {
  const ElementType type = node.value(out).type;
  switch (storage_of(type)) {
    case Storage::kFloat:
      return binary_kernel<float, float>(node, a, b, out, function);
    case Storage::kDouble:
      return binary_kernel<double, double>(node, a, b, out, function);
    case Storage::kInteger:
      break;
  }
  return binary_kernel<int64_t, int64_t>(
      node, a, b, out, [=](int64_t x, int64_t y) { return wrapped(type, function(x, y)); });
}

Result<void> expect_number(OperatorContext& node) {
  const ElementType type = node.in(0).type;
  if (type == ElementType::kString || type == ElementType::kBool) {
    return node.unsupported("its input holds {}", name(type));
  }
  return {};
}

bool is_real(const OperatorContext& node) {
  return storage_of(node.in(0).type) != Storage::kInteger;  // integers wrap round
}

/// Whether input i is one number, or one a row, that all columns of the other meet.
bool meets_rows(const OperatorContext& node, size_t i) {
  return node.uniform(i) || (!node.is_constant(i) && node.in(i).shape.elements() == 1);
}

/// Margins that are shifted or stretched stay margins.
void keep_margins(OperatorContext& node, size_t i, ValueId out) {
  node.value(out).margins |= node.in(i).margins;
}

/// `out` is input i, to whose columns the other is added.
void keep_shifted(OperatorContext& node, size_t i, ValueId out) {
  const bool in_step = is_real(node) && meets_rows(node, 1 - i);
  if (in_step) {
    node.keep_order(i, out);
  }
  if (in_step || node.is_constant(1 - i)) {
    keep_margins(node, i, out);
  }
}

/// `out` is input i, whose columns the other multiplies or divides.
void keep_scaled(OperatorContext& node, size_t i, ValueId out) {
  if (is_real(node) && node.uniform(1 - i).value_or(0) > 0) {
    node.keep_order(i, out);
  }
  if (node.is_constant(1 - i)) {
    keep_margins(node, i, out);
  }
}

bool never_negative(const OperatorContext& node) {
  for (size_t i = 0; i < node.input_count(); ++i) {
    if (!node.never_negative(i)) {
      return false;
    }
  }
  return true;
}

template <class Function>
Result<ValueId> arithmetic(OperatorContext& node, Function function) {
  RM_TRY(expect_number(node));
  RM_TRY(expect_same_types(node, 0));
  RM_ASSIGN(Shape shape, common_shape(node, 0));
  RM_ASSIGN(const ValueId out, node.output(0, node.in(0).type, std::move(shape)));
  node.run(arithmetic_kernel(node, node.input(0), node.input(1), out, function));
  return out;
}

/// The first input stretched to the output, then the others added one by one.
template <class Function>
Result<ValueId> fold_inputs(OperatorContext& node, Function function) {
  RM_TRY(expect_number(node));
  RM_TRY(expect_same_types(node, 0));
  RM_ASSIGN(Shape shape, common_shape(node, 0));
  RM_ASSIGN(const ValueId out, node.output(0, node.in(0).type, std::move(shape)));
  node.run(arithmetic_kernel(node, node.input(0), node.input(0), out,
                             [](auto x, auto /*y*/) { return x; }));
  for (size_t i = 1; i < node.input_count(); ++i) {
    node.run(arithmetic_kernel(node, out, node.input(i), out, function));
  }
  return out;
}

template <class Function>
Result<void> compare(OperatorContext& node, Function function) {
  RM_TRY(expect_same_types(node, 0));
  RM_ASSIGN(Shape shape, common_shape(node, 0));
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kBool, std::move(shape)));
  const ValueId a = node.input(0);
  const ValueId b = node.input(1);
  const auto test = [=](auto x, auto y) -> int64_t { return function(x, y) ? 1 : 0; };
  switch (storage_of(node.in(0).type)) {
    case Storage::kFloat:
      node.run(binary_kernel<float, int64_t>(node, a, b, out, test));
      break;
    case Storage::kDouble:
      node.run(binary_kernel<double, int64_t>(node, a, b, out, test));
      break;
    case Storage::kInteger:
      node.run(binary_kernel<int64_t, int64_t>(node, a, b, out, test));
      break;
  }
  return {};
}

template <class Function>
Result<void> order(OperatorContext& node, Function function) {
  RM_TRY(expect_number(node));
  return compare(node, function);
}

template <class Function>
Result<void> logic(OperatorContext& node, Function function) {
  RM_TRY(node.expect_type(0, {ElementType::kBool}));
  return compare(node, [=](auto x, auto y) { return function(x != 0, y != 0); });
}

/// Whether a constant is the number 1 alone.
bool is_one(const OperatorContext& node, size_t i) {
  if (!node.is_constant(i) || node.in(i).shape.elements() != 1) {
    return false;
  }
  const auto number = node.number_of(i);
  return number && *number == 1;
}

/// Integers, with what overflows cut off and no trap.
template <class T>
T quotient(T x, T y) {
  if constexpr (std::is_integral_v<T>) {
    return y == 0 ? 0 : y == -1 ? static_cast<T>(0 - static_cast<uint64_t>(x)) : x / y;
  } else {
    return x / y;
  }
}

template <class T>
T power(T x, T y) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(std::pow(static_cast<double>(x), static_cast<double>(y)));
  } else {
    return y == 2 ? x * x : std::pow(x, y);
  }
}

}  // namespace

Result<void> add(OperatorContext& node) {
  RM_TRY(expect_same_types(node, 0));
  RM_ASSIGN(const Shape shape, common_shape(node, 0));
  for (const size_t product : {size_t{0}, size_t{1}}) {
    RM_ASSIGN(const bool joined, join_bias(node, product, 1 - product));
    if (joined) {
      return {};
    }
  }
  RM_ASSIGN(const ValueId out, arithmetic(node, [](auto x, auto y) { return sum_of(x, y); }));
  keep_shifted(node, 0, out);
  keep_shifted(node, 1, out);
  node.value(out).not_negative = never_negative(node);
  return {};
}
Result<void> sub(OperatorContext& node) {
  RM_ASSIGN(const ValueId out,
            arithmetic(node, [](auto x, auto y) { return difference_of(x, y); }));
  keep_shifted(node, 0, out);
  Value& made = node.value(out);
  if (is_real(node) && is_one(node, 0) && made.shape.batched() && made.shape.elements() == 1) {
    made.one_less = node.builder().whole(node.input(1));
  }
  return {};
}
Result<void> mul(OperatorContext& node) {
  // Converters multiply by 1; the factor then says nothing new about scores.
  if (is_one(node, 1) && node.in(0).type == node.in(1).type &&
      node.in(1).shape.rank() <= node.in(0).shape.rank()) {
    return node.alias(0, 0, node.in(0).shape).map([](ValueId) {});
  }
  RM_ASSIGN(const ValueId out, arithmetic(node, [](auto x, auto y) { return product_of(x, y); }));
  keep_scaled(node, 0, out);
  keep_scaled(node, 1, out);
  node.value(out).not_negative = never_negative(node);
  return {};
}
Result<void> div(OperatorContext& node) {
  RM_ASSIGN(const ValueId out, arithmetic(node, [](auto x, auto y) { return quotient(x, y); }));
  const bool not_negative = never_negative(node);
  node.value(out).not_negative = not_negative;
  keep_scaled(node, 0, out);
  // Shares of a row's own sum.
  const auto sum_of = node.in(1).row_sum_of;
  if (is_real(node) && not_negative && sum_of && *sum_of == node.builder().whole(node.input(0))) {
    node.keep_order(0, out);
    const Shape& shape = node.value(out).shape;
    node.value(out).complementary = shape.batched() && shape.elements() == 2;
  }
  return {};
}

Result<void> pow(OperatorContext& node) {
  if (node.in(0).type == node.in(1).type) {
    RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
    return arithmetic(node, [](auto x, auto y) { return power(x, y); }).map([](ValueId) {});
  }
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  RM_ASSIGN(const double exponent, node.number_of(1));
  const Shape shape = node.in(0).shape;
  RM_ASSIGN(const ValueId out, node.output(0, node.in(0).type, shape));
  node.run(arithmetic_kernel(node, node.input(0), node.input(0), out, [=](auto x, auto /*y*/) {
    return power(x, static_cast<decltype(x)>(exponent));
  }));
  return {};
}

Result<void> prelu(OperatorContext& node) {
  return arithmetic(node, [](auto x, auto y) { return x < 0 ? product_of(x, y) : x; })
      .map([](ValueId) {});
}
Result<void> sum(OperatorContext& node) {
  RM_ASSIGN(const ValueId out, fold_inputs(node, [](auto x, auto y) { return sum_of(x, y); }));
  node.value(out).not_negative = never_negative(node);
  return {};
}
Result<void> mean(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  RM_ASSIGN(const ValueId out, fold_inputs(node, [](auto x, auto y) { return sum_of(x, y); }));
  const auto count = static_cast<float>(node.input_count());
  node.run(arithmetic_kernel(node, out, out, out, [=](auto x, auto /*y*/) {
    return x / static_cast<decltype(x)>(count);
  }));
  return {};
}
Result<void> max(OperatorContext& node) {
  return fold_inputs(node, kLarger).map([](ValueId) {});
}
Result<void> min(OperatorContext& node) {
  return fold_inputs(node, kSmaller).map([](ValueId) {});
}

Result<void> equal(OperatorContext& node) {
  // A text that the model does not know differs from all that it knows; of two, nobody can say.
  if (node.in(0).type == ElementType::kString && !node.is_constant(0) && !node.is_constant(1)) {
    return node.unsupported("two texts of the input are compared with each other");
  }
  for (const size_t i : {0U, 1U}) {
    if (node.in(i).type == ElementType::kString && node.is_constant(i)) {
      const auto* numbers = reinterpret_cast<const int64_t*>(node.in(i).constant->data());
      node.ask_for(1 - i, node.texts_of({numbers, node.in(i).shape.elements()}));
    }
  }
  return compare(node, [](auto x, auto y) { return x == y; });
}
Result<void> less(OperatorContext& node) {
  return order(node, [](auto x, auto y) { return x < y; });
}
Result<void> less_or_equal(OperatorContext& node) {
  return order(node, [](auto x, auto y) { return x <= y; });
}
Result<void> greater(OperatorContext& node) {
  return order(node, [](auto x, auto y) { return x > y; });
}
Result<void> greater_or_equal(OperatorContext& node) {
  return order(node, [](auto x, auto y) { return x >= y; });
}
Result<void> logical_and(OperatorContext& node) {
  return logic(node, [](bool x, bool y) { return x && y; });
}
Result<void> logical_or(OperatorContext& node) {
  return logic(node, [](bool x, bool y) { return x || y; });
}
Result<void> logical_xor(OperatorContext& node) {
  return logic(node, [](bool x, bool y) { return x != y; });
}

namespace {

template <class T>
Kernel where_kernel(OperatorContext& node, ValueId out) {
  const ValueId condition = node.input(0);
  const ValueId a = node.input(1);
  const ValueId b = node.input(2);
  BroadcastLoop<3> loop(node.value(out).shape,
                        {node.in(0).shape, node.in(1).shape, node.in(2).shape});
  return [=](const Frame& frame) {
    const auto* which = frame.read<int64_t>(condition);
    const T* left = frame.read<T>(a);
    const T* right = frame.read<T>(b);
    T* y = frame.write<T>(out);
    loop.run(frame.rows, [&](size_t first, size_t count, const auto& offsets, const auto& steps) {
      for (size_t i = 0; i < count; ++i) {
        y[first + i] = which[offsets[0] + i * steps[0]] != 0 ? left[offsets[1] + i * steps[1]]
                                                             : right[offsets[2] + i * steps[2]];
      }
    });
  };
}

template <class T>
Kernel expand_kernel(OperatorContext& node, ValueId out) {
  const ValueId in = node.input(0);
  BroadcastLoop<1> loop(node.value(out).shape, {node.in(0).shape});
  return [=](const Frame& frame) {
    const T* x = frame.read<T>(in);
    T* y = frame.write<T>(out);
    loop.run(frame.rows, [&](size_t first, size_t count, const auto& offsets, const auto& steps) {
      for (size_t i = 0; i < count; ++i) {
        y[first + i] = x[offsets[0] + i * steps[0]];
      }
    });
  };
}

}  // namespace

Result<void> where(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kBool}));
  RM_TRY(expect_same_types(node, 1));
  RM_ASSIGN(Shape shape, common_shape(node, 0));
  const ElementType type = node.in(1).type;
  RM_ASSIGN(const ValueId out, node.output(0, type, std::move(shape)));
  std::vector<size_t>& features = node.value(out).text_features;
  for (const size_t i : {1U, 2U}) {
    features.insert(features.end(), node.in(i).text_features.begin(),
                    node.in(i).text_features.end());
  }
  switch (storage_of(type)) {
    case Storage::kFloat:
      node.run(where_kernel<float>(node, out));
      break;
    case Storage::kDouble:
      node.run(where_kernel<double>(node, out));
      break;
    case Storage::kInteger:
      node.run(where_kernel<int64_t>(node, out));
      break;
  }
  return {};
}

Result<void> expand(OperatorContext& node) {
  RM_ASSIGN(const std::vector<int64_t> wanted, node.integers_of(1));
  Shape target;
  for (const int64_t length : wanted) {
    if (length == kRowsMark && !target.batched()) {
      target.batch_axis = target.dims.size();
      target.dims.push_back(1);
    } else if (length < 0) {
      return node.refuse("it is asked for a length of {}", length);
    } else {
      target.dims.push_back(length);
    }
  }
  auto shape = broadcast(node.in(0).shape, target);
  if (!shape) {
    return node.refuse("{} cannot be stretched to {}", text_of(node.in(0).shape), text_of(target));
  }
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId out, node.output(0, type, std::move(*shape)));
  node.value(out).text_features = node.in(0).text_features;
  switch (storage_of(type)) {
    case Storage::kFloat:
      node.run(expand_kernel<float>(node, out));
      break;
    case Storage::kDouble:
      node.run(expand_kernel<double>(node, out));
      break;
    case Storage::kInteger:
      node.run(expand_kernel<int64_t>(node, out));
      break;
  }
  return {};
}

}  // namespace ringmaker::model::operators
