#include "model/graph/program_builder.h"

#include "model/graph/input_step.h"
#include "model/graph/open_columns.h"
#include "model/graph/operator_context.h"
#include "model/graph/operator_table.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

/// Bounds of what a small file may ask for.
constexpr size_t kElementsMax = size_t{1} << 27U;     // of a value, per row or in all
constexpr size_t kFixedBytesMax = size_t{1} << 30U;   // of all constants that are made
constexpr size_t kBytesPerRowMax = size_t{1} << 26U;  // of all values of a row
constexpr size_t kMemoryBytes = size_t{1} << 22U;     // a run's, where one row takes less
constexpr size_t kRowsMax = 256;
constexpr size_t kFeaturesMax = size_t{1} << 20U;

template <class... Values>
auto refused(fmt::format_string<Values...> format, Values&&... values) {
  return fail(ErrorCode::kInvalidInput, fmt::format(format, std::forward<Values>(values)...));
}

bool is_readable(ElementType type) {
  switch (type) {
    case ElementType::kUndefined:
    case ElementType::kFloat16:
      return false;
    default:
      return type <= ElementType::kUint64;
  }
}

/// The number of elements, or nothing where it has no bounds.
std::optional<size_t> bounded_elements(const Shape& shape) {
  uint64_t count = 1;
  for (const int64_t dim : shape.dims) {
    if (dim < 0 || __builtin_mul_overflow(count, static_cast<uint64_t>(dim), &count) ||
        count > kElementsMax) {
      return std::nullopt;
    }
  }
  return count;
}

/// Whether an operator carries a number of rows from this input on as it is.
bool carries_rows(const GraphNode& node, size_t input) {
  if (!node.domain.empty()) {
    return false;
  }
  constexpr std::array<std::string_view, 7> kFirst{
      "Gather", "Slice", "Unsqueeze", "Squeeze", "Identity", "ConstantOfShape", "Reshape"};
  const auto keeps_type = [](const GraphAttribute& attribute) {
    return attribute.name == "to" &&
           (attribute.integer == static_cast<int64_t>(ElementType::kInt64) ||
            element_type_named(attribute.text) == ElementType::kInt64);
  };
  return node.op == "Concat" ||
         (node.op == "Cast" && std::ranges::any_of(node.attributes, keeps_type)) ||
         (node.op == "Expand" && input == 1) || (node.op == "Reshape" && input == 1) ||
         (input == 0 && std::ranges::find(kFirst, node.op) != kFirst.end());
}

bool holds_rows_mark(const Value& value) {
  if (value.constant == nullptr || value.type != ElementType::kInt64) {
    return false;
  }
  const auto* values = reinterpret_cast<const int64_t*>(value.constant->data());
  return std::find(values, values + value.shape.elements(), kRowsMark) !=
         values + value.shape.elements();
}

Result<Shape> shape_of_input(const GraphPort& port) {
  if (!port.is_tensor) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("input \"{}\" is no tensor, which is not read", port.name));
  }
  if (!port.shaped || port.dims.empty()) {
    return refused("input \"{}\" has no shape: its number of columns must be known", port.name);
  }
  if (port.dims.front() > 1 || port.dims.front() == 0) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("input \"{}\" takes exactly {} rows; the first dimension must be open",
                            port.name, port.dims.front()));
  }
  Shape shape{.dims = port.dims, .batch_axis = 0};
  shape.dims[0] = 1;
  if (std::ranges::any_of(shape.dims, [](int64_t dim) { return dim <= 0; })) {
    return refused(
        "input \"{}\" has an open dimension behind the first: the number of its "
        "columns must be known",
        port.name);
  }
  return shape;
}

}  // namespace

int64_t BuildSettings::number_of(const std::string& text) {
  const auto [at, added] = text_numbers.try_emplace(text, static_cast<int64_t>(texts->size()));
  if (added) {
    texts->push_back(text);
  }
  return at->second;
}

std::optional<ValueId> ProgramBuilder::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

