// Operators that make one value of many along axes.
#include "model/graph/dense_step.h"
#include "model/graph/extremes.h"
#include "model/graph/integer_wrap.h"
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace ringmaker::model::operators {
namespace {

/// What is reduced: per axis, and how the output is laid out.
struct Reduction {
  Shape in = {};
  Shape out = {};
  std::array<bool, Shape::kRankMax> reduced{};
};

Result<Reduction> read_reduction(OperatorContext& node) {
  Reduction plan{.in = node.in(0).shape};
  std::vector<int64_t> axes = node.integers("axes");
  if (node.has_input(1)) {
    RM_ASSIGN(axes, node.integers_of(1));
  }
  const bool keep = node.integer("keepdims", 1) != 0;
  if (axes.empty() && node.integer("noop_with_empty_axes", 0) == 0) {
    for (size_t axis = 0; axis < plan.in.rank(); ++axis) {
      axes.push_back(static_cast<int64_t>(axis));
    }
  }
  for (const int64_t named : axes) {
    RM_ASSIGN(const size_t axis, node.axis(named, plan.in.rank()));
    RM_TRY(node.expect_within_rows(plan.in, axis));
    plan.reduced[axis] = true;
  }
  for (size_t axis = 0; axis < plan.in.rank(); ++axis) {
    if (plan.reduced[axis] && !keep) {
      continue;
    }
    if (plan.in.batch_axis == axis) {
      plan.out.batch_axis = plan.out.dims.size();
    }
    plan.out.dims.push_back(plan.reduced[axis] ? 1 : plan.in.dims[axis]);
  }
  return plan;
}

/// `each(output, offset)` for every value of the input, those of one output in order.
template <class Each>
void for_each_value(const Reduction& plan, size_t rows, Each&& each) {
  // Axes that stay are the outer loops, axes that go the inner ones.
  std::array<size_t, Shape::kRankMax> lengths{};
  std::array<size_t, Shape::kRankMax> strides{};
  const size_t rank = plan.in.rank();
  size_t stride = 1;
  std::array<size_t, Shape::kRankMax> in_strides{};
  for (size_t axis = rank; axis-- > 0;) {
    in_strides[axis] = stride;
    stride *= static_cast<size_t>(plan.in.dims[axis]) * (plan.in.batch_axis == axis ? rows : 1);
  }
  size_t axes = 0;
  size_t inner = 1;
  for (const bool reduced : {false, true}) {
    for (size_t axis = 0; axis < rank; ++axis) {
      if (plan.reduced[axis] == reduced) {
        lengths[axes] =
            static_cast<size_t>(plan.in.dims[axis]) * (plan.in.batch_axis == axis ? rows : 1);
        strides[axes] = in_strides[axis];
        inner *= reduced ? lengths[axes] : 1;
        ++axes;
      }
    }
  }
  std::array<size_t, Shape::kRankMax> index{};
  size_t at = 0;
  for (size_t i = 0, count = stride; i < count; ++i) {
    each(i / inner, at);
    for (size_t axis = axes; axis-- > 0;) {
      at += strides[axis];
      if (++index[axis] < lengths[axis]) {
        break;
      }
      at -= strides[axis] * lengths[axis];
      index[axis] = 0;
    }
  }
}

template <class T, class Add, class End>
Kernel reduce_kernel(const Reduction& plan, ValueId in, ValueId out, T start, Add add, End end) {
  return [=](const Frame& frame) {
    const T* x = frame.read<T>(in);
    T* y = frame.write<T>(out);
    const size_t count = plan.out.elements_of(frame.rows);
    std::fill_n(y, count, start);
    for_each_value(plan, frame.rows, [&](size_t o, size_t at) { y[o] = add(y[o], x[at]); });
    const size_t total = plan.in.elements_of(frame.rows);
    const auto each = static_cast<T>(count == 0 ? 0 : total / count);
    for (size_t o = 0; o < count; ++o) {
      y[o] = end(y[o], each);
    }
  };
}

constexpr auto kAsIs = [](auto sum, auto /*count*/) { return sum; };

template <bool kIntegers, class Add, class End>
Result<ValueId> reduce_from(OperatorContext& node, double start, Add add, End end) {
  RM_ASSIGN(const Reduction plan, read_reduction(node));
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId out, node.output(0, type, plan.out));
  const ValueId in = node.input(0);
  switch (storage_of(type)) {
    case Storage::kFloat:
      node.run(reduce_kernel<float>(plan, in, out, static_cast<float>(start), add, end));
      break;
    case Storage::kDouble:
      node.run(reduce_kernel<double>(plan, in, out, start, add, end));
      break;
    case Storage::kInteger:
      if constexpr (kIntegers) {
        const int64_t first = start == 0   ? 0
                              : start == 1 ? 1
                              : start < 0  ? std::numeric_limits<int64_t>::min()
                                           : std::numeric_limits<int64_t>::max();
        node.run(reduce_kernel<int64_t>(plan, in, out, first, add, end));
      }
      break;
  }
  return out;
}

template <class Add, class End>
Result<ValueId> reduce_numbers(OperatorContext& node, double start, Add add, End end) {
  RM_TRY(node.expect_type(
      0, {ElementType::kFloat, ElementType::kDouble, ElementType::kInt64, ElementType::kInt32}));
  return reduce_from<true>(node, start, add, end);
}

template <class Add, class End>
Result<void> reduce(OperatorContext& node, double start, Add add, End end) {
  return reduce_numbers(node, start, add, end).map([](ValueId) {});
}

template <class Add, class End>
Result<void> reduce_reals(OperatorContext& node, Add add, End end) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  return reduce_from<false>(node, 0, add, end).map([](ValueId) {});
}

