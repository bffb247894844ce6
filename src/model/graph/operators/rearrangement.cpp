// Operators that move values without looking at them.
#include "model/graph/operators/operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace ringmaker::model::operators {
namespace {

/// Lengths of a shape's axes for so many rows.
std::array<size_t, Shape::kRankMax> lengths_of(const Shape& shape, size_t rows) {
  std::array<size_t, Shape::kRankMax> lengths{};
  for (size_t axis = 0; axis < shape.rank(); ++axis) {
    lengths[axis] = static_cast<size_t>(shape.dims[axis]) * (shape.batch_axis == axis ? rows : 1);
  }
  return lengths;
}

/// `kernel(bytes of a value)` as one that knows them when it is compiled.
template <class Make>
Kernel by_size(ElementType type, Make&& make) {
  return bytes_of(storage_of(type)) == 4 ? make(uint32_t{}) : make(uint64_t{});
}

}  // namespace

Result<void> transpose(OperatorContext& node) {
  const Shape in = node.in(0).shape;
  std::vector<int64_t> order = node.integers("perm");
  if (!node.has("perm")) {
    for (size_t axis = in.rank(); axis > 0; --axis) {
      order.push_back(static_cast<int64_t>(axis) - 1);
    }
  }
  if (order.size() != in.rank()) {
    return node.refuse("attribute \"perm\" has {} axes, its input {}", order.size(), in.rank());
  }
  Shape out;
  std::array<size_t, Shape::kRankMax> from{};  // axis of the input, per axis of the output
  std::vector<bool> seen(in.rank(), false);
  for (size_t axis = 0; axis < order.size(); ++axis) {
    const int64_t named = order[axis];
    if (named < 0 || named >= static_cast<int64_t>(in.rank()) || seen[static_cast<size_t>(named)]) {
      return node.refuse("attribute \"perm\" is no order of {} axes", in.rank());
    }
    from[axis] = static_cast<size_t>(named);
    seen[from[axis]] = true;
    out.dims.push_back(in.dims[from[axis]]);
    if (in.batch_axis == from[axis]) {
      out.batch_axis = axis;
    }
  }
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId id, node.output(0, type, out));
  node.value(id).text_features = node.in(0).text_features;
  // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): the kernel, a std::function, owns it
  node.run(by_size(type, [&]<class T>(T) -> Kernel {
    return [=, source = node.input(0)](const Frame& frame) {
      const auto lengths = lengths_of(out, frame.rows);
      const auto in_lengths = lengths_of(in, frame.rows);
      std::array<size_t, Shape::kRankMax> strides{};  // of the input, per axis of the output
      for (size_t axis = 0; axis < out.rank(); ++axis) {
        strides[axis] = 1;
        for (size_t behind = from[axis] + 1; behind < in.rank(); ++behind) {
          strides[axis] *= in_lengths[behind];
        }
      }
      const T* x = frame.read<T>(source);
      T* y = frame.write<T>(id);
      std::array<size_t, Shape::kRankMax> index{};
      size_t at = 0;
      for (size_t i = 0, count = out.elements_of(frame.rows); i < count; ++i) {
        y[i] = x[at];
        for (size_t axis = out.rank(); axis-- > 0;) {
          at += strides[axis];
          if (++index[axis] < lengths[axis]) {
            break;
          }
          at -= strides[axis] * lengths[axis];
          index[axis] = 0;
        }
      }
    };
  }));
  return {};
}

namespace {

/// Whether its inputs are 1 - p and p: the larger is p exactly where p is above one half. Of p and
/// 1 - p, in this order, rounding could make equal what is not.
bool joins_complements(OperatorContext& node) {
  return node.input_count() == 2 && node.in(0).one_less == node.builder().whole(node.input(1));
}

}  // namespace

