#include "model/graph/graph_answer.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

namespace ringmaker::model {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr size_t kScoresMax = 4096;

bool is_real(const GraphOutput& output) { return storage_of(output.type) != Storage::kInteger; }

float number_at(const Frame& frame, const GraphOutput& output, size_t at) noexcept {
  switch (storage_of(output.type)) {
    case Storage::kFloat:
      return frame.read<float>(output.id)[at];
    case Storage::kDouble:
      return static_cast<float>(frame.read<double>(output.id)[at]);
    case Storage::kInteger:
      break;
  }
  return static_cast<float>(frame.read<int64_t>(output.id)[at]);
}

/// What a value has of scores: all columns in their order, or one of them.
struct Standing {
  std::optional<size_t> column = {};
};

/// Nothing where the label does not follow from the value as it does from the scores.
std::optional<Standing> standing_for(const Program& program, ValueId value, ValueId scores) {
  Standing standing;
  scores = program.whole(scores);
  while (true) {
    value = program.whole(value);
    const Value& known = program.value(value);
    if (known.of_pairs) {
      return std::nullopt;
    }
    if (value == scores) {
      return standing;
    }
    if (known.ordered_as) {
      value = *known.ordered_as;
    } else if (known.column_of && !standing.column) {
      standing.column = known.column_of->column;
      value = known.column_of->value;
    } else {
      return std::nullopt;
    }
  }
}

}  // namespace

Result<std::vector<GraphOutput>> outputs_of(const Program& program,
                                            const std::vector<GraphPort>& ports) {
  std::vector<GraphOutput> outputs;
  for (size_t i = 0; i < ports.size(); ++i) {
    const ValueId id = program.outputs()[i];
    const Value& value = program.value(id);
    const Shape& shape = value.shape;
    if (!shape.batched() || shape.dims[*shape.batch_axis] != 1 ||
        shape.elements(0, *shape.batch_axis) != 1) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("output \"{}\" is {}, expected one value, or several, a row",
                              ports[i].name, text_of(shape)));
    }
    if (!value.text_features.empty()) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("output \"{}\" passes on texts of the input, which is not read",
                              ports[i].name));
    }
    outputs.push_back({.name = ports[i].name,
                       .id = id,
                       .type = value.type,
                       .rank = shape.rank(),
                       .columns = shape.elements()});
  }
  return outputs;
}

Result<GraphAnswer> GraphAnswer::make(const Program& program,
                                      const std::vector<GraphOutput>& outputs) {
  GraphAnswer answer;
  if (!answer.make_classifier(program, outputs)) {
    answer.make_regression(outputs, false);
    if (answer.sources_.empty()) {
      answer.make_regression(outputs, true);
    }
  }
  size_t columns = 0;
  for (const Source& source : answer.sources_) {
    columns += source.count;
  }
  const auto text = std::ranges::find(outputs, ElementType::kString, &GraphOutput::type);
  if (columns == 0 && text != outputs.end()) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("output \"{}\" is text, and none of the graph's outputs is a number or "
                            "a class",
                            text->name));
  }
  if (columns == 0 || columns > kScoresMax) {
    return fail(ErrorCode::kUnsupported,
                fmt::format("the graph's outputs have {} numbers a row, from 1 to {} are read",
                            columns, kScoresMax));
  }
  return answer;
}

bool GraphAnswer::make_classifier(const Program& program, const std::vector<GraphOutput>& outputs) {
  const auto label = std::ranges::find_if(outputs, [&](const GraphOutput& output) {
    const auto& classes = program.value(output.id).classes;
    return output.columns == 1 && !is_real(output) && classes != nullptr &&
           classes->names.size() >= 2 && classes->names.size() <= kScoresMax;
  });
  if (label == outputs.end()) {
    return false;
  }
  const ClassList& classes = *program.value(label->id).classes;
  schema_.task = data::Task::kMulticlass;
  schema_.class_names = classes.names;
  schema_.numeric_classes = classes.numeric;
  const bool scored =
      !classes.of_least && find_scores(program, outputs, label->id, classes.names.size());
  schema_.raw_unknown = !schema_.margin;
  if (scored) {
    return true;
  }
  schema_.class_index = true;
  sources_ = {{.output = *label, .first = 0, .count = 1}};
  for (size_t k = 0; k < classes.codes.size(); ++k) {
    index_of_.try_emplace(classes.codes[k], k);
  }
  return true;
}