constexpr auto kSum = [](auto a, auto b) { return sum_of(a, b); };
constexpr auto kProduct = [](auto a, auto b) { return product_of(a, b); };

/// log(sum(exp(x))), of which the largest x is taken out first.
template <class T>
Kernel log_sum_exp_kernel(const Reduction& plan, ValueId in, ValueId out, ValueId largest) {
  return [=](const Frame& frame) {
    const T* x = frame.read<T>(in);
    T* y = frame.write<T>(out);
    T* top = frame.write<T>(largest);
    const size_t count = plan.out.elements_of(frame.rows);
    std::fill_n(top, count, -std::numeric_limits<T>::infinity());
    std::fill_n(y, count, T{0});
    for_each_value(plan, frame.rows,
                   [&](size_t o, size_t at) { top[o] = x[at] > top[o] ? x[at] : top[o]; });
    for (size_t o = 0; o < count; ++o) {
      top[o] = std::isinf(top[o]) ? 0 : top[o];
    }
    for_each_value(plan, frame.rows,
                   [&](size_t o, size_t at) { y[o] += std::exp(x[at] - top[o]); });
    for (size_t o = 0; o < count; ++o) {
      y[o] = std::log(y[o]) + top[o];
    }
  };
}

}  // namespace

Result<void> reduce_sum(OperatorContext& node) {
  RM_ASSIGN(const ValueId out, reduce_numbers(node, 0, kSum, kAsIs));
  Value& made = node.value(out);
  made.not_negative = node.never_negative(0);
  if (made.shape.batched() && made.shape.elements() == 1) {
    made.row_sum_of = node.builder().whole(node.input(0));
  }
  return {};
}
Result<void> reduce_mean(OperatorContext& node) {
  return reduce_reals(node, kSum, [](auto sum, auto count) { return sum / count; });
}
Result<void> reduce_max(OperatorContext& node) {
  return reduce(node, -std::numeric_limits<double>::infinity(), kLarger, kAsIs);
}
Result<void> reduce_min(OperatorContext& node) {
  return reduce(node, std::numeric_limits<double>::infinity(), kSmaller, kAsIs);
}
Result<void> reduce_prod(OperatorContext& node) { return reduce(node, 1, kProduct, kAsIs); }
Result<void> reduce_l1(OperatorContext& node) {
  return reduce_reals(node, [](auto a, auto b) { return a + std::fabs(b); }, kAsIs);
}
Result<void> reduce_l2(OperatorContext& node) {
  return reduce_reals(
      node, [](auto a, auto b) { return a + b * b; },
      [](auto sum, auto /*count*/) { return std::sqrt(sum); });
}
Result<void> reduce_sum_square(OperatorContext& node) {
  return reduce_reals(node, [](auto a, auto b) { return a + b * b; }, kAsIs);
}
Result<void> reduce_log_sum(OperatorContext& node) {
  return reduce_reals(node, kSum, [](auto sum, auto /*count*/) { return std::log(sum); });
}
Result<void> reduce_log_sum_exp(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  RM_ASSIGN(const Reduction plan, read_reduction(node));
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId out, node.output(0, type, plan.out));
  RM_ASSIGN(const ValueId top, node.scratch(type, plan.out));
  node.run(type == ElementType::kFloat ? log_sum_exp_kernel<float>(plan, node.input(0), out, top)
                                       : log_sum_exp_kernel<double>(plan, node.input(0), out, top));
  return {};
}