Result<void> concat(OperatorContext& node) {
  Shape out = node.in(0).shape;
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const size_t axis, node.axis(node.integer("axis", 1), out.rank()));
  std::vector<size_t> features = node.in(0).text_features;
  struct Part {
    ValueId id;
    Shape shape;
  };
  std::vector<Part> parts{{node.input(0), out}};
  for (size_t i = 1; i < node.input_count(); ++i) {
    const Value& in = node.in(i);
    Shape fitting = in.shape;
    if (in.type != type || in.shape.rank() != out.rank()) {
      return node.refuse("its inputs are {} of {} and {} of {}", text_of(node.in(0).shape),
                         name(type), text_of(in.shape), name(in.type));
    }
    fitting.dims[axis] = out.dims[axis];
    if (fitting != out || in.shape.batch_axis == axis) {
      return node.refuse("{} and {} cannot be joined along axis {}", text_of(out),
                         text_of(in.shape), axis);
    }
    if (__builtin_add_overflow(out.dims[axis], in.shape.dims[axis], &out.dims[axis])) {
      return node.refuse("what it makes has no bounds");
    }
    features.insert(features.end(), in.text_features.begin(), in.text_features.end());
    parts.push_back({node.input(i), in.shape});
  }
  if (parts.size() > 1) {
    RM_TRY(node.expect_within_rows(out, axis));
  }
  RM_ASSIGN(const ValueId id, node.output(0, type, out));
  Value& made = node.value(id);
  made.text_features = std::move(features);
  made.margins = true;
  made.not_negative = true;
  for (size_t i = 0; i < node.input_count(); ++i) {
    made.margins &= node.in(i).margins;
    made.not_negative &= node.never_negative(i);
  }
  made.complementary = joins_complements(node);
  const size_t bytes = bytes_of(storage_of(type));
  node.run([=](const Frame& frame) {
    const size_t outer = out.elements_of(frame.rows, 0, axis);
    const size_t out_run = out.elements_of(frame.rows, axis, out.rank()) * bytes;
    std::byte* y = frame.write<std::byte>(id);
    for (const Part& part : parts) {
      const size_t run = part.shape.elements_of(frame.rows, axis, out.rank()) * bytes;
      const std::byte* x = frame.read<std::byte>(part.id);
      for (size_t i = 0; i < outer && run > 0; ++i) {
        std::memcpy(y + i * out_run, x + i * run, run);
      }
      y += run;
    }
  });
  return {};
}

namespace {

/// out = in[.., begin + i * step, ..] along one axis.
Result<void> cut(OperatorContext& node, size_t output, size_t axis, int64_t begin, int64_t step,
                 int64_t count) {
  const Value& in = node.in(0);
  const Shape shape = in.shape;
  Shape out = shape;
  out.dims[axis] = count;
  const ElementType type = in.type;
  RM_ASSIGN(const ValueId id, node.output(output, type, out));
  node.value(id).text_features = in.text_features;
  node.value(id).margins = in.margins;
  node.value(id).of_pairs = in.of_pairs;
  node.take_columns(0, id, axis, static_cast<size_t>(begin), static_cast<size_t>(count));
  const size_t bytes = bytes_of(storage_of(type));
  node.run([=, source = node.input(0)](const Frame& frame) {
    const size_t outer = shape.elements_of(frame.rows, 0, axis);
    const size_t run = shape.elements_of(frame.rows, axis + 1, shape.rank()) * bytes;
    const size_t in_run = run * static_cast<size_t>(shape.dims[axis]);
    const std::byte* x = frame.read<std::byte>(source);
    std::byte* y = frame.write<std::byte>(id);
    for (size_t i = 0; i < outer; ++i) {
      for (int64_t k = 0; k < count && run > 0; ++k) {
        std::memcpy(y, x + i * in_run + static_cast<size_t>(begin + k * step) * run, run);
        y += run;
      }
    }
  });
  return {};
}

}  // namespace

Result<void> split(OperatorContext& node) {
  const Shape in = node.in(0).shape;
  RM_ASSIGN(const size_t axis, node.axis(node.integer("axis", 0), in.rank()));
  RM_TRY(node.expect_within_rows(in, axis));
  std::vector<int64_t> lengths = node.integers("split");
  if (node.has_input(1)) {
    RM_ASSIGN(lengths, node.integers_of(1));
  }
  const auto parts = static_cast<int64_t>(node.node().outputs.size());
  if (lengths.empty() && parts > 0) {
    // Equal parts; from opset 18 on the last may be shorter.
    const int64_t each = (in.dims[axis] + parts - 1) / parts;
    for (int64_t left = in.dims[axis]; left > 0; left -= each) {
      lengths.push_back(std::min(each, left));
    }
  }
  int64_t sum = 0;
  for (const int64_t length : lengths) {
    if (length < 0 || length > in.dims[axis] - sum) {
      return node.refuse("it splits {} into {}", in.dims[axis], fmt::join(lengths, " + "));
    }
    sum += length;
  }
  if (static_cast<int64_t>(lengths.size()) != parts || sum != in.dims[axis]) {
    return node.refuse("it splits {} into {}, and has {} outputs", in.dims[axis],
                       fmt::join(lengths, " + "), parts);
  }
  int64_t begin = 0;
  for (size_t i = 0; i < lengths.size(); ++i) {
    RM_TRY(cut(node, i, axis, begin, 1, lengths[i]));
    begin += lengths[i];
  }
  return {};
}

