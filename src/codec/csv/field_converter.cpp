#include "codec/csv/field_converter.h"

#include "base/text.h"
#include "codec/csv/csv_lexer.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace ringmaker::codec {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr size_t kRunFields = 64;  // as many as FieldsParser reports on at once

std::string_view without_quotes(std::string_view raw) {
  const bool quoted = raw.size() > 2 && raw.front() == '"' && raw.back() == '"';
  return quoted ? raw.substr(1, raw.size() - 2) : raw;
}

}  // namespace

FieldConverter::FieldConverter(std::span<const std::string> missing_markers,
                               base::InstructionSet set)
    : parse_(wire::fields_parser(set)), markers_(missing_markers.begin(), missing_markers.end()) {
  for (const std::string& marker : markers_) {
    if (const auto number = wire::parse_float(marker); number.ok()) {
      marker_values_.push_back(number.value);
    }
  }
}

bool FieldConverter::is_missing(std::string_view text) const noexcept {
  if (text.empty() || base::equals_ignoring_case(text, "nan") ||
      base::equals_ignoring_case(text, "na") || base::equals_ignoring_case(text, "null")) {
    return true;
  }
  return std::find(markers_.begin(), markers_.end(), text) != markers_.end();
}

bool FieldConverter::is_missing_value(float value) const noexcept {
  return std::find(marker_values_.begin(), marker_values_.end(), value) != marker_values_.end();
}

DecodeErrorCode FieldConverter::convert_one(std::string_view raw, float& out) {
  if (raw.empty()) {
    out = kMissing;
    return DecodeErrorCode::kNone;
  }
  // Most of what gets here is a number in quotes or with an exponent.
  if (const auto number = wire::parse_float(without_quotes(raw)); number.ok()) {
    out = is_missing_value(number.value) ? kMissing : number.value;
    return DecodeErrorCode::kNone;
  }
  CsvText field = field_text(raw, scratch_);
  if (!field.well_formed) {
    return DecodeErrorCode::kTextAfterQuote;
  }
  if (field.quoted) {
    field.text = without_blanks(field.text);  // inside the quotes
  }
  if (is_missing(field.text)) {
    out = kMissing;
    return DecodeErrorCode::kNone;
  }
  const wire::ParsedNumber<float> number = wire::parse_float(field.text);
  out = number.value;
  switch (number.status) {
    case wire::NumberStatus::kOk:
      return DecodeErrorCode::kNone;
    case wire::NumberStatus::kOutOfRange:
      return DecodeErrorCode::kNumberRange;
    case wire::NumberStatus::kTooLong:
      return DecodeErrorCode::kNumberLength;
    case wire::NumberStatus::kNotANumber:
      break;
  }
  return wire::is_utf8(field.text) ? DecodeErrorCode::kNotANumber : DecodeErrorCode::kInvalidUtf8;
}

std::optional<double> FieldConverter::read_double(std::string_view raw) {
  auto number = wire::parse_double(without_quotes(raw));
  if (!number.ok()) {
    const CsvText field = field_text(raw, scratch_);
    number = wire::parse_double(field.quoted ? without_blanks(field.text) : field.text);
  }
  return number.ok() ? std::optional(number.value) : std::nullopt;
}

DecodeErrorCode FieldConverter::convert_one(std::string_view raw, const data::Narrowing& narrowing,
                                            size_t feature, float& out) {
  const DecodeErrorCode code = convert_one(raw, out);
  const bool suspect =
      code == DecodeErrorCode::kNone && !std::isnan(out) && narrowing.suspect(feature, out);
  if (!suspect && code != DecodeErrorCode::kNumberRange) {
    return code;
  }
  const std::optional<double> value = read_double(raw);
  if (!value) {
    return code;
  }
  out = narrowing.narrow(feature, *value);
  return DecodeErrorCode::kNone;
}

size_t FieldConverter::convert(const char* text, const uint32_t* marks, size_t count, float* out) {
  const size_t converted = convert_numbers(text, marks, count, out);
  for (const float marker : marker_values_) {
    std::replace(out, out + converted, marker, kMissing);
  }
  return converted;
}

size_t FieldConverter::convert_numbers(const char* text, const uint32_t* marks, size_t count,
                                       float* out) {
  for (size_t first = 0; first < count; first += kRunFields) {
    const size_t run = std::min(kRunFields, count - first);
    for (uint64_t left = parse_(text, marks + first, run, out + first); left != 0;
         left &= left - 1) {
      const size_t k = first + static_cast<size_t>(std::countr_zero(left));
      const uint32_t begin = marks[k] + 1;
      if (begin == marks[k + 1]) {
        out[k] = kMissing;
      } else if (convert_one({text + begin, marks[k + 1] - begin}, out[k]) !=
                 DecodeErrorCode::kNone) {
        return k;
      }
    }
  }
  return count;
}

}  // namespace ringmaker::codec