namespace {

/// The place of the best value along an axis; of equal ones the first, or the last.
template <class T, class Better>
Kernel arg_kernel(const Shape& in, size_t axis, ValueId source, ValueId out, bool last,
                  Better better) {
  return [=](const Frame& frame) {
    const size_t outer = in.elements_of(frame.rows, 0, axis);
    const size_t inner = in.elements_of(frame.rows, axis + 1, in.rank());
    const auto length = static_cast<size_t>(in.dims[axis]);
    const T* x = frame.read<T>(source);
    auto* y = frame.write<int64_t>(out);
    for (size_t o = 0; o < outer; ++o) {
      for (size_t i = 0; i < inner; ++i) {
        const T* first = x + o * length * inner + i;
        size_t best = 0;
        for (size_t k = 1; k < length; ++k) {
          const T value = first[k * inner];
          const T held = first[best * inner];
          best = better(value, held) || (last && value == held) ? k : best;
        }
        y[o * inner + i] = static_cast<int64_t>(best);
      }
    }
  };
}

template <class Better>
Result<void> arg(OperatorContext& node, bool least, Better better) {
  const Shape in = node.in(0).shape;
  RM_ASSIGN(const size_t axis, node.axis(node.integer("axis", 0), in.rank()));
  RM_TRY(node.expect_within_rows(in, axis));
  if (in.dims[axis] == 0) {
    return node.refuse("it looks for the best of nothing: {}", text_of(in));
  }
  const bool keep = node.integer("keepdims", 1) != 0;
  const bool last = node.integer("select_last_index", 0) != 0;
  Shape out = in;
  out.dims[axis] = 1;
  if (!keep) {
    out.dims.erase(out.dims.begin() + static_cast<ptrdiff_t>(axis));
    out.batch_axis = !in.batched()           ? in.batch_axis
                     : *in.batch_axis > axis ? std::optional(*in.batch_axis - 1)
                                             : in.batch_axis;
  }
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId id, node.output(0, ElementType::kInt64, out));
  auto classes = std::make_shared<ClassList>();
  classes->of_least = least;
  if (in.dims[axis] <= 4096) {
    for (int64_t k = 0; k < in.dims[axis]; ++k) {
      classes->names.push_back(fmt::format("{}", k));
      classes->codes.push_back(k);
    }
    node.value(id).classes = std::move(classes);
    // Of equal scores, those who read them take the first.
    node.value(id).chosen_from = last ? std::nullopt : std::optional(node.input(0));
  }
  const ValueId source = node.input(0);
  switch (storage_of(type)) {
    case Storage::kFloat:
      node.run(arg_kernel<float>(in, axis, source, id, last, better));
      break;
    case Storage::kDouble:
      node.run(arg_kernel<double>(in, axis, source, id, last, better));
      break;
    case Storage::kInteger:
      if (type == ElementType::kString) {
        return node.unsupported("its input holds {}", name(type));
      }
      node.run(arg_kernel<int64_t>(in, axis, source, id, last, better));
      break;
  }
  return {};
}

}  // namespace

Result<void> arg_max(OperatorContext& node) {
  return arg(node, false, [](auto a, auto b) { return a > b; });
}
Result<void> arg_min(OperatorContext& node) {
  return arg(node, true, [](auto a, auto b) { return a < b; });
}

namespace {

template <class T>
Kernel top_k_kernel(const Shape& in, size_t count, bool largest, ValueId source, ValueId values,
                    ValueId places, ValueId order) {
  return [=](const Frame& frame) {
    const size_t outer = in.elements_of(frame.rows, 0, in.rank() - 1);
    const auto length = static_cast<size_t>(in.dims.back());
    const T* x = frame.read<T>(source);
    T* y = frame.write<T>(values);
    auto* which = frame.write<int64_t>(places);
    auto* all = frame.write<int64_t>(order);
    for (size_t o = 0; o < outer; ++o, x += length) {
      std::iota(all, all + length, int64_t{0});
      // Of equal ones the first; what is not a number comes last.
      const auto before = [&](int64_t a, int64_t b) {
        const T left = x[a];
        const T right = x[b];
        if (std::isnan(left) || std::isnan(right)) {
          return std::isnan(left) == std::isnan(right) ? a < b : std::isnan(right);
        }
        return left == right ? a < b : largest ? left > right : left < right;
      };
      std::partial_sort(all, all + count, all + length, before);
      for (size_t k = 0; k < count; ++k) {
        *which++ = all[k];
        *y++ = x[all[k]];
      }
    }
  };
}

}  // namespace

Result<void> top_k(OperatorContext& node) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  const Shape in = node.in(0).shape;
  int64_t count = node.integer("k", 0);  // before opset 10
  if (node.has_input(1)) {
    RM_ASSIGN(const std::vector<int64_t> counts, node.integers_of(1));
    if (counts.size() != 1) {
      return node.refuse("its second input has {} values, expected 1", counts.size());
    }
    count = counts[0];
  }
  RM_ASSIGN(const size_t axis, node.axis(node.integer("axis", -1), in.rank()));
  RM_TRY(node.expect_within_rows(in, axis));
  if (axis + 1 != in.rank()) {
    return node.unsupported("it sorts along axis {} of {}; only the last is read", axis,
                            text_of(in));
  }
  if (count < 1 || count > in.dims[axis]) {
    return node.refuse("it takes {} of {} values", count, in.dims[axis]);
  }
  const bool largest = node.integer("largest", 1) != 0;
  Shape out = in;
  out.dims[axis] = count;
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId values, node.output(0, type, out));
  RM_ASSIGN(const ValueId places, node.output(1, ElementType::kInt64, out));
  RM_ASSIGN(const ValueId order, node.scratch(ElementType::kInt64, Shape{.dims = {in.dims[axis]}}));
  const auto taken = static_cast<size_t>(count);
  node.run(type == ElementType::kFloat
               ? top_k_kernel<float>(in, taken, largest, node.input(0), values, places, order)
               : top_k_kernel<double>(in, taken, largest, node.input(0), values, places, order));
  return {};
}