bool GraphAnswer::find_scores(const Program& program, const std::vector<GraphOutput>& outputs,
                              ValueId label, size_t classes) {
  const auto& chosen_from = program.value(label).chosen_from;
  if (!chosen_from) {
    return false;
  }
  std::vector<std::optional<Source>> single(classes);  // one output a class
  bool margins = true;
  for (const GraphOutput& output : outputs) {
    const auto standing =
        is_real(output) ? standing_for(program, output.id, *chosen_from) : std::nullopt;
    if (!standing) {
      continue;
    }
    const Value& value = program.value(output.id);
    const bool second_of_two =
        classes == 2 && value.complementary && standing->column.value_or(1) == 1;
    if (second_of_two && output.columns == (standing->column ? 1 : 2)) {
      schema_.task = data::Task::kBinary;
      schema_.margin = value.margins;
      schema_.threshold = value.threshold.value_or(value.margins ? 0.0F : 0.5F);
      sources_ = {{.output = output, .first = output.columns - 1, .count = 1}};
      return true;
    }
    if (output.columns == classes && !standing->column) {
      schema_.margin = value.margins;
      sources_ = {{.output = output, .first = 0, .count = classes}};
      return true;
    }
    if (output.columns == 1 && standing->column && *standing->column < classes) {
      single[*standing->column] = Source{.output = output, .first = 0, .count = 1};
      margins &= value.margins;
    }
  }
  if (!std::ranges::all_of(single, [](const auto& one) { return one.has_value(); })) {
    return false;
  }
  for (const auto& one : single) {
    sources_.push_back(*one);
  }
  schema_.margin = margins;
  return true;
}

void GraphAnswer::make_regression(const std::vector<GraphOutput>& outputs, bool integers) {
  schema_.task = data::Task::kRegression;
  for (const GraphOutput& output : outputs) {
    if (is_real(output) == integers || output.type == ElementType::kString) {
      continue;
    }
    sources_.push_back({.output = output, .first = 0, .count = output.columns});
    for (size_t k = 0; k < output.columns && schema_.value_names.size() <= kScoresMax; ++k) {
      schema_.value_names.push_back(output.columns == 1 ? output.name
                                                        : fmt::format("{}_{}", output.name, k));
    }
  }
  if (schema_.value_names.size() == 1) {
    schema_.value_names.clear();
  }
}

std::vector<ValueId> GraphAnswer::values() const {
  std::vector<ValueId> ids;
  ids.reserve(sources_.size());
  for (const Source& source : sources_) {
    ids.push_back(source.output.id);
  }
  return ids;
}

void GraphAnswer::read(const Frame& frame, data::DenseSpan scores) const noexcept {
  constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
  for (size_t i = 0; i < frame.rows; ++i) {
    float* out = scores.row(i);
    if (frame.spoiled[i]) {
      std::fill_n(out, scores.columns, kNone);
      continue;
    }
    for (const Source& source : sources_) {
      const size_t at = i * source.output.columns + source.first;
      for (size_t k = 0; k < source.count; ++k) {
        *out++ = number_at(frame, source.output, at + k);
      }
    }
    if (schema_.class_index) {
      const auto found = index_of_.find(frame.read<int64_t>(sources_[0].output.id)[i]);
      *scores.row(i) = found == index_of_.end() ? kNone : static_cast<float>(found->second);
    }
  }
}

}  // namespace ringmaker::model
