#include "cli/predicted_columns.h"

#include "base/nearest_name.h"
#include "base/text.h"
#include "wire/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ringmaker::cli {
namespace {

/// A class name as a CSV field.
void append_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += '"';
    }
  }
  out += '"';
}

/// Several values in one field: "[0.25,0.75]" with its quotes, as SageMaker's containers write it.
template <class Values>
void append_list(std::string& out, const Values& values, auto append_value) {
  out += "\"[";
  const char* comma = "";
  for (const auto& value : values) {
    out += comma;
    append_value(value);
    comma = ",";
  }
  out += "]\"";
}

/// In the order of PredictedColumns::Column.
constexpr std::array<std::string_view, 5> kNames{"score", "predicted_label", "probability",
                                                 "probabilities", "labels"};

}  // namespace

std::string_view PredictedColumns::name(Column column) noexcept {
  return kNames[static_cast<size_t>(column)];
}

PredictedColumns::Column PredictedColumns::column_named(std::string_view name) noexcept {
  return static_cast<Column>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin());
}

base::Result<PredictedColumns> PredictedColumns::parse(std::string_view list,
                                                       const data::OutputSchema& output) {
  PredictedColumns columns(output);
  std::vector<std::string> known{"score"};
  if (output.task != data::Task::kRegression) {
    known = {"score", "predicted_label", "probability", "probabilities", "labels"};
  }
  if (output.margin || output.class_index) {
    known = {"score", "predicted_label", "labels"};
  }
  while (!base::trimmed(list).empty()) {
    const std::string wanted(base::take_item(list));
    const auto found = std::find(known.begin(), known.end(), wanted);
    if (found == known.end()) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("--outputs: a {} model{} has no \"{}\"; it has {}{}", data::name(output.task),
                      output.margin        ? " of margins"
                      : output.class_index ? " of class indices"
                                           : "",
                      wanted, fmt::join(known, ", "), base::did_you_mean(wanted, known)));
    }
    columns.columns_.push_back(column_named(wanted));
  }
  if (columns.columns_.empty()) {
    columns.columns_.push_back(Column::kScore);
  }
  return columns;
}

std::string PredictedColumns::header() const {
  std::string text;
  for (const Column column : columns_) {
    text += text.empty() ? "" : ",";
    if (column == Column::kScore && output_->scores_are_list()) {
      const bool classes = output_->task == data::Task::kMulticlass;
      const char* comma = "";
      for (const std::string& name : classes ? output_->class_names : output_->value_names) {
        text += comma;
        append_field(text, "score_" + name);
        comma = ",";
      }
    } else {
      text += name(column);
    }
  }
  return text;
}

void PredictedColumns::append(const float* scores, std::string& out) const {
  for (size_t i = 0; i < columns_.size(); ++i) {
    out += i == 0 ? "" : ",";
    append_column(columns_[i], scores, out);
  }
}

void PredictedColumns::append_column(Column column, const float* scores, std::string& out) const {
  const bool binary = output_->task == data::Task::kBinary;
  switch (column) {
    case Column::kScore:
      for (size_t k = 0; k < output_->score_columns(); ++k) {
        out += k == 0 ? "" : ",";
        wire::append_number(out, scores[k]);
      }
      return;
    case Column::kPredictedLabel:
      if (const auto label = output_->predicted_class(scores)) {
        append_field(out, output_->class_names[*label]);
      }
      return;
    case Column::kProbability:
      wire::append_number(out, scores[binary ? 0 : output_->predicted_class(scores).value_or(0)]);
      return;
    case Column::kProbabilities: {
      const std::vector<float> probabilities =
          binary ? std::vector<float>{1 - scores[0], scores[0]}
                 : std::vector<float>(scores, scores + output_->score_columns());
      append_list(out, probabilities, [&](float value) { wire::append_number(out, value); });
      return;
    }
    case Column::kLabels:
      append_list(out, output_->class_names, [&](const std::string& label) { out += label; });
      return;
  }
}

}  // namespace ringmaker::cli