namespace {

/// e^(x - top) of `count` neighbours, in place.
struct Exponents {
  const DenseKernels& kernels;

  void operator()(float* values, size_t count) const {
    kernels.map(ElementaryFunction::kExponential, values, values, count);
  }
  void operator()(double* values, size_t count) const {
    std::transform(values, values + count, values, [](double x) { return std::exp(x); });
  }
};

/// Of the values one after the other; `y` is where they are, or go to.
template <class T>
void softmax(const T* x, T* y, size_t length, bool logarithm, Exponents exponents) {
  T top = -std::numeric_limits<T>::infinity();
  for (size_t k = 0; k < length; ++k) {
    top = std::max(top, x[k]);
  }
  for (size_t k = 0; k < length; ++k) {
    y[k] = x[k] - top;
  }
  exponents(y, length);
  T sum = 0;
  for (size_t k = 0; k < length; ++k) {
    sum += y[k];
  }
  const T log_sum = logarithm ? std::log(sum) : T{0};
  for (size_t k = 0; k < length; ++k) {
    y[k] = logarithm ? x[k] - top - log_sum : y[k] / sum;
  }
}

/// Values that are not neighbours are gathered first, in `lane`: twice as many as there are.
template <class T>
Kernel softmax_kernel(OperatorContext& node, const Shape& in, size_t first, size_t last,
                      bool logarithm, ValueId out, ValueId lane) {
  return [=, source = node.input(0), exponents = Exponents{kernels_of(node)}](const Frame& frame) {
    const size_t outer = in.elements_of(frame.rows, 0, first);
    const size_t length = in.elements_of(frame.rows, first, last);
    const size_t inner = in.elements_of(frame.rows, last, in.rank());
    const T* x = frame.read<T>(source);
    T* y = frame.write<T>(out);
    if (inner == 1) {
      for (size_t o = 0; o < outer; ++o) {
        softmax(x + o * length, y + o * length, length, logarithm, exponents);
      }
      return;
    }
    T* from = frame.write<T>(lane);
    T* to = from + length;
    for (size_t o = 0; o < outer * inner; ++o) {
      const size_t at = o / inner * length * inner + o % inner;
      for (size_t k = 0; k < length; ++k) {
        from[k] = x[at + k * inner];
      }
      softmax(from, to, length, logarithm, exponents);
      for (size_t k = 0; k < length; ++k) {
        y[at + k * inner] = to[k];
      }
    }
  };
}

Result<void> normalise_exponents(OperatorContext& node, bool logarithm) {
  RM_TRY(node.expect_type(0, {ElementType::kFloat, ElementType::kDouble}));
  const Shape in = node.in(0).shape;
  const bool one_axis = node.opset() >= 13;  // else all from the axis on
  RM_ASSIGN(const size_t axis, node.axis(node.integer("axis", one_axis ? -1 : 1), in.rank()));
  const size_t last = one_axis ? axis + 1 : in.rank();
  if (in.batched() && *in.batch_axis >= axis && *in.batch_axis < last) {
    RM_TRY(node.expect_within_rows(in, *in.batch_axis));
  }
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId out, node.output(0, type, in));
  Value& made = node.value(out);
  made.complementary = !logarithm && in.elements(axis, last) == 2;
  made.margins = logarithm;
  made.not_negative = !logarithm;
  if (in.elements(axis, last) == in.elements()) {
    node.keep_order(0, out);
  }
  const auto lane_size = static_cast<int64_t>(2 * in.elements(axis, last));
  RM_ASSIGN(const ValueId lane, node.scratch(type, Shape{.dims = {lane_size}}));
  node.run(type == ElementType::kFloat
               ? softmax_kernel<float>(node, in, axis, last, logarithm, out, lane)
               : softmax_kernel<double>(node, in, axis, last, logarithm, out, lane));
  return {};
}

}  // namespace

Result<void> softmax(OperatorContext& node) { return normalise_exponents(node, false); }
Result<void> log_softmax(OperatorContext& node) { return normalise_exponents(node, true); }

}  // namespace ringmaker::model::operators
