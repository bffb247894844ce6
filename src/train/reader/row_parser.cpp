#include "train/reader/row_parser.h"

#include "codec/csv/csv_dialect.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace ringmaker::train {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr size_t kSweepFields = 64;  // as many as FieldsParser reports on at once

std::string_view field_at(const char* text, const uint32_t* marks, size_t k) {
  const uint32_t begin = marks[k] + 1;
  return {text + begin, marks[k + 1] - begin};
}

std::string_view without_carriage_return(std::string_view raw) {
  if (!raw.empty() && raw.back() == '\r') {
    raw.remove_suffix(1);
  }
  return raw;
}

CellProblemKind kind_of(codec::DecodeErrorCode code) {
  switch (code) {
    case codec::DecodeErrorCode::kNumberRange:
      return CellProblemKind::kTooLarge;
    case codec::DecodeErrorCode::kNumberLength:
      return CellProblemKind::kTooLong;
    case codec::DecodeErrorCode::kInvalidUtf8:
      return CellProblemKind::kNotUtf8;
    case codec::DecodeErrorCode::kTextAfterQuote:
      return CellProblemKind::kBadQuotes;
    default:
      return CellProblemKind::kNotANumber;
  }
}

size_t newlines_in(std::string_view text) {
  return static_cast<size_t>(std::ranges::count(text, '\n'));
}

/// "007", which as a number is 7.
bool has_zeros_in_front(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

void note_zeros(std::string_view label, size_t line, ParsedRows& out) {
  if (has_zeros_in_front(label) && out.zero_label.empty()) {
    out.zero_label = label;
    out.zero_label_line = line;
  }
}

}  // namespace

RowParser::RowParser(const CsvLayout& layout, const CsvOptions& options, base::InstructionSet set)
    : layout_(layout),
      has_markers_(!options.missing_markers.empty()),
      lexer_(',', set),
      converter_(options.missing_markers, set),
      parse_(wire::fields_parser(set)) {
  for (const std::string& marker : options.missing_markers) {
    if (const auto number = wire::parse_float(marker); number.ok()) {
      marker_values_.push_back(number.value);
    }
  }
}

void RowParser::parse(std::string_view text, char separator, ParsedRows& out) {
  if (out.features.columns() != layout_.feature_names.size()) {
    out.features = data::DenseBlock(layout_.feature_names.size(), 1024);
  }
  out.features.resize(0);
  out.labels.clear();
  out.label_is_text.clear();
  out.texts.clear();
  out.vast_label.clear();
  out.zero_label.clear();
  out.runs.clear();
  out.weights.clear();
  out.lines = 0;
  out.problems.clear();
  out.stop = ParsedRows::Stop::kNone;
  text_places_.clear();
  lexer_.set_separator(separator);
  while (!text.empty() && out.stop == ParsedRows::Stop::kNone) {
    lexer_.index(text, true);
    take_run(text.data(), out);
    if (out.stop == ParsedRows::Stop::kColumnCount) {
      out.stop_at_end = text.back() != '\n' && lexer_.consumed() == text.size() &&
                        out.stop_fields < layout_.columns();
    }
    if (lexer_.unclosed_quote()) {
      out.stop = ParsedRows::Stop::kUnclosedQuote;
    }
    text.remove_prefix(lexer_.consumed());
  }
}

/// Newlines within a row, which are in quotes. Of a row whose quote is not closed they say nothing.
size_t RowParser::lines_within(size_t row) const {
  const bool unclosed = lexer_.unclosed_quote() && row + 1 == lexer_.rows();
  return lexer_.quotes_seen() && !unclosed ? newlines_in(lexer_.row_text(row)) : 0;
}

/// Rows as wide as they should be are taken together, up to one that is several lines long; blank
/// ones count as lines only.
void RowParser::take_run(const char* text, ParsedRows& out) {
  for (size_t i = 0; i < lexer_.rows();) {
    size_t end = i;
    size_t further_lines = 0;  // of the last row
    while (further_lines == 0 && end < lexer_.rows() &&
           lexer_.row(end).fields == layout_.columns()) {
      further_lines = lines_within(end);
      ++end;
    }
    if (end > i) {
      if (out.runs.empty() ||
          out.lines - out.runs.back().line != out.rows() - out.runs.back().row) {
        out.runs.push_back({out.rows(), out.lines});
      }
      take_rows(text, i, end - i, out);
      out.lines += end - i + further_lines;
    }
    if (further_lines > 0) {
      i = end;
      continue;
    }
    if (end < lexer_.rows()) {
      ++out.lines;
      if (!codec::is_blank_line(lexer_.row_text(end))) {
        out.stop = ParsedRows::Stop::kColumnCount;
        out.stop_fields = lexer_.row(end).fields;
        return;
      }
    }
    i = end + 1;
  }
}

void RowParser::take_rows(const char* text, size_t first, size_t count, ParsedRows& out) {
  const uint32_t* marks = lexer_.row(first).marks;
  const size_t fields = count * layout_.columns();
  sweep(text, marks, fields);
  convert_leftovers(text, marks, fields, out.lines, out);
  for (const float marker : marker_values_) {
    std::replace(values_.data(), values_.data() + fields, marker, kMissing);
  }
  copy_features(count, out);
  take_labels(text, marks, count, out.lines, out);
  if (layout_.weight_column) {
    take_weights(text, marks, count, out.lines, out);
  }
}

void RowParser::sweep(const char* text, const uint32_t* marks, size_t fields) {
  if (values_.size() < fields) {
    values_.resize(fields);
    left_.resize(fields / kSweepFields + 1);
  }
  for (size_t k = 0; k < fields; k += kSweepFields) {
    left_[k / kSweepFields] =
        parse_(text, marks + k, std::min(kSweepFields, fields - k), values_.data() + k);
  }
}

