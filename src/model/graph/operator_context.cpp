#include "model/graph/operator_context.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace ringmaker::model {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

std::string_view name_of(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::kFloat:
      return "a number";
    case AttributeKind::kInteger:
      return "an integer";
    case AttributeKind::kString:
      return "a text";
    case AttributeKind::kTensor:
      return "a tensor";
    case AttributeKind::kGraph:
      return "a graph";
    case AttributeKind::kFloats:
      return "numbers";
    case AttributeKind::kIntegers:
      return "integers";
    case AttributeKind::kStrings:
      return "texts";
    case AttributeKind::kNone:
      break;
  }
  return "something else";
}

}  // namespace

std::string text_of(const GraphNode& node) {
  const std::string op = node.domain.empty() ? node.op : node.domain + ":" + node.op;
  if (!node.name.empty()) {
    return fmt::format("node \"{}\" ({})", node.name, op);
  }
  return node.outputs.empty() ? fmt::format("node ({})", op)
                              : fmt::format("node of \"{}\" ({})", node.outputs.front(), op);
}

tl::unexpected<base::Error> OperatorContext::refused(ErrorCode code,
                                                     const std::string& message) const {
  return fail(code, fmt::format("{}: {}", text_of(node_), message));
}

Result<std::vector<int64_t>> OperatorContext::integers_of(size_t i) const {
  const Value& value = in(i);
  if (value.constant == nullptr || storage_of(value.type) != Storage::kInteger ||
      value.type == ElementType::kString) {
    return refuse("input \"{}\" must be known integers", node_.inputs[i]);
  }
  std::vector<int64_t> values(value.shape.elements());
  if (!values.empty()) {
    std::memcpy(values.data(), value.constant->data(), values.size() * sizeof(int64_t));
  }
  return values;
}

Result<std::vector<float>> OperatorContext::reals_of(size_t i) const {
  const Value& value = in(i);
  if (value.constant == nullptr || storage_of(value.type) == Storage::kInteger) {
    return refuse("input \"{}\" must be known numbers", node_.inputs[i]);
  }
  std::vector<float> values(value.shape.elements());
  if (storage_of(value.type) == Storage::kFloat) {
    if (!values.empty()) {
      std::memcpy(values.data(), value.constant->data(), values.size() * sizeof(float));
    }
  } else {
    const auto* wide = reinterpret_cast<const double*>(value.constant->data());
    std::transform(wide, wide + values.size(), values.begin(),
                   [](double one) { return static_cast<float>(one); });
  }
  return values;
}

Result<double> OperatorContext::number_of(size_t i) const {
  const Value& value = in(i);
  if (value.constant == nullptr || value.shape.elements() != 1 ||
      value.type == ElementType::kString) {
    return refuse("input \"{}\" must be one known number", node_.inputs[i]);
  }
  const std::byte* bytes = value.constant->data();
  switch (storage_of(value.type)) {
    case Storage::kFloat:
      return static_cast<double>(*reinterpret_cast<const float*>(bytes));
    case Storage::kDouble:
      return *reinterpret_cast<const double*>(bytes);
    case Storage::kInteger:
      break;
  }
  return static_cast<double>(*reinterpret_cast<const int64_t*>(bytes));
}

std::vector<std::string> OperatorContext::texts_of(std::span<const int64_t> numbers) const {
  const std::vector<std::string>& all = *builder_.settings().texts;
  std::vector<std::string> texts;
  texts.reserve(numbers.size());
  for (const int64_t number : numbers) {
    texts.push_back(all[static_cast<size_t>(number)]);
  }
  return texts;
}

void OperatorContext::ask_for(size_t input, const std::vector<std::string>& texts) {
  for (const size_t feature : in(input).text_features) {
    std::vector<std::string>& known = builder_.settings().features->features[feature].texts;
    known.insert(known.end(), texts.begin(), texts.end());
  }
}

Result<void> OperatorContext::expect_type(size_t i,
                                          std::initializer_list<ElementType> types) const {
  if (std::ranges::find(types, in(i).type) == types.end()) {
    return unsupported("input \"{}\" is of type {}, which is not taken", node_.inputs[i],
                       name(in(i).type));
  }
  return {};
}

const GraphAttribute* OperatorContext::find(std::string_view name) const noexcept {
  const auto found = std::ranges::find(node_.attributes, name, &GraphAttribute::name);
  return found == node_.attributes.end() ? nullptr : &*found;
}

const GraphAttribute* OperatorContext::find(std::string_view name, AttributeKind kind) {
  const GraphAttribute* found = find(name);
  if (found != nullptr && found->kind != kind) {
    if (!failed_) {
      failed_ = fmt::format("attribute \"{}\" is {}, expected {}", name, name_of(found->kind),
                            name_of(kind));
    }
    return nullptr;
  }
  return found;
}

int64_t OperatorContext::integer(std::string_view name, int64_t absent) {
  const GraphAttribute* found = find(name, AttributeKind::kInteger);
  return found == nullptr ? absent : found->integer;
}

float OperatorContext::real(std::string_view name, float absent) {
  const GraphAttribute* found = find(name, AttributeKind::kFloat);
  return found == nullptr ? absent : found->real;
}

std::string OperatorContext::text(std::string_view name, std::string_view absent) {
  const GraphAttribute* found = find(name, AttributeKind::kString);
  return found == nullptr ? std::string(absent) : found->text;
}

