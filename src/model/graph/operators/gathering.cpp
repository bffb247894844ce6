// Operators that choose values by index.
#include "model/graph/operators/operators.h"

#include <algorithm>
#include <cstring>

namespace ringmaker::model::operators {
namespace {

void keep_knowledge(OperatorContext& node, ValueId out, const Value& in) {
  Value& made = node.value(out);
  made.text_features = in.text_features;
  made.margins = in.margins;
  made.complementary = in.complementary;
  made.threshold = in.threshold;
  made.of_pairs = in.of_pairs;
}

/// Where the one index is known.
void take_known_column(OperatorContext& node, ValueId out, size_t axis) {
  const auto known = node.is_constant(1) ? node.integers_of(1) : std::vector<int64_t>();
  if (!known || known->size() != 1) {
    node.value(out).not_negative = node.in(0).not_negative;
    return;
  }
  const int64_t index = known->front() + (known->front() < 0 ? node.in(0).shape.dims[axis] : 0);
  node.take_columns(0, out, axis, static_cast<size_t>(index), 1);
}

/// A row may ask for what is not there: it then has no answer.
struct Bounds {
  int64_t length;  // of the axis that indices choose along

  /// The index from the front, or 0 and false.
  bool resolve(int64_t& index) const {
    index += index < 0 ? length : 0;
    const bool within = index >= 0 && index < length;
    index = within ? index : 0;
    return within;
  }
};

}  // namespace

Result<void> gather(OperatorContext& node) {
  const Shape data = node.in(0).shape;
  const Shape indices = node.in(1).shape;
  RM_TRY(node.expect_type(1, {ElementType::kInt64, ElementType::kInt32}));
  RM_ASSIGN(const size_t axis, node.axis(node.integer("axis", 0), data.rank()));
  RM_TRY(node.expect_within_rows(data, axis));
  if (data.batched() && indices.batched()) {
    return node.unsupported("{} is chosen from {}, both of which depend on the row",
                            text_of(indices), text_of(data));
  }
  const Bounds bounds{data.dims[axis]};
  if (bounds.length == 0) {
    return node.refuse("it chooses from nothing: {}", text_of(data));
  }
  Shape out;
  out.dims.assign(data.dims.begin(), data.dims.begin() + static_cast<ptrdiff_t>(axis));
  out.dims.insert(out.dims.end(), indices.dims.begin(), indices.dims.end());
  out.dims.insert(out.dims.end(), data.dims.begin() + static_cast<ptrdiff_t>(axis) + 1,
                  data.dims.end());
  if (data.batched()) {
    out.batch_axis =
        *data.batch_axis < axis ? *data.batch_axis : *data.batch_axis + indices.rank() - 1;
  } else if (indices.batched()) {
    out.batch_axis = axis + *indices.batch_axis;
  }
  if (node.is_constant(1)) {
    RM_ASSIGN(const auto known, node.integers_of(1));
    for (const int64_t wanted : known) {
      int64_t index = wanted;
      if (!bounds.resolve(index)) {
        return node.refuse("it chooses number {} of {}", wanted, bounds.length);
      }
    }
  }
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId id, node.output(0, type, out));
  keep_knowledge(node, id, node.in(0));
  node.value(id).complementary = false;
  take_known_column(node, id, axis);
  // Classes by their index: labels.
  if (node.is_constant(0) && data.rank() == 1 && node.in(1).classes != nullptr) {
    node.value(id).classes = node.in(1).classes;
    node.value(id).chosen_from = node.in(1).chosen_from;
  }
  const size_t bytes = bytes_of(storage_of(type));
  node.run([=, source = node.input(0), chosen = node.input(1)](const Frame& frame) {
    const size_t outer = data.elements_of(frame.rows, 0, axis);
    const size_t run = data.elements_of(frame.rows, axis + 1, data.rank()) * bytes;
    const size_t count = indices.elements_of(frame.rows);
    const std::byte* x = frame.read<std::byte>(source);
    const auto* which = frame.read<int64_t>(chosen);
    std::byte* y = frame.write<std::byte>(id);
    for (size_t o = 0; o < outer; ++o) {
      for (size_t i = 0; i < count && run > 0; ++i) {
        int64_t index = which[i];
        if (!bounds.resolve(index)) {
          frame.spoiled[indices.batched() ? indices.row_of(i, frame.rows) : 0] = true;
        }
        std::memcpy(y,
                    x + (o * static_cast<size_t>(bounds.length) + static_cast<size_t>(index)) * run,
                    run);
        y += run;
      }
    }
  });
  return {};
}

