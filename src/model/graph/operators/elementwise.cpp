// Operators of one array, value by value.
#include "model/graph/dense_step.h"
#include "model/graph/integer_wrap.h"
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringmaker::model::operators {
namespace {

using Types = std::initializer_list<ElementType>;
constexpr Types kReals{ElementType::kFloat, ElementType::kDouble};

/// What is known of a function, and so of what it makes.
struct Shown {
  bool grows = false;         // with each value, without a stop
  bool not_negative = false;  // whatever it is of
};

void show(OperatorContext& node, ValueId out, Shown shown) {
  if (shown.grows) {
    node.keep_order(0, out);
  }
  node.value(out).not_negative = shown.not_negative;
}

template <class T, class Function>
Kernel map_kernel(ValueId in, ValueId out, const Shape& shape, Function function) {
  return [=](const Frame& frame) {
    const T* x = frame.read<T>(in);
    T* y = frame.write<T>(out);
    const size_t count = shape.elements_of(frame.rows);
    for (size_t i = 0; i < count; ++i) {
      y[i] = function(x[i]);
    }
  };
}

/// y = function(x), for float and double.
template <class Function>
Result<void> map_reals(OperatorContext& node, Function function, Shown shown = {}) {
  RM_TRY(node.expect_type(0, kReals));
  const ElementType type = node.in(0).type;
  const Shape shape = node.in(0).shape;
  RM_ASSIGN(const ValueId out, node.output(0, type, shape));
  show(node, out, shown);
  node.run(type == ElementType::kFloat ? map_kernel<float>(node.input(0), out, shape, function)
                                       : map_kernel<double>(node.input(0), out, shape, function));
  return {};
}

/// The same, floats by the kernels of the instruction set.
template <class Function>
Result<void> map_elementary(OperatorContext& node, ElementaryFunction of_floats,
                            Function of_doubles, Shown shown) {
  if (node.in(0).type != ElementType::kFloat) {
    return map_reals(node, of_doubles, shown);
  }
  const Shape shape = node.in(0).shape;
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kFloat, shape));
  show(node, out, shown);
  node.run([=, in = node.input(0), map = kernels_of(node).map](const Frame& frame) {
    map(of_floats, frame.read<float>(in), frame.write<float>(out), shape.elements_of(frame.rows));
  });
  return {};
}

/// The same, for integers too.
template <class Function>
Result<void> map_numbers(OperatorContext& node, Function function, Shown shown = {}) {
  const ElementType type = node.in(0).type;
  if (storage_of(type) != Storage::kInteger) {
    return map_reals(node, function, shown);
  }
  if (type == ElementType::kString || type == ElementType::kBool) {
    return node.unsupported("its input holds {}", name(type));
  }
  const Shape shape = node.in(0).shape;
  RM_ASSIGN(const ValueId out, node.output(0, type, shape));
  node.run(map_kernel<int64_t>(node.input(0), out, shape,
                               [=](int64_t x) { return wrapped(type, function(x)); }));
  return {};
}

template <class T>
T logistic(T x) {
  // One of the two does not overflow.
  if (x >= 0) {
    return 1 / (1 + std::exp(-x));
  }
  const T e = std::exp(x);
  return e / (1 + e);
}

/// What a runtime on x86 makes of a number that the integer cannot hold.
template <class T>
int64_t truncated(T x, ElementType type) {
  const bool wide = type == ElementType::kInt64 || type == ElementType::kUint64;
  const T limit = wide ? static_cast<T>(9223372036854775808.0) : static_cast<T>(2147483648.0);
  if (type == ElementType::kUint32 && x >= 0 && x < 2 * limit) {
    return static_cast<int64_t>(x);
  }
  if (!(x >= -limit && x < limit)) {
    return wrapped(
        type, wide ? std::numeric_limits<int64_t>::min() : std::numeric_limits<int32_t>::min());
  }
  return wrapped(type, static_cast<int64_t>(x));
}

template <class From, class To, class Convert>
Kernel cast_kernel(ValueId in, ValueId out, const Shape& shape, Convert convert) {
  return [=](const Frame& frame) {
    const From* x = frame.read<From>(in);
    To* y = frame.write<To>(out);
    const size_t count = shape.elements_of(frame.rows);
    for (size_t i = 0; i < count; ++i) {
      y[i] = convert(x[i]);
    }
  };
}