const std::vector<int64_t>& OperatorContext::integers(std::string_view name) {
  static const std::vector<int64_t> kAbsent;
  const GraphAttribute* found = find(name, AttributeKind::kIntegers);
  return found == nullptr ? kAbsent : found->integers;
}

const std::vector<float>& OperatorContext::reals(std::string_view name) {
  static const std::vector<float> kAbsent;
  const GraphAttribute* found = find(name, AttributeKind::kFloats);
  return found == nullptr ? kAbsent : found->floats;
}

const std::vector<std::string>& OperatorContext::texts(std::string_view name) {
  static const std::vector<std::string> kAbsent;
  const GraphAttribute* found = find(name, AttributeKind::kStrings);
  return found == nullptr ? kAbsent : found->strings;
}

const GraphTensor* OperatorContext::tensor(std::string_view name) {
  const GraphAttribute* found = find(name, AttributeKind::kTensor);
  return found == nullptr ? nullptr : &found->tensor;
}

const Graph* OperatorContext::graph(std::string_view name) {
  const GraphAttribute* found = find(name, AttributeKind::kGraph);
  return found == nullptr ? nullptr : found->graph.get();
}

Result<void> OperatorContext::failed() const {
  return failed_ ? Result<void>(refused(ErrorCode::kInvalidInput, *failed_)) : Result<void>();
}

Result<ValueId> OperatorContext::output(size_t i, ElementType type, Shape shape) {
  auto id = builder_.add_value({.name = wants_output(i) ? node_.outputs[i] : std::string(),
                                .type = type,
                                .shape = std::move(shape)});
  return id ? std::move(id) : Result<ValueId>(refused(id.error().code(), id.error().message()));
}

Result<ValueId> OperatorContext::alias(size_t i, size_t of, Shape shape) {
  if (shape.elements() != in(of).shape.elements() || shape.batched() != in(of).shape.batched()) {
    return refuse("{} cannot be read as {}", text_of(in(of).shape), text_of(shape));
  }
  Value value = in(of);  // and all that is known of it
  value.name = wants_output(i) ? node_.outputs[i] : std::string();
  value.shape = std::move(shape);
  value.alias_of = input(of);
  value.layer = nullptr;  // what it is an alias of may have other readers
  auto id = builder_.add_value(std::move(value));
  return id ? std::move(id) : Result<ValueId>(refused(id.error().code(), id.error().message()));
}

Result<ValueId> OperatorContext::scratch(ElementType type, Shape shape) {
  auto id = builder_.add_value({.type = type, .shape = std::move(shape)});
  return id ? std::move(id) : Result<ValueId>(refused(id.error().code(), id.error().message()));
}

void OperatorContext::keep_order(size_t i, ValueId out) {
  const Shape& shape = in(i).shape;
  if (shape.batched() && shape.elements() > 1 && shape.elements() == value(out).shape.elements()) {
    value(out).ordered_as = input(i);
  }
}

void OperatorContext::take_columns(size_t i, ValueId out, size_t axis, size_t first, size_t count) {
  const Shape& shape = in(i).shape;
  value(out).not_negative = in(i).not_negative;
  const bool all_columns =
      shape.batched() && shape.elements() == static_cast<size_t>(shape.dims[axis]);
  if (all_columns && count == 1 && value(out).shape.elements() == 1) {
    value(out).column_of = ColumnOf{.value = input(i), .column = first};
  }
}

namespace {

/// Whether all elements of a constant pass.
template <class Test>
bool all_of_constant(const Value& value, Test test) {
  const std::byte* bytes = value.constant->data();
  const size_t count = value.shape.elements();
  const auto all = [&]<class T>(const T* values) {
    return std::all_of(values, values + count,
                       [&](T one) { return test(static_cast<double>(one)); });
  };
  switch (storage_of(value.type)) {
    case Storage::kFloat:
      return all(reinterpret_cast<const float*>(bytes));
    case Storage::kDouble:
      return all(reinterpret_cast<const double*>(bytes));
    case Storage::kInteger:
      break;
  }
  return value.type != ElementType::kString && all(reinterpret_cast<const int64_t*>(bytes));
}

}  // namespace

bool OperatorContext::never_negative(size_t i) const {
  const Value& value = in(i);
  return value.not_negative ||
         (value.constant != nullptr && all_of_constant(value, [](double x) { return x >= 0; }));
}

std::optional<double> OperatorContext::uniform(size_t i) const {
  const Value& value = in(i);
  std::optional<double> first;
  if (value.constant == nullptr || !all_of_constant(value, [&](double x) {
        first = first.value_or(x);
        return x == *first && std::isfinite(x);
      })) {
    return std::nullopt;
  }
  return first;
}

Result<size_t> OperatorContext::axis(int64_t axis, size_t rank) const {
  const auto count = static_cast<int64_t>(rank);
  if (axis < -count || axis >= count) {
    return refuse("axis {} lies outside of {} dimensions", axis, rank);
  }
  return static_cast<size_t>(axis < 0 ? axis + count : axis);
}

Result<void> OperatorContext::expect_within_rows(const Shape& shape, size_t axis) const {
  if (shape.batch_axis == axis) {
    return unsupported(
        "it works along axis {} of {}, and so across rows; rows are scored each by "
        "itself",
        axis, text_of(shape));
  }
  return {};
}

}  // namespace ringmaker::model