namespace {

/// The list of classes that a constant array is, chosen from by an index.
std::shared_ptr<const ClassList> classes_of(OperatorContext& node, const Value& value,
                                            const ClassList* chosen) {
  auto classes = std::make_shared<ClassList>();
  classes->of_least = chosen != nullptr && chosen->of_least;
  classes->numeric = value.type != ElementType::kString;
  if (value.constant == nullptr || storage_of(value.type) != Storage::kInteger) {
    return nullptr;
  }
  const auto* codes = reinterpret_cast<const int64_t*>(value.constant->data());
  classes->codes.assign(codes, codes + value.shape.elements());
  if (!classes->numeric) {
    classes->names = node.texts_of(classes->codes);
    return classes;
  }
  for (const int64_t code : classes->codes) {
    classes->names.push_back(fmt::format("{}", code));
  }
  return classes;
}

}  // namespace

Result<void> array_feature_extractor(OperatorContext& node) {
  const Shape data = node.in(0).shape;
  const Shape indices = node.in(1).shape;
  RM_TRY(node.expect_type(1, {ElementType::kInt64, ElementType::kInt32}));
  if (data.rank() == 0 || data.dims.back() == 0) {
    return node.refuse("it chooses from {}", text_of(data));
  }
  const size_t axis = data.rank() - 1;
  RM_TRY(node.expect_within_rows(data, axis));
  if (data.batched() && indices.batched()) {
    return node.unsupported("what it chooses depends on the row, and so does what it chooses from");
  }
  const Bounds bounds{data.dims.back()};
  Shape out;
  if (axis == 0) {
    out.dims.push_back(1);
  } else {
    out.dims.assign(data.dims.begin(), data.dims.end() - 1);
    out.batch_axis = data.batch_axis;
  }
  out.dims.push_back(static_cast<int64_t>(indices.elements()));
  if (indices.batched()) {
    if (indices.elements(0, *indices.batch_axis) != 1) {
      return node.unsupported("its indices are {}, and rows would be mixed", text_of(indices));
    }
    out.batch_axis = out.dims.size() - 1;
  }
  if (node.is_constant(1)) {
    RM_ASSIGN(const auto known, node.integers_of(1));
    for (const int64_t index : known) {
      if (index < 0 || index >= bounds.length) {
        return node.refuse("it chooses number {} of {}", index, bounds.length);
      }
    }
  }
  const ElementType type = node.in(0).type;
  RM_ASSIGN(const ValueId id, node.output(0, type, out));
  keep_knowledge(node, id, node.in(0));
  // Of two scores that tell each other, the second speaks of the second class.
  Value& made = node.value(id);
  made.complementary = false;
  if (node.in(0).complementary && node.is_constant(1)) {
    RM_ASSIGN(const auto known, node.integers_of(1));
    made.complementary = data.dims.back() == 2 && known == std::vector<int64_t>{1};
  }
  take_known_column(node, id, axis);
  if (axis == 0) {
    node.value(id).classes = classes_of(node, node.in(0), node.in(1).classes.get());
    node.value(id).chosen_from = node.in(1).chosen_from;
  }
  const size_t bytes = bytes_of(storage_of(type));
  node.run([=, source = node.input(0), chosen = node.input(1)](const Frame& frame) {
    const size_t outer = data.elements_of(frame.rows, 0, axis);
    const size_t count = indices.elements_of(frame.rows);
    const std::byte* x = frame.read<std::byte>(source);
    const auto* which = frame.read<int64_t>(chosen);
    std::byte* y = frame.write<std::byte>(id);
    for (size_t o = 0; o < outer; ++o) {
      for (size_t i = 0; i < count; ++i) {
        int64_t index = which[i];
        if (!bounds.resolve(index)) {
          frame.spoiled[indices.batched() ? indices.row_of(i, frame.rows) : 0] = true;
        }
        std::memcpy(
            y, x + (o * static_cast<size_t>(bounds.length) + static_cast<size_t>(index)) * bytes,
            bytes);
        y += bytes;
      }
    }
  });
  return {};
}

}  // namespace ringmaker::model::operators