size_t ProgramBuilder::readers_of(const std::string& name) const {
  const auto found = readers_.find(name);
  return found == readers_.end() ? 0 : found->second;
}

Result<ValueId> ProgramBuilder::add_value(Value value) {
  if (!is_readable(value.type)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("\"{}\" holds {}, which is not read", value.name, name(value.type)));
  }
  if (value.shape.rank() > Shape::kRankMax) {
    return refused("\"{}\" has {} dimensions, {} at most are read", value.name, value.shape.rank(),
                   Shape::kRankMax);
  }
  const auto elements = bounded_elements(value.shape);
  if (!elements) {
    return refused("\"{}\" would be {} large, which is too much", value.name,
                   model::text_of(value.shape));
  }
  if (!value.alias_of && value.constant == nullptr) {
    const size_t bytes = *elements * bytes_of(storage_of(value.type));
    program_.bytes_per_row_ += bytes;
    if (program_.bytes_per_row_ > kBytesPerRowMax) {
      return refused("\"{}\" would be {} large: the values of one row then take more than {} MB",
                     value.name, model::text_of(value.shape), kBytesPerRowMax >> 20U);
    }
  }
  const auto id = static_cast<ValueId>(program_.values_.size());
  if (!value.name.empty() && !by_name_.try_emplace(value.name, id).second) {
    return refused("\"{}\" is made a second time", value.name);
  }
  program_.places_.push_back({.fixed = value.constant ? value.constant->data() : nullptr});
  program_.values_.push_back(std::move(value));
  return id;
}

Result<ValueId> ProgramBuilder::add_input(const std::string& name, ElementType type, Shape shape) {
  return add_value({.name = name, .type = type, .shape = std::move(shape)});
}

Result<void> ProgramBuilder::add_features(const std::vector<GraphPort>& inputs) {
  if (inputs.empty()) {
    return refused("the graph has no inputs");
  }
  GraphFeatures& features = *settings_.features;
  features.named = true;
  std::vector<Shape> shapes;
  shapes.reserve(inputs.size());
  for (const GraphPort& port : inputs) {
    auto shape = shape_of_input(port);
    if (!shape) {
      return fail(shape.error());
    }
    const auto elements = bounded_elements(*shape);
    if (!elements || *elements > kFeaturesMax) {
      return refused("input \"{}\" has more than {} columns", port.name, kFeaturesMax);
    }
    features.named &= *elements == 1;
    shapes.push_back(std::move(*shape));
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const GraphPort& port = inputs[i];
    const size_t first = features.features.size();
    const size_t count = shapes[i].elements();
    if (first + count > kFeaturesMax) {
      return refused("the inputs have more than {} columns", kFeaturesMax);
    }
    RM_ASSIGN(const ValueId id, add_input(port.name, port.type, shapes[i]));
    const bool text = port.type == ElementType::kString;
    const FeatureKind kind = text                                         ? FeatureKind::kText
                             : storage_of(port.type) == Storage::kInteger ? FeatureKind::kInteger
                                                                          : FeatureKind::kNumber;
    InputStep step(id, first, count, port.type);
    value(id).input_feature = first;
    for (size_t k = 0; k < count; ++k) {
      GraphFeatures::Feature feature{
          .name = count == 1 ? port.name : fmt::format("{}_{}", port.name, k), .kind = kind};
      step.add(feature);
      features.features.push_back(std::move(feature));
      if (text) {
        value(id).text_features.push_back(first + k);
      }
    }
    add_step(std::move(step));
    program_.steps_.back().makes_begin = id;
    program_.steps_.back().makes_end = id + 1;
  }
  return {};
}

