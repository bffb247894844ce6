#include "cli/predicted_columns.h"

#include "cli/csv_field.h"
#include "codec/selected/json_field.h"
#include "wire/number_format.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ringmaker::cli {
namespace {

using codec::OutputField;

constexpr std::string_view kScore = "score";
/// The others are what a model's own library answers.
constexpr std::array kFields{OutputField::kPredictedLabel, OutputField::kLabels,
                             OutputField::kProbability,    OutputField::kProbabilities,
                             OutputField::kRawScores,      OutputField::kPredictedScore};

}  // namespace

std::vector<std::string> PredictedColumns::names_of(const data::OutputSchema& output) {
  std::vector<std::string> names{std::string(kScore)};
  for (const OutputField field : kFields) {
    if (codec::gives(output, field)) {
      names.emplace_back(codec::name(field));
    }
  }
  return names;
}

void PredictedColumns::add(std::string_view name) {
  const auto* const found =
      std::ranges::find_if(kFields, [&](OutputField field) { return codec::name(field) == name; });
  columns_.push_back(found == kFields.end() ? Field() : Field(*found));
}

bool PredictedColumns::wants_raw() const noexcept {
  return std::ranges::find(columns_, Field(OutputField::kRawScores)) != columns_.end();
}

void PredictedColumns::append_header(size_t at, std::string& out) const {
  if (columns_[at]) {
    out += codec::name(*columns_[at]);
    return;
  }
  if (!output_->scores_are_list()) {
    out += kScore;
    return;
  }
  const bool classes = output_->task == data::Task::kMulticlass;
  const char* comma = "";
  for (const std::string& name : classes ? output_->class_names : output_->value_names) {
    out += comma;
    append_csv_field(out, std::string(kScore).append("_").append(name));
    comma = ",";
  }
}

void PredictedColumns::append_number(float value, std::string& out) const {
  if (text_ == NumberText::kShortest) {
    wire::append_number(out, value);
  } else {
    append_csv_number(out, static_cast<double>(value), 9);
  }
}

void PredictedColumns::append_list(OutputField field, const codec::FieldReader::Row& row,
                                   std::string& out) const {
  std::string list = "[";
  for (size_t i = 0; i < reader_.elements(field); ++i) {
    list += i == 0 ? "" : ", ";
    if (codec::FieldReader::is_class(field)) {
      codec::append_json_element(reader_, field, i, row, list);
    } else if (const float number = reader_.number_at(field, i, row); std::isfinite(number)) {
      append_number(number, list);
    } else {
      list += "null";
    }
  }
  list += ']';
  append_csv_field(out, list);
}

void PredictedColumns::append(size_t at, const float* scores, const float* raw,
                              std::string& out) const {
  const Field& field = columns_[at];
  if (!field) {
    for (size_t k = 0; k < output_->score_columns(); ++k) {
      out += k == 0 ? "" : ",";
      append_number(scores[k], out);
    }
    return;
  }
  const codec::FieldReader::Row row = reader_.row(scores, raw);
  if (reader_.is_list(*field)) {
    append_list(*field, row, out);
  } else if (!codec::FieldReader::is_class(*field)) {
    append_number(reader_.number_at(*field, 0, row), out);
  } else if (row.predicted) {
    append_csv_field(out, reader_.labels().text(*row.predicted));
  }
}

}  // namespace ringmaker::cli