void RowParser::convert_leftovers(const char* text, const uint32_t* marks, size_t fields,
                                  size_t line, ParsedRows& out) {
  for (size_t word = 0; word * kSweepFields < fields; ++word) {
    for (uint64_t left = left_[word]; left != 0; left &= left - 1) {
      const size_t field = word * kSweepFields + static_cast<size_t>(std::countr_zero(left));
      if (marks[field] + 1 == marks[field + 1]) {
        values_[field] = kMissing;
      } else {
        convert_leftover(field_at(text, marks, field), field, line, out);
      }
    }
  }
}

void RowParser::convert_leftover(std::string_view raw, size_t field, size_t line, ParsedRows& out) {
  const size_t column = field % layout_.columns();
  if (layout_.roles[column] != ColumnRole::kFeature) {
    return;
  }
  float& value = values_[field];
  const codec::DecodeErrorCode code = converter_.convert_one(without_carriage_return(raw), value);
  const bool usable = code == codec::DecodeErrorCode::kNone && !std::isinf(value);
  if (!usable || std::isnan(value)) {
    value = kMissing;  // one NaN, whatever was written
  }
  if (usable) {
    return;
  }
  const bool infinite = code == codec::DecodeErrorCode::kNone;
  out.problems.note(infinite ? CellProblemKind::kNotFinite : kind_of(code),
                    line + field / layout_.columns(), column,
                    codec::field_text(raw, scratch_).text);
}

void RowParser::copy_features(size_t count, ParsedRows& out) const {
  const size_t rows = out.features.rows() + count;
  if (rows > out.features.rows_capacity()) {
    out.features.reserve(rows * 2);
  }
  const float* from = values_.data();
  float* to = out.features.next_row();
  const size_t features = layout_.feature_names.size();
  for (size_t i = 0; i < count; ++i) {
    for (const ColumnRun& run : layout_.runs) {
      std::memcpy(to + run.feature, from + run.column, run.count * sizeof(float));
    }
    from += layout_.columns();
    to += features;
  }
  out.features.resize(rows);
}

void RowParser::take_labels(const char* text, const uint32_t* marks, size_t count, size_t line,
                            ParsedRows& out) {
  // Whole numbers of at most seven characters are exact as floats, so that the sweep's answer will
  // do. (A number of seven digits that is not whole differs from the whole ones as a float, too.)
  constexpr size_t kExactLength = 7;
  for (size_t i = 0; i < count; ++i) {
    const size_t field = i * layout_.columns() + layout_.label_column;
    const std::string_view raw = field_at(text, marks, field);
    const float value = values_[field];
    if (swept(field) && raw.size() <= kExactLength && !has_markers_ && value == std::trunc(value)) {
      note_zeros(without_carriage_return(raw), line + i, out);
      out.labels.push_back(static_cast<double>(value));
    } else {
      take_label(raw, line + i, out);
    }
  }
  if (!out.label_is_text.empty()) {
    out.label_is_text.resize(out.labels.size());
  }
}

void RowParser::take_label(std::string_view raw, size_t line, ParsedRows& out) {
  const codec::CsvText field = codec::field_text(raw, scratch_);
  const auto refuse = [&](CellProblemKind kind) {
    out.problems.note(kind, line, layout_.label_column, field.text);
    out.labels.push_back(0);
  };
  if (!field.well_formed) {
    return refuse(CellProblemKind::kBadQuotes);
  }
  if (field.text.empty() || (!field.quoted && converter_.is_missing(field.text))) {
    return refuse(CellProblemKind::kLabelMissing);
  }
  const auto number = wire::parse_double(field.text);
  if (number.ok()) {
    if (!std::isfinite(number.value)) {
      return refuse(CellProblemKind::kNotFinite);
    }
    if (std::abs(number.value) >= kWholeMax && out.vast_label.empty()) {
      out.vast_label = field.text;
      out.vast_label_line = line;
    }
    note_zeros(field.text, line, out);
    out.labels.push_back(number.value);
    return;
  }
  if (number.status == wire::NumberStatus::kOutOfRange) {
    return refuse(CellProblemKind::kTooLarge);
  }
  if (number.status == wire::NumberStatus::kTooLong) {
    return refuse(CellProblemKind::kTooLong);
  }
  if (!wire::is_utf8(field.text)) {
    return refuse(CellProblemKind::kNotUtf8);
  }
  add_text_label(field.text, line, out);
}

void RowParser::add_text_label(std::string_view text, size_t line, ParsedRows& out) {
  if (out.texts.empty()) {
    out.first_text_line = line;
  }
  scratch_ = text;  // may already be a view of it
  const auto [place, added] = text_places_.try_emplace(scratch_, out.texts.size());
  if (added) {
    out.texts.push_back(scratch_);
  }
  out.label_is_text.resize(out.labels.size());
  out.labels.push_back(static_cast<double>(place->second));
  out.label_is_text.push_back(1);
}

void RowParser::take_weights(const char* text, const uint32_t* marks, size_t count, size_t line,
                             ParsedRows& out) {
  for (size_t i = 0; i < count; ++i) {
    const size_t field = i * layout_.columns() + *layout_.weight_column;
    float weight = values_[field];
    const std::string_view raw = field_at(text, marks, field);
    const bool read =
        swept(field) || converter_.convert_one(without_carriage_return(raw), weight) ==
                            codec::DecodeErrorCode::kNone;
    if (!read || !(weight >= 0) || std::isinf(weight)) {
      out.problems.note(CellProblemKind::kBadWeight, line + i, *layout_.weight_column,
                        codec::field_text(raw, scratch_).text);
      weight = 0;
    }
    out.weights.push_back(weight);
  }
}

}  // namespace ringmaker::train