Result<ValueId> ProgramBuilder::add_constant(const GraphTensor& tensor) {
  if (!is_readable(tensor.type)) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("\"{}\" holds {}, which is not read", tensor.name, name(tensor.type)));
  }
  auto bytes = std::make_shared<std::vector<std::byte>>();
  const auto copy = [&](const auto& values) {
    bytes->resize(values.size() * sizeof(values[0]));
    if (!values.empty()) {
      std::memcpy(bytes->data(), values.data(), bytes->size());
    }
  };
  if (tensor.type == ElementType::kString) {
    std::vector<int64_t> numbers;
    numbers.reserve(tensor.strings.size());
    for (const std::string& text : tensor.strings) {
      numbers.push_back(settings_.number_of(text));
    }
    copy(numbers);
  } else if (storage_of(tensor.type) == Storage::kFloat) {
    copy(tensor.floats);
  } else if (storage_of(tensor.type) == Storage::kDouble) {
    copy(tensor.doubles);
  } else {
    copy(tensor.integers);
  }
  return add_value({.name = tensor.name,
                    .type = tensor.type,
                    .shape = {.dims = tensor.dims},
                    .constant = std::move(bytes)});
}

Result<void> ProgramBuilder::add(const Graph& graph) {
  for (const GraphTensor& tensor : graph.constants) {
    RM_ASSIGN(const ValueId id, add_constant(tensor));
    if (holds_rows_mark(value(id))) {
      return refused("constant \"{}\" holds {}, which has a meaning of its own", tensor.name,
                     kRowsMark);
    }
  }
  for (const GraphNode& node : graph.nodes) {
    for (const std::string& input : node.inputs) {
      ++readers_[input];
    }
  }
  for (const GraphPort& output : graph.outputs) {
    ++readers_[output.name];
  }
  for (const GraphNode& node : graph.nodes) {
    RM_TRY(add_node(node));
  }
  return {};
}

Result<void> ProgramBuilder::add_node(const GraphNode& node) {
  const Operator* found = find_operator(node.domain, node.op);
  const auto unread = [&](const std::string& output) { return readers_of(output) == 0; };
  if (found == nullptr && std::ranges::all_of(node.outputs, unread)) {
    return {};
  }
  if (found == nullptr) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("{}: the operator is not known to this build", model::text_of(node)));
  }
  const auto opset = settings_.opsets.find(node.domain);
  if (opset == settings_.opsets.end()) {
    return refused("{}: the model imports no opset of {}", model::text_of(node),
                   node.domain.empty() ? "ai.onnx" : node.domain);
  }
  OperatorContext context(*this, node, opset->second);
  if (node.inputs.size() > found->inputs_max) {
    return context.refuse("it has {} inputs, {} at most are taken", node.inputs.size(),
                          found->inputs_max);
  }
  bool known = true;
  for (size_t i = 0; i < std::max(node.inputs.size(), found->inputs_min); ++i) {
    if (!context.has_input(i)) {
      if (i < found->inputs_min || found->inputs_max == kAnyNumber) {
        return context.refuse("input {} is missing", i);
      }
      continue;
    }
    const auto id = find(node.inputs[i]);
    if (!id) {
      return context.refuse("it reads \"{}\", which nothing before it makes", node.inputs[i]);
    }
    known &= value(*id).constant != nullptr;
    if (holds_rows_mark(value(*id)) && !carries_rows(node, i)) {
      return context.unsupported("it computes with the number of rows");
    }
  }
  const size_t first_value = program_.values_.size();
  const size_t first_step = program_.steps_.size();
  RM_TRY(found->build(context));
  RM_TRY(context.failed());
  for (size_t i = 0; i < node.outputs.size(); ++i) {
    if (context.wants_output(i) && !find(node.outputs[i])) {
      return context.unsupported("its output \"{}\" is not made", node.outputs[i]);
    }
  }
  for (size_t step = first_step; step < program_.steps_.size(); ++step) {
    Program::Step& made = program_.steps_[step];
    made.makes_begin = static_cast<ValueId>(first_value);
    made.makes_end = static_cast<ValueId>(program_.values_.size());
    for (size_t i = 0; i < node.inputs.size(); ++i) {
      if (context.has_input(i)) {
        made.reads.push_back(context.input(i));
      }
    }
  }
  if (known) {
    auto folded = fold(first_value, first_step);
    return folded ? std::move(folded)
                  : Result<void>(fail(folded.error().within(model::text_of(node))));
  }
  return {};
}

