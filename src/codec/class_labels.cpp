#include "codec/class_labels.h"

#include "wire/json_writer.h"
#include "wire/number_format.h"
#include "wire/number_parse.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ringmaker::codec {
namespace {

/// A number is written anew: not all that reads as one ("+1", "1.") is JSON.
std::string json_text(const std::string& class_name, bool numeric) {
  std::string text;
  const auto number = wire::parse_double(class_name);
  if (numeric && number.ok() && std::isfinite(number.value)) {
    wire::append_number(text, number.value);
  } else {
    wire::append_json_string(text, class_name);
  }
  return text;
}

float number_of(const std::string& class_name, bool numeric, size_t index) {
  const auto number = numeric ? wire::parse_float(class_name) : wire::ParsedNumber<float>();
  return number.ok() ? number.value : static_cast<float>(index);
}

size_t class_count(const data::OutputSchema& output) noexcept {
  switch (output.task) {
    case data::Task::kRegression:
      return 0;
    case data::Task::kBinary:
      return 2;
    case data::Task::kMulticlass:
      break;
  }
  return std::max(output.class_names.size(), output.score_columns());
}

}  // namespace

ClassLabels::ClassLabels(const data::OutputSchema& output) {
  const size_t count = class_count(output);
  for (size_t i = 0; i < count; ++i) {
    const bool named = i < output.class_names.size();
    text_.push_back(named ? output.class_names[i] : std::to_string(i));
    const bool numeric = output.numeric_classes || !named;
    json_.push_back(json_text(text_.back(), numeric));
    number_.push_back(number_of(text_.back(), numeric, i));
    bytes_max_ = std::max({bytes_max_, text_.back().size(), json_.back().size()});
  }
}

std::string_view ClassLabels::json(std::optional<size_t> index) const noexcept {
  return index ? std::string_view(json_[*index]) : "null";
}

float ClassLabels::number(std::optional<size_t> index) const noexcept {
  return index ? number_[*index] : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace ringmaker::codec
