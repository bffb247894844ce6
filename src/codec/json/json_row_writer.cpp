#include "codec/json/json_row_writer.h"

#include "wire/json_writer.h"
#include "wire/number_format.h"
#include "wire/number_parse.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::codec {
namespace {

constexpr std::string_view kScore = R"({"score":)";
constexpr std::string_view kLabel = R"(,"predicted_label":)";
constexpr std::string_view kNull = "null";

void append_score(float score, std::string& out) {
  if (!std::isfinite(score)) {
    out += kNull;
    return;
  }
  wire::append_number(out, score);
}

/// A class name as JSON. A number is written anew: not all that reads as one ("+1", "1.") is JSON.
std::string label_text(const std::string& class_name, bool numeric) {
  std::string text;
  const auto number = wire::parse_double(class_name);
  if (numeric && number.ok() && std::isfinite(number.value)) {
    wire::append_number(text, number.value);
  } else {
    wire::append_json_string(text, class_name);
  }
  return text;
}

}  // namespace

JsonRowWriter::JsonRowWriter(const data::OutputSchema& output) : output_(output) {
  for (const std::string& class_name : output.class_names) {
    labels_.push_back(label_text(class_name, output.numeric_classes));
    label_bytes_max_ = std::max(label_bytes_max_, labels_.back().size());
  }
  // Without names, and for regression never asked, classes are called by their index.
  const size_t classes = output.task == data::Task::kBinary ? 2 : output.score_columns();
  while (labels_.size() < classes) {
    labels_.push_back(std::to_string(labels_.size()));
  }
}

std::string_view JsonRowWriter::label(const float* scores) const noexcept {
  const auto predicted = output_.predicted_class(scores);
  return predicted ? std::string_view(labels_[*predicted]) : kNull;
}

void JsonRowWriter::append(const float* scores, std::string& out) const {
  out += kScore;
  if (output_.scores_are_list()) {
    for (size_t k = 0; k < output_.score_columns(); ++k) {
      out += k == 0 ? '[' : ',';
      append_score(scores[k], out);
    }
    out += ']';
  } else {
    append_score(*scores, out);
  }
  if (output_.task != data::Task::kRegression) {
    out += kLabel;
    out += label(scores);
  }
  out += '}';
}

size_t JsonRowWriter::bytes_max() const noexcept {
  const size_t scores = output_.score_columns() * (wire::kNumberBytesMax + 1) + 2;
  return kScore.size() + scores + kLabel.size() + label_bytes_max_ + 1;
}

}  // namespace ringmaker::codec
