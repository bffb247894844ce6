// Operators that say what shape something has, or read the same values under another one.
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <cstring>

namespace ringmaker::model::operators {
namespace {

Result<void> done(const Result<ValueId>& made) {
  return made ? Result<void>() : Result<void>(base::fail(made.error()));
}

/// Axes of an attribute, or from opset 13 on of an input; nothing where there are none.
Result<std::optional<std::vector<int64_t>>> axes_of(OperatorContext& node) {
  if (node.has_input(1)) {
    RM_ASSIGN(std::vector<int64_t> axes, node.integers_of(1));
    return std::optional(std::move(axes));
  }
  return node.has("axes") ? std::optional(node.integers("axes")) : std::nullopt;
}

/// Per axis of `rank`: is it named?
Result<std::vector<bool>> marked(OperatorContext& node, const std::vector<int64_t>& axes,
                                 size_t rank) {
  std::vector<bool> marks(rank, false);
  for (const int64_t named : axes) {
    RM_ASSIGN(const size_t axis, node.axis(named, rank));
    if (marks[axis]) {
      return node.refuse("axis {} is named twice", named);
    }
    marks[axis] = true;
  }
  return marks;
}

Result<void> add_constant(OperatorContext& node, GraphTensor tensor) {
  tensor.name = node.wants_output(0) ? node.node().outputs[0] : std::string();
  auto made = node.builder().add_constant(tensor);
  return made ? Result<void>() : Result<void>(node.refuse("{}", made.error().message()));
}

/// What Reshape asks for, against what there is.
struct Target {
  std::vector<int64_t> dims;
  std::optional<size_t> open;  // -1
  std::optional<size_t> rows;  // where the number of rows stands
};

Result<Target> read_target(OperatorContext& node, const std::vector<int64_t>& wanted,
                           const Shape& in, bool zero_copies) {
  Target target;
  for (size_t axis = 0; axis < wanted.size(); ++axis) {
    int64_t length = wanted[axis];
    if (length == 0 && zero_copies) {
      if (axis >= in.rank()) {
        return node.refuse("it copies dimension {} of {}", axis, text_of(in));
      }
      if (in.batch_axis == axis) {
        target.rows = axis;
      }
      length = in.dims[axis];
    } else if (length == kRowsMark) {
      if (target.rows) {
        return node.refuse("the number of rows stands in its shape twice");
      }
      target.rows = axis;
      length = 1;
    } else if (length == -1) {
      if (target.open) {
        return node.refuse("its shape leaves two dimensions open");
      }
      target.open = axis;
      length = 1;
    } else if (length < 0) {
      return node.refuse("it is asked for a length of {}", length);
    }
    target.dims.push_back(length);
  }
  return target;
}

Result<Shape> reshaped(OperatorContext& node, const Shape& in, Target target) {
  Shape out{.dims = target.dims};
  for (const int64_t dim : out.dims) {
    if (dim > int64_t{1} << 32U) {
      return node.refuse("it is asked for a length of {}", dim);
    }
  }
  if (in.batched()) {
    if (in.elements(0, *in.batch_axis) != 1) {
      return node.unsupported("{} is cut anew, and rows would be mixed", text_of(in));
    }
    // A fixed leading 1 is the row of who exported the model for one row only.
    const bool leading_one = !target.open && !out.dims.empty() && out.dims[0] == 1;
    out.batch_axis = target.rows   ? target.rows
                     : target.open ? target.open
                     : leading_one ? std::optional<size_t>(0)
                                   : std::nullopt;
    if (!out.batched()) {
      return node.unsupported("{} cannot be read as {} for any number of rows", text_of(in),
                              text_of(out));
    }
  } else if (target.rows) {
    return node.refuse("{} cannot be read as {}", text_of(in), text_of(out));
  }
  if (target.open) {
    const size_t others = out.elements();  // the open one counts as 1
    if (others == 0 || in.elements() % others != 0) {
      return node.refuse("{} cannot be read as {}", text_of(in), text_of(out));
    }
    out.dims[*target.open] = static_cast<int64_t>(in.elements() / others);
  }
  if (out.batched() && out.elements(0, *out.batch_axis) != 1) {
    return node.unsupported("{} is cut to {}, and rows would be mixed", text_of(in), text_of(out));
  }
  return out;
}

}  // namespace

Result<void> identity(OperatorContext& node) { return done(node.alias(0, 0, node.in(0).shape)); }

Result<void> dropout(OperatorContext& node) {
  if (node.has_input(2)) {
    RM_ASSIGN(const double training, node.number_of(2));
    if (training != 0) {
      return node.unsupported("it is in training mode");
    }
  }
  const Shape shape = node.in(0).shape;
  RM_TRY(identity(node));
  if (node.wants_output(1)) {
    RM_ASSIGN(const ValueId mask, node.output(1, ElementType::kBool, shape));
    node.run([mask, shape](const Frame& frame) {
      std::fill_n(frame.write<int64_t>(mask), shape.elements_of(frame.rows), 1);
    });
  }
  return {};
}

Result<void> constant(OperatorContext& node) {
  GraphTensor tensor;
  if (const GraphTensor* value = node.tensor("value")) {
    tensor = *value;
  } else if (node.has("value_float")) {
    tensor.type = ElementType::kFloat;
    tensor.floats = {node.real("value_float", 0)};
  } else if (node.has("value_floats")) {
    tensor.type = ElementType::kFloat;
    tensor.floats = node.reals("value_floats");
    tensor.dims = {static_cast<int64_t>(tensor.floats.size())};
  } else if (node.has("value_int")) {
    tensor.type = ElementType::kInt64;
    tensor.integers = {node.integer("value_int", 0)};
  } else if (node.has("value_ints")) {
    tensor.type = ElementType::kInt64;
    tensor.integers = node.integers("value_ints");
    tensor.dims = {static_cast<int64_t>(tensor.integers.size())};
  } else if (node.has("value_string")) {
    tensor.type = ElementType::kString;
    tensor.strings = {node.text("value_string", "")};
  } else if (node.has("value_strings")) {
    tensor.type = ElementType::kString;
    tensor.strings = node.texts("value_strings");
    tensor.dims = {static_cast<int64_t>(tensor.strings.size())};
  } else {
    RM_TRY(node.failed());
    return node.unsupported("it has no value that is read");
  }
  RM_TRY(node.failed());
  return add_constant(node, std::move(tensor));
}

Result<void> constant_of_shape(OperatorContext& node) {
  RM_ASSIGN(const std::vector<int64_t> wanted, node.integers_of(0));
  GraphTensor value{.type = ElementType::kFloat, .floats = {0}};
  if (const GraphTensor* given = node.tensor("value")) {
    value = *given;
  }
  if (value.floats.size() + value.doubles.size() + value.integers.size() != 1) {
    return node.refuse("attribute \"value\" must be one number");
  }
  Shape shape;
  for (const int64_t length : wanted) {
    if (length == kRowsMark && !shape.batched()) {
      shape.batch_axis = shape.dims.size();
    } else if (length < 0) {
      return node.refuse("it is asked for a length of {}", length);
    }
    shape.dims.push_back(length == kRowsMark ? 1 : length);
  }
  RM_ASSIGN(const ValueId out, node.output(0, value.type, shape));
  switch (storage_of(value.type)) {
    case Storage::kFloat:
      node.run([out, shape, x = value.floats.empty() ? 0.0F : value.floats[0]](const Frame& frame) {
        std::fill_n(frame.write<float>(out), shape.elements_of(frame.rows), x);
      });
      break;
    case Storage::kDouble:
      node.run([out, shape, x = value.doubles.empty() ? 0.0 : value.doubles[0]](const Frame& f) {
        std::fill_n(f.write<double>(out), shape.elements_of(f.rows), x);
      });
      break;
    case Storage::kInteger:
      node.run([out, shape, x = value.integers.empty() ? 0 : value.integers[0]](const Frame& f) {
        std::fill_n(f.write<int64_t>(out), shape.elements_of(f.rows), x);
      });
      break;
  }
  return {};
}

Result<void> shape(OperatorContext& node) {
  const Shape in = node.in(0).shape;
  const auto rank = static_cast<int64_t>(in.rank());
  const auto place = [&](std::string_view name, int64_t absent) {
    const int64_t at = node.integer(name, absent);
    return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const int64_t first = place("start", 0);
  const int64_t last = place("end", rank);
  GraphTensor tensor{.type = ElementType::kInt64};
  for (int64_t axis = first; axis < last; ++axis) {
    const int64_t length = in.dims[static_cast<size_t>(axis)];
    if (in.batch_axis != static_cast<size_t>(axis)) {
      tensor.integers.push_back(length);
    } else if (length == 1) {
      tensor.integers.push_back(kRowsMark);
    } else {
      return node.unsupported("the shape {} is asked for", text_of(in));
    }
  }
  tensor.dims = {static_cast<int64_t>(tensor.integers.size())};
  return add_constant(node, std::move(tensor));
}

Result<void> reshape(OperatorContext& node) {
  std::vector<int64_t> wanted = node.integers("shape");  // before opset 5
  if (node.has_input(1)) {
    RM_ASSIGN(wanted, node.integers_of(1));
  } else if (!node.has("shape")) {
    return node.refuse("it has no shape");
  }
  const Shape in = node.in(0).shape;
  RM_ASSIGN(Target target, read_target(node, wanted, in, node.integer("allowzero", 0) == 0));
  RM_ASSIGN(Shape out, reshaped(node, in, std::move(target)));
  return done(node.alias(0, 0, std::move(out)));
}

Result<void> flatten(OperatorContext& node) {
  const Shape in = node.in(0).shape;
  const int64_t named = node.integer("axis", 1);
  const auto rank = static_cast<int64_t>(in.rank());
  if (named < -rank || named > rank) {
    return node.refuse("axis {} lies outside of {} dimensions", named, rank);
  }
  const auto axis = static_cast<size_t>(named < 0 ? named + rank : named);
  Shape out{.dims = {static_cast<int64_t>(in.elements(0, axis)),
                     static_cast<int64_t>(in.elements(axis, in.rank()))}};
  if (in.batched()) {
    out.batch_axis = *in.batch_axis < axis ? 0 : 1;
    const size_t first = *in.batch_axis < axis ? 0 : axis;
    if (in.elements(first, *in.batch_axis) != 1) {
      return node.unsupported("{} is flattened, and rows would be mixed", text_of(in));
    }
  }
  return done(node.alias(0, 0, std::move(out)));
}

Result<void> squeeze(OperatorContext& node) {
  const Shape in = node.in(0).shape;
  RM_ASSIGN(const auto axes, axes_of(node));
  std::vector<bool> gone(in.rank(), false);
  if (axes) {
    RM_ASSIGN(gone, marked(node, *axes, in.rank()));
  } else {
    for (size_t axis = 0; axis < in.rank(); ++axis) {
      gone[axis] = in.dims[axis] == 1 && in.batch_axis != axis;
    }
  }
  Shape out;
  for (size_t axis = 0; axis < in.rank(); ++axis) {
    if (!gone[axis]) {
      if (in.batch_axis == axis) {
        out.batch_axis = out.dims.size();
      }
      out.dims.push_back(in.dims[axis]);
    } else if (in.dims[axis] != 1 || in.batch_axis == axis) {
      return node.refuse("axis {} of {} is not 1 long", axis, text_of(in));
    }
  }
  return done(node.alias(0, 0, std::move(out)));
}

Result<void> unsqueeze(OperatorContext& node) {
  const Shape in = node.in(0).shape;
  RM_ASSIGN(const auto axes, axes_of(node));
  if (!axes) {
    return node.refuse("it has no axes");
  }
  const size_t rank = in.rank() + axes->size();
  if (rank > Shape::kRankMax) {
    return node.refuse("it makes {} dimensions, {} at most are read", rank, Shape::kRankMax);
  }
  RM_ASSIGN(const std::vector<bool> added, marked(node, *axes, rank));
  Shape out;
  size_t from = 0;
  for (size_t axis = 0; axis < rank; ++axis) {
    if (!added[axis] && in.batch_axis == from) {
      out.batch_axis = axis;
    }
    out.dims.push_back(added[axis] ? 1 : in.dims[from]);
    from += added[axis] ? 0 : 1;
  }
  return done(node.alias(0, 0, std::move(out)));
}

}  // namespace ringmaker::model::operators