template <class From>
Kernel cast_from(ValueId in, ValueId out, const Shape& shape, ElementType to) {
  switch (storage_of(to)) {
    case Storage::kFloat:
      return cast_kernel<From, float>(in, out, shape, [](From x) { return static_cast<float>(x); });
    case Storage::kDouble:
      return cast_kernel<From, double>(in, out, shape,
                                       [](From x) { return static_cast<double>(x); });
    case Storage::kInteger:
      break;
  }
  return cast_kernel<From, int64_t>(in, out, shape, [to](From x) -> int64_t {
    if (to == ElementType::kBool) {
      return x != 0 ? 1 : 0;
    }
    if constexpr (std::is_floating_point_v<From>) {
      return truncated(x, to);
    } else {
      return wrapped(to, x);
    }
  });
}

}  // namespace

Result<void> abs(OperatorContext& node) {
  return map_numbers(node,
                     [](auto x) -> decltype(x) {
                       if constexpr (std::is_integral_v<decltype(x)>) {
                         return x < 0 ? static_cast<int64_t>(0 - static_cast<uint64_t>(x)) : x;
                       } else {
                         return std::fabs(x);
                       }
                     },
                     {.not_negative = true});
}
Result<void> neg(OperatorContext& node) {
  return map_numbers(node, [](auto x) -> decltype(x) {
    if constexpr (std::is_integral_v<decltype(x)>) {
      return static_cast<int64_t>(0 - static_cast<uint64_t>(x));
    } else {
      return -x;
    }
  });
}
Result<void> sign(OperatorContext& node) {
  return map_numbers(node, [](auto x) -> decltype(x) {
    return x > 0 ? decltype(x){1} : x < 0 ? decltype(x){-1} : x;
  });
}
Result<void> floor(OperatorContext& node) {
  return map_reals(node, [](auto x) { return std::floor(x); });
}
Result<void> ceil(OperatorContext& node) {
  return map_reals(node, [](auto x) { return std::ceil(x); });
}
Result<void> round(OperatorContext& node) {
  return map_reals(node, [](auto x) { return std::nearbyint(x); });  // halves to even
}
Result<void> exp(OperatorContext& node) {
  return map_elementary(node, ElementaryFunction::kExponential, [](auto x) { return std::exp(x); },
                        {.grows = true, .not_negative = true});
}
Result<void> log(OperatorContext& node) {
  return map_reals(node, [](auto x) { return std::log(x); }, {.grows = node.never_negative(0)});
}
Result<void> sqrt(OperatorContext& node) {
  return map_reals(node, [](auto x) { return std::sqrt(x); },
                   {.grows = node.never_negative(0), .not_negative = true});
}
Result<void> reciprocal(OperatorContext& node) {
  return map_reals(node, [](auto x) { return 1 / x; });
}
Result<void> relu(OperatorContext& node) {
  RM_ASSIGN(const bool joined, join_activation(node, Activation::kRelu));
  if (joined) {
    return {};
  }
  return map_numbers(node, [](auto x) { return x < 0 ? decltype(x){0} : x; },
                     {.not_negative = true});
}
Result<void> leaky_relu(OperatorContext& node) {
  const float alpha = node.real("alpha", 0.01F);
  return map_reals(node, [=](auto x) { return x < 0 ? static_cast<decltype(x)>(alpha) * x : x; },
                   {.grows = alpha > 0});
}
Result<void> elu(OperatorContext& node) {
  const float alpha = node.real("alpha", 1.0F);
  return map_reals(
      node, [=](auto x) { return x < 0 ? static_cast<decltype(x)>(alpha) * (std::exp(x) - 1) : x; },
      {.grows = alpha > 0});
}
Result<void> selu(OperatorContext& node) {
  const float alpha = node.real("alpha", 1.67326319F);
  const float gamma = node.real("gamma", 1.05070102F);
  return map_reals(node,
                   [=](auto x) {
                     using T = decltype(x);
                     return static_cast<T>(gamma) *
                            (x < 0 ? static_cast<T>(alpha) * (std::exp(x) - 1) : x);
                   },
                   {.grows = alpha > 0 && gamma > 0});
}
Result<void> sigmoid(OperatorContext& node) {
  RM_ASSIGN(const bool joined, join_activation(node, Activation::kLogistic));
  if (joined) {
    return {};
  }
  return map_elementary(node, ElementaryFunction::kLogistic, [](auto x) { return logistic(x); },
                        {.grows = true, .not_negative = true});
}
Result<void> hard_sigmoid(OperatorContext& node) {
  const float alpha = node.real("alpha", 0.2F);
  const float beta = node.real("beta", 0.5F);
  return map_reals(node,
                   [=](auto x) {
                     using T = decltype(x);
                     // In this order what is not a number stays so.
                     return std::max(
                         std::min(static_cast<T>(alpha) * x + static_cast<T>(beta), T{1}), T{0});
                   },
                   {.not_negative = true});
}
Result<void> softplus(OperatorContext& node) {
  return map_reals(
      node, [](auto x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); },
      {.grows = true, .not_negative = true});
}
Result<void> softsign(OperatorContext& node) {
  return map_reals(node, [](auto x) { return x / (1 + std::fabs(x)); }, {.grows = true});
}
Result<void> tanh(OperatorContext& node) {
  RM_ASSIGN(const bool joined, join_activation(node, Activation::kTanh));
  if (joined) {
    return {};
  }
  return map_elementary(node, ElementaryFunction::kTanh, [](auto x) { return std::tanh(x); },
                        {.grows = true});
}
Result<void> erf(OperatorContext& node) {
  return map_elementary(node, ElementaryFunction::kErf, [](auto x) { return std::erf(x); },
                        {.grows = true});
}