Result<void> ProgramBuilder::fold(size_t first_value, size_t first_step) {
  for (size_t id = first_value; id < program_.values_.size(); ++id) {
    const Shape& shape = program_.values_[id].shape;
    if (shape.batched()) {
      return {};  // ones of as many rows as there are: made when the graph runs
    }
  }
  for (size_t id = first_value; id < program_.values_.size(); ++id) {
    Value& value = program_.values_[id];
    if (value.constant != nullptr || value.alias_of) {
      continue;
    }
    const size_t bytes = value.shape.elements() * bytes_of(storage_of(value.type));
    settings_.fixed_bytes += bytes;
    if (settings_.fixed_bytes > kFixedBytesMax) {
      return refused("\"{}\" would be {} large: constants then take more than {} MB", value.name,
                     model::text_of(value.shape), kFixedBytesMax >> 20U);
    }
    program_.bytes_per_row_ -= bytes;
    value.constant = std::make_shared<std::vector<std::byte>>(bytes);
    program_.places_[id].fixed = value.constant->data();
  }
  for (size_t id = first_value; id < program_.values_.size(); ++id) {
    Value& value = program_.values_[id];
    if (value.alias_of) {
      value.constant = program_.values_[*value.alias_of].constant;
      program_.places_[id].fixed = value.constant->data();
    }
  }
  if (first_step == program_.steps_.size()) {
    return {};
  }
  bool spoiled = false;
  Frame frame = program_.frame(nullptr, 1);
  frame.spoiled = &spoiled;
  for (size_t step = first_step; step < program_.steps_.size(); ++step) {
    program_.steps_[step].kernel(frame);
  }
  program_.steps_.resize(first_step);
  return spoiled ? Result<void>(refused("a value that is known in advance is out of range"))
                 : Result<void>();
}

Result<Program> ProgramBuilder::finish(const std::vector<GraphPort>& outputs) {
  if (outputs.empty()) {
    return refused("the graph has no outputs");
  }
  for (const GraphPort& port : outputs) {
    const auto id = find(port.name);
    if (!id) {
      return refused("output \"{}\" is made by no node", port.name);
    }
    program_.outputs_.push_back(*id);
  }
  program_.texts_ = settings_.texts;
  return std::move(program_);
}

namespace {

Result<std::map<std::string, int64_t>> opsets_of(const GraphFile& file) {
  std::map<std::string, int64_t> opsets;
  for (const Opset& opset : file.opsets) {
    const int64_t last = opset.domain.empty()        ? kOpsetMax
                         : opset.domain == kMlDomain ? kMlOpsetMax
                                                     : std::numeric_limits<int64_t>::max();
    if (opset.version < 1 || opset.version > last) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("the model is of opset {} of {}, 1 to {} are read", opset.version,
                              opset.domain.empty() ? "ai.onnx" : opset.domain, last));
    }
    opsets[opset.domain] = opset.version;
  }
  return opsets;
}

}  // namespace

Result<BuiltGraph> build_program(const GraphFile& file, std::optional<base::InstructionSet> set) {
  BuildSettings settings{.set = set,
                         .features = std::make_shared<GraphFeatures>(),
                         .texts = std::make_shared<std::vector<std::string>>()};
  RM_ASSIGN(settings.opsets, opsets_of(file));
  ProgramBuilder builder(settings);
  RM_TRY(builder.add_features(settle_open_columns(file.graph)));
  RM_TRY(builder.add(file.graph));
  BuiltGraph built;
  RM_ASSIGN(built.program, builder.finish(file.graph.outputs));
  const auto number_of = [&](const std::string& text) { return settings.number_of(text); };
  RM_ASSIGN(built.narrowing, settle_features(*settings.features, number_of));
  built.features = settings.features;
  built.trees = std::move(settings.trees);
  const size_t bytes = std::max<size_t>(built.program.bytes_per_row(), 1);
  built.program.place(std::clamp<size_t>(kMemoryBytes / bytes, 1, kRowsMax));
  return built;
}

}  // namespace ringmaker::model