namespace {

struct Cut {
  int64_t begin = 0;
  int64_t step = 1;
  int64_t count = 0;
};

/// As Python slices.
Cut slice_of(int64_t start, int64_t end, int64_t step, int64_t length) {
  const auto clamped = [&](int64_t at, int64_t low, int64_t high) {
    if (at < 0) {
      at = at < -length ? low : at + length;
    }
    return std::clamp(at, low, high);
  };
  Cut cut{.step = step};
  if (step > 0) {
    cut.begin = clamped(start, 0, length);
    const int64_t stop = clamped(end, 0, length);
    cut.count = stop > cut.begin ? (stop - cut.begin - 1) / step + 1 : 0;
  } else {
    cut.begin = clamped(start, -1, length - 1);
    const int64_t stop = clamped(end, -1, length - 1);
    cut.count = cut.begin > stop ? (cut.begin - stop - 1) / -step + 1 : 0;
  }
  return cut;
}

}  // namespace

Result<void> slice(OperatorContext& node) {
  std::vector<int64_t> starts = node.integers("starts");  // before opset 10
  std::vector<int64_t> ends = node.integers("ends");
  std::vector<int64_t> axes = node.integers("axes");
  std::vector<int64_t> steps;
  if (node.has_input(1) && node.has_input(2)) {
    RM_ASSIGN(starts, node.integers_of(1));
    RM_ASSIGN(ends, node.integers_of(2));
  }
  if (node.has_input(3)) {
    RM_ASSIGN(axes, node.integers_of(3));
  }
  if (node.has_input(4)) {
    RM_ASSIGN(steps, node.integers_of(4));
  }
  if (axes.empty()) {
    for (size_t i = 0; i < starts.size(); ++i) {
      axes.push_back(static_cast<int64_t>(i));
    }
  }
  steps.resize(steps.empty() ? starts.size() : steps.size(), 1);
  if (starts.size() != ends.size() || starts.size() != axes.size() ||
      starts.size() != steps.size() || starts.empty()) {
    return node.refuse("it has {} starts, {} ends, {} axes and {} steps", starts.size(),
                       ends.size(), axes.size(), steps.size());
  }
  const Shape in = node.in(0).shape;
  // A cut of every row, or of nothing, changes nothing; only one axis may really be cut.
  std::optional<std::pair<size_t, Cut>> wanted;
  for (size_t i = 0; i < starts.size(); ++i) {
    RM_ASSIGN(const size_t axis, node.axis(axes[i], in.rank()));
    if (steps[i] == 0 || steps[i] == std::numeric_limits<int64_t>::min()) {
      return node.refuse("it has a step of {}", steps[i]);
    }
    if (in.batch_axis == axis) {
      if (starts[i] != 0 || steps[i] != 1 || ends[i] < std::numeric_limits<int32_t>::max()) {
        return node.unsupported("it cuts rows off");
      }
      continue;
    }
    const Cut cut = slice_of(starts[i], ends[i], steps[i], in.dims[axis]);
    if (cut.begin == 0 && cut.step == 1 && cut.count == in.dims[axis]) {
      continue;
    }
    if (wanted) {
      return node.unsupported("it cuts along more than one axis");
    }
    wanted.emplace(axis, cut);
  }
  if (!wanted) {
    return node.alias(0, 0, in).map([](ValueId) {});
  }
  return cut(node, 0, wanted->first, wanted->second.begin, wanted->second.step,
             wanted->second.count);
}

}  // namespace ringmaker::model::operators