Result<void> clip(OperatorContext& node) {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  if (node.opset() < 11) {
    low = static_cast<double>(node.real("min", static_cast<float>(low)));
    high = static_cast<double>(node.real("max", static_cast<float>(high)));
  }
  if (node.has_input(1)) {
    RM_ASSIGN(low, node.number_of(1));
  }
  if (node.has_input(2)) {
    RM_ASSIGN(high, node.number_of(2));
  }
  return map_reals(node,
                   [=](auto x) {
                     using T = decltype(x);
                     const T bottom = static_cast<T>(low);
                     const T top = static_cast<T>(high);
                     const T raised = x < bottom ? bottom : x;
                     return raised > top ? top : raised;
                   },
                   {.not_negative = low >= 0 && high >= 0});
}

Result<void> logical_not(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kBool}));
  const Shape shape = node.in(0).shape;
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kBool, shape));
  node.run(map_kernel<int64_t>(node.input(0), out, shape,
                               [](int64_t x) -> int64_t { return x == 0 ? 1 : 0; }));
  return {};
}

Result<void> is_nan(OperatorContext& node) {
  RM_TRY(node.expect_type(0, kReals));
  const Shape shape = node.in(0).shape;
  RM_ASSIGN(const ValueId out, node.output(0, ElementType::kBool, shape));
  const auto test = [](auto x) -> int64_t { return std::isnan(x) ? 1 : 0; };
  node.run(node.in(0).type == ElementType::kFloat
               ? cast_kernel<float, int64_t>(node.input(0), out, shape, test)
               : cast_kernel<double, int64_t>(node.input(0), out, shape, test));
  return {};
}

namespace {

/// Before opset 6 the type is told by its name.
Result<ElementType> cast_type(OperatorContext& node) {
  if (node.opset() < 6) {
    const std::string text = node.text("to", "");
    RM_TRY(node.failed());
    const ElementType type = element_type_named(text);
    if (type == ElementType::kUndefined) {
      return node.refuse("attribute \"to\" is \"{}\", expected the name of a type", text);
    }
    return type;
  }
  const auto number = node.integer("to", 0);
  RM_TRY(node.failed());
  return number > 0 && number < 255 ? static_cast<ElementType>(number) : ElementType::kUndefined;
}

}  // namespace

Result<void> cast(OperatorContext& node) {
  RM_ASSIGN(const ElementType to, cast_type(node));
  const Value& in = node.in(0);
  const Shape shape = in.shape;
  if (in.type == to) {
    return node.alias(0, 0, shape).map([](ValueId) {});
  }
  if (in.type == ElementType::kString || to == ElementType::kString) {
    return node.unsupported("casts between texts and numbers are not read");
  }
  RM_ASSIGN(const ValueId out, node.output(0, to, shape));
  // What is known of labels and scores stays.
  Value& made = node.value(out);
  made.classes = in.classes;
  made.chosen_from = in.chosen_from;
  made.margins = in.margins;
  made.complementary = in.complementary;
  made.threshold = in.threshold;
  made.of_pairs = in.of_pairs;
  // Whole numbers are cut off, and what was told apart may be equal.
  if (storage_of(to) != Storage::kInteger) {
    node.keep_order(0, out);
    made.column_of = in.column_of;
    made.not_negative = in.not_negative || in.type == ElementType::kBool;
  }
  switch (storage_of(in.type)) {
    case Storage::kFloat:
      node.run(cast_from<float>(node.input(0), out, shape, to));
      break;
    case Storage::kDouble:
      node.run(cast_from<double>(node.input(0), out, shape, to));
      break;
    case Storage::kInteger:
      node.run(cast_from<int64_t>(node.input(0), out, shape, to));
      break;
  }
  return {};
}

}  // namespace ringmaker::model::operators
