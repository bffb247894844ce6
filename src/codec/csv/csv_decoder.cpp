#include "codec/csv/csv_decoder.h"

#include "base/text.h"
#include "codec/csv/csv_dialect.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <tuple>

namespace ringmaker::codec {
namespace {

/// Of fewer features whose names are numbers, as "0" and "1", a row of all of them is no rarity.
constexpr size_t kNumericHeaderMin = 3;

}  // namespace

CsvDecoder::CsvDecoder(const data::Schema& schema)
    : schema_(schema),
      columns_(schema),
      categories_(schema),
      converter_(schema.missing_markers),
      row_bytes_max_(row_bytes_max(schema.feature_count())),
      texts_first_(!schema.text_features.empty()),
      texts_only_(!schema.text_features.empty() &&
                  std::ranges::find(schema.text_features, false) == schema.text_features.end()) {
  numeric_names_ = schema.features_named && schema.feature_count() >= kNumericHeaderMin &&
                   std::ranges::all_of(schema.feature_names, [&](const std::string& name) {
                     float number = 0;
                     return converter_.convert_one(name, number) == DecodeErrorCode::kNone;
                   });
  for (const auto& names : schema.category_names) {
    float number = 0;
    texts_first_ |= std::ranges::any_of(names, [&](const std::string& name) {
      return !name.empty() && converter_.convert_one(name, number) == DecodeErrorCode::kNone;
    });
  }
  reset();
}

void CsvDecoder::reset(const PayloadOptions& options) noexcept {
  marked_.reset(options.mark_records_in_error);
  lexer_.set_separator(',');
  expect_features();
  carry_.clear();
  carry_quoted_ = false;
  carry_complete_ = false;
  skips_line_ = false;
  header_declared_ = options.header;
  every_line_is_a_row_ = options.every_line_is_a_row;
  blank_lines_are_rows_ = options.blank_lines_are_rows;
  lines_alone_ = every_line_is_a_row_ && marked_.wanted();
  marks_have_no_place_ = options.marks_have_no_place;
  first_line_ = true;
  payload_bytes_ = 0;
  rows_ = 0;
  error_ = {};
}

void CsvDecoder::expect_features() noexcept {
  columns_.expect_features();
  header_ = false;
}

DecodeProgress CsvDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                  data::BlockWriter& writer) {
  Sink sink{writer, rows_max};
  size_t at = 0;
  DecodeStatus status = DecodeStatus::kNeedMore;
  while (status == DecodeStatus::kNeedMore) {
    if (!carry_.empty()) {
      status = take_carried_row(piece, last, at, sink);
      if (status == DecodeStatus::kNeedMore && !carry_.empty()) {
        break;
      }
      continue;
    }
    if (skips_line_) {
      skip_line(piece, at);
    }
    if (at == piece.size()) {
      status = last ? finish() : status;
      break;
    }
    Source source{piece.substr(at), last, payload_bytes_ + at};
    index(source);
    if (lexer_.rows() == 0) {
      carry_ = source.text;
      carry_quoted_ = lexer_.quoted_at_end();
      carry_byte_ = source.payload_byte;
      at = piece.size();
      continue;
    }
    status = take_rows(source, sink);
    at = static_cast<size_t>(source.payload_byte - payload_bytes_) + lexer_.row_begin(source.row);
  }
  payload_bytes_ += at;
  return {status, at, sink.rows};
}

DecodeStatus CsvDecoder::take_carried_row(std::string_view piece, bool last, size_t& at,
                                          Sink& sink) {
  if (!carry_complete_) {
    at += extend_carry(piece.substr(at));
  }
  const bool ends_payload = last && at == piece.size();
  // A few bytes of grace, so that a carriage return or byte order mark does not decide.
  const bool too_long = carry_.size() > row_bytes_max_ + 8;
  if (!carry_complete_ && !ends_payload && !too_long) {
    return DecodeStatus::kNeedMore;
  }
  Source source{carry_, ends_payload || too_long, carry_byte_};
  index(source);
  const DecodeStatus status = take_rows(source, sink);
  if (status == DecodeStatus::kNeedMore) {
    skips_line_ = too_long && !carry_complete_;
    carry_.clear();
    carry_complete_ = false;
  }
  return status;
}

/// Takes the bytes up to and with the newline that ends the row begun. Returns how many.
size_t CsvDecoder::extend_carry(std::string_view more) {
  size_t taken = 0;
  while (taken < more.size() && !carry_complete_) {
    const char c = more[taken++];
    carry_quoted_ ^= c == '"';
    carry_complete_ = c == '\n' && (!carry_quoted_ || every_line_is_a_row_);
  }
  carry_.append(more.substr(0, taken));
  return taken;
}

void CsvDecoder::skip_line(std::string_view piece, size_t& at) noexcept {
  const size_t end = piece.find('\n', at);
  skips_line_ = end == std::string_view::npos;
  at = skips_line_ ? piece.size() : end + 1;
}

DecodeStatus CsvDecoder::finish() {
  if (rows_ > 0) {
    return DecodeStatus::kDone;
  }
  error_.code = DecodeErrorCode::kEmptyPayload;
  if (header_) {
    error_.set_text("header");
  }
  return DecodeStatus::kError;
}

void CsvDecoder::index(Source& source) {
  skip_byte_order_mark(source);
  lexer_.index(source.text, source.last);
  if (every_line_is_a_row_ && lexer_.quotes_seen() && has_joined_lines(source)) {
    source.text = source.text.substr(0, source.text.find('\n') + 1);
    source.last = true;
    lexer_.index(source.text, source.last);
  }
}

bool CsvDecoder::has_joined_lines(const Source& source) const noexcept {
  const size_t rows = lexer_.rows();
  const std::string_view text = rows == 0 ? source.text : source.text.substr(0, lexer_.consumed());
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  const bool ends_without = rows > 0 && (lexer_.unclosed_quote() || text.back() != '\n');
  return lines != rows - (ends_without ? 1 : 0);
}

void CsvDecoder::skip_byte_order_mark(Source& source) {
  if (source.payload_byte == 0 && source.text.starts_with(wire::kByteOrderMark)) {
    source.text.remove_prefix(wire::kByteOrderMark.size());
    source.payload_byte += wire::kByteOrderMark.size();
  }
}

DecodeStatus CsvDecoder::take_rows(Source& source, Sink& sink) {
  while (source.row < lexer_.rows()) {
    if (!lines_alone_ && is_too_long(source.row)) {
      return fail_row(source);
    }
    if (is_skipped(source.row)) {
      ++source.row;
      continue;
    }
    if (sink.rows == sink.rows_max) {
      return DecodeStatus::kPaused;
    }
    if (sink.writer.full()) {
      return DecodeStatus::kBlockFull;
    }
    if (first_line_) {
      learn_separator(source);
      if (is_header_like_row(source)) {
        if (fail_dialect(source) ? !mark_row(source, sink) : !take_header(source, sink)) {
          return DecodeStatus::kError;
        }
        continue;
      }
    }
    const size_t room = std::min(sink.writer.room(), sink.rows_max - sink.rows);
    const size_t converted = convert_rows(source, well_formed_rows(source, room), sink.writer);
    source.row += converted;
    sink.rows += converted;
    rows_ += converted;
    if (converted > 0) {
      first_line_ = false;  // a row in error comes round again as the first of its run
      continue;
    }
    if (lines_alone_ && relearn_separator(source)) {
      continue;
    }
    if (first_line_ && !is_too_long(source.row) && fail_dialect(source)) {
      if (!mark_row(source, sink)) {
        return DecodeStatus::kError;
      }
      continue;
    }
    if (first_line_ && !header_declared_ && !is_too_long(source.row) && is_header(source)) {
      if (!take_header(source, sink)) {
        return DecodeStatus::kError;
      }
      continue;
    }
    const DecodeStatus status = fail_row(source);
    if (!mark_row(source, sink)) {
      return status;
    }
  }
  return DecodeStatus::kNeedMore;
}

/// The first line is a header, or, where lines are alone, one without numbers. False: an error.
bool CsvDecoder::take_header(Source& source, Sink& sink) {
  const bool learnt = learn_header(source);
  if (!every_line_is_a_row_) {
    first_line_ = false;
    ++source.row;
    return learnt;
  }
  if (!learnt && (columns_.names_features() || !lines_alone_)) {
    return false;  // columns in an order that is not known are not scored
  }
  error_ = {};
  if (!learnt) {
    expect_features();
  }
  if (learnt || header_declared_ || texts_only_) {
    error_.code = lines_alone_           ? DecodeErrorCode::kHeader
                  : marks_have_no_place_ ? DecodeErrorCode::kUnplacedHeader
                                         : DecodeErrorCode::kUnmarkedHeader;
    error_.row = rows_ + 1;
    error_.byte = source.payload_byte + lexer_.row_begin(source.row);
  } else {
    static_cast<void>(fail_row(source));
  }
  return mark_row(source, sink);
}

bool CsvDecoder::is_blank(size_t row) const noexcept {
  return lexer_.row(row).fields == 1 && is_blank_line(lexer_.field(row, 0));
}

void CsvDecoder::learn_separator(Source& source) {
  if (lexer_.row(source.row).fields == columns_.count()) {
    return;
  }
  const char separator = sniff_separator(lexer_.row_text(source.row), columns_.count());
  if (separator != lexer_.separator()) {
    // Rows stay what they were: newlines and quotes do not depend on the separator.
    lexer_.set_separator(separator);
    lexer_.index(source.text, source.last);
  }
}

bool CsvDecoder::relearn_separator(Source& source) {
  const bool cut = lexer_.unclosed_quote() && source.row + 1 == lexer_.rows();
  if (cut || lexer_.row(source.row).fields == columns_.count() || is_too_long(source.row)) {
    return false;
  }
  const char before = lexer_.separator();
  const char separator = sniff_separator(lexer_.row_text(source.row), columns_.count());
  if (separator == before) {
    return false;
  }
  lexer_.set_separator(separator);
  lexer_.index(source.text, source.last);
  if (lexer_.row(source.row).fields == columns_.count()) {
    return true;
  }
  lexer_.set_separator(before);
  lexer_.index(source.text, source.last);
  return false;
}

bool CsvDecoder::is_too_long(size_t row) const noexcept {
  return lexer_.row_begin(row + 1) - lexer_.row_begin(row) > row_bytes_max_;
}

size_t CsvDecoder::well_formed_rows(const Source& source, size_t rows_max) const noexcept {
  size_t end = std::min(lexer_.rows(), source.row + rows_max);
  if (lexer_.unclosed_quote() && end == lexer_.rows()) {
    --end;
  }
  size_t row = source.row;
  while (row < end && lexer_.row(row).fields == columns_.count() && !is_too_long(row) &&
         (columns_.count() > 1 || !is_skipped(row))) {
    ++row;
  }
  return row - source.row;
}

size_t CsvDecoder::convert_rows(const Source& source, size_t rows, data::BlockWriter& writer) {
  size_t converted = texts_first_ ? 0 : convert_numbers(source, rows, writer.row());
  while (converted < rows && (!categories_.empty() || !schema_.narrowing.empty())) {
    float* const out = writer.row() + converted * schema_.feature_count();
    if (!convert_texts(source.row + converted, out)) {
      break;
    }
    ++converted;
  }
  writer.commit_rows(converted);
  return converted;
}

size_t CsvDecoder::convert_numbers(const Source& source, size_t rows, float* out) {
  const size_t width = schema_.feature_count();
  if (columns_.are_features()) {
    // Rows lie behind each other in the text as they will in the block: one run of fields.
    const CsvRow first = rows == 0 ? CsvRow{} : lexer_.row(source.row);
    const size_t fields =
        converter_.convert(source.text.data(), first.marks, rows * width, out) / width * width;
    narrow(source.text.data(), first.marks, fields, 0, out);
    return fields / width;
  }
  for (size_t converted = 0; converted < rows; ++converted) {
    const CsvRow row = lexer_.row(source.row + converted);
    const bool good =
        std::ranges::all_of(columns_.segments(), [&](const CsvColumns::Segment& part) {
          float* const values = out + converted * width + part.feature;
          const uint32_t* const marks = row.marks + part.column;
          const size_t fields = converter_.convert(source.text.data(), marks, part.count, values);
          narrow(source.text.data(), marks, fields, part.feature, values);
          return fields == part.count;
        });
    if (!good) {
      return converted;
    }
  }
  return rows;
}

void CsvDecoder::narrow(const char* text, const uint32_t* marks, size_t count, size_t feature,
                        float* out) {
  const data::Narrowing& narrowing = schema_.narrowing;
  if (narrowing.empty()) {
    return;
  }
  for (size_t k = 0; k < count; ++k) {
    if (!std::isnan(out[k]) && narrowing.suspect(feature, out[k])) {
      const uint32_t begin = marks[k] + 1;
      // It was a number before, and is one again.
      std::ignore =
          converter_.convert_one({text + begin, marks[k + 1] - begin}, narrowing, feature, out[k]);
    }
    feature = feature + 1 == schema_.feature_count() ? 0 : feature + 1;
  }
}

bool CsvDecoder::convert_texts(size_t row, float* out) {
  for (const CsvColumns::Segment& part : columns_.segments()) {
    for (size_t k = 0; k < part.count; ++k) {
      if (convert_field(lexer_.field(row, part.column + k), part.feature + k,
                        out[part.feature + k]) != DecodeErrorCode::kNone) {
        return false;
      }
    }
  }
  return true;
}

DecodeErrorCode CsvDecoder::convert_field(std::string_view raw, size_t feature, float& value) {
  if (schema_.is_text(feature)) {
    const CsvText field = field_text(raw, scratch_);
    value = categories_.code_of_text(feature, field.text);
    return field.well_formed ? DecodeErrorCode::kNone : DecodeErrorCode::kTextAfterQuote;
  }
  const bool named = schema_.has_category_names(feature);
  const CsvText field = named ? field_text(raw, scratch_) : CsvText{};
  if (named && field.well_formed) {
    if (const auto category = categories_.code_of(feature, field.text)) {
      value = *category;
      return DecodeErrorCode::kNone;
    }
  }
  const bool narrowed = !schema_.narrowing.empty() && feature < schema_.feature_count();
  const DecodeErrorCode code = narrowed
                                   ? converter_.convert_one(raw, schema_.narrowing, feature, value)
                                   : converter_.convert_one(raw, value);
  if (code == DecodeErrorCode::kNone || !named || !field.well_formed) {
    return code;
  }
  const auto meant = categories_.value_of(feature, field.text);
  // On the first line a feature's name is no unknown category but the header's.
  if (!meant ||
      (std::isnan(*meant) && first_line_ && !header_declared_ && columns_.find(field.text))) {
    return code;
  }
  value = *meant;
  return DecodeErrorCode::kNone;
}

bool CsvDecoder::is_header(const Source& source) {
  const size_t fields = lexer_.row(source.row).fields;
  if ((lexer_.unclosed_quote() && source.row + 1 == lexer_.rows()) ||
      holds_nul(lexer_.row_text(source.row))) {
    return false;
  }
  bool some_text = false;
  bool some_number = false;
  size_t named = 0;
  for (size_t k = 0; k < fields; ++k) {
    const std::string_view raw = lexer_.field(source.row, k);
    float value = 0;
    // Before a header is known, columns are features.
    const bool number = convert_field(raw, k, value) == DecodeErrorCode::kNone;
    const std::string_view text = field_text(raw, scratch_).text;
    named += columns_.feature_of(text, k) ? 1 : 0;
    if (schema_.is_text(k)) {
      continue;  // any text may be the value, or the name
    }
    const bool missing = number && converter_.is_missing(text);
    some_text |= !number;
    some_number |=
        (number && !missing) || wire::is_decimal_comma(text) || (!number && !names_something(text));
  }
  return (some_text && !some_number) || named >= schema_.feature_count();
}

bool CsvDecoder::is_header_like_row(const Source& source) {
  const bool cut = lexer_.unclosed_quote() && source.row + 1 == lexer_.rows();
  if (cut || is_too_long(source.row)) {
    return false;
  }
  return header_declared_
             ? *header_declared_
             : (texts_only_ && (is_header(source) || names_rather_than_texts(source))) ||
                   (numeric_names_ && names_all_in_order(source));
}

bool CsvDecoder::names_rather_than_texts(const Source& source) {
  const size_t fields = lexer_.row(source.row).fields;
  bool names_one = false;
  bool names_all = fields == schema_.feature_count();
  for (size_t k = 0; k < fields; ++k) {
    const CsvText field = field_text(lexer_.field(source.row, k), scratch_);
    const bool known = k < schema_.feature_count() && categories_.code_of_text(k, field.text) >= 0;
    if (!field.well_formed || known) {
      return false;
    }
    names_one |= columns_.find(field.text).has_value();
    names_all = names_all && base::equals_ignoring_case(field.text, schema_.feature_names[k]);
  }
  return names_one || names_all;
}

bool CsvDecoder::names_all_in_order(const Source& source) {
  const size_t fields = lexer_.row(source.row).fields;
  if (fields != schema_.feature_count()) {
    return false;
  }
  for (size_t k = 0; k < fields; ++k) {
    const CsvText field = field_text(lexer_.field(source.row, k), scratch_);
    if (!field.well_formed || columns_.find(field.text) != k) {
      return false;
    }
  }
  return true;
}

bool CsvDecoder::learn_header(const Source& source) {
  header_ = true;
  header_names_.resize(lexer_.row(source.row).fields);
  for (size_t k = 0; k < header_names_.size(); ++k) {
    header_names_[k] = field_text(lexer_.field(source.row, k), scratch_).text;
  }
  return columns_.learn(header_names_, error_);
}

bool CsvDecoder::fail_dialect(const Source& source) {
  const std::string_view line = lexer_.row_text(source.row);
  if (looks_like_utf16(line)) {
    error_.code = DecodeErrorCode::kUtf16;
  } else if (fail_bare_return(source)) {
    return true;
  } else if (const size_t values = blank_separated_values(line, columns_.count());
             values > 0 && !columns_.find(without_blanks(line))) {
    error_.code = DecodeErrorCode::kBlankSeparated;
    error_.found = static_cast<uint32_t>(values);
  } else {
    return false;
  }
  error_.row = rows_ + 1;
  error_.byte = source.payload_byte + lexer_.row_begin(source.row);
  return true;
}

bool CsvDecoder::fail_bare_return(const Source& source) {
  if (!has_bare_return(lexer_.row_text(source.row))) {
    return false;
  }
  error_.code = DecodeErrorCode::kBareReturn;
  error_.row = rows_ + 1;
  error_.byte = source.payload_byte + lexer_.row_begin(source.row);
  return true;
}

DecodeStatus CsvDecoder::fail_row(const Source& source) {
  const bool skipped = lines_alone_ && is_too_long(source.row);  // all of it may not be here
  if (!skipped && fail_bare_return(source)) {
    return DecodeStatus::kError;
  }
  const size_t row = source.row;
  const CsvRow found = lexer_.row(row);
  error_.row = rows_ + 1;
  error_.byte = source.payload_byte + lexer_.row_begin(row);
  if (is_too_long(row)) {
    error_.code = DecodeErrorCode::kRowTooLong;
    error_.found = static_cast<uint32_t>(row_bytes_max_);
  } else if (lexer_.unclosed_quote() && row + 1 == lexer_.rows()) {
    error_.code = DecodeErrorCode::kUnclosedQuote;
  } else if (found.fields != columns_.count() && is_blank(row)) {
    error_.code = DecodeErrorCode::kBlankLine;
  } else if (found.fields != columns_.count()) {
    const bool one_more_is_empty =
        found.fields == columns_.count() + 1 && is_blank_line(lexer_.field(row, columns_.count()));
    error_.code = found.fields < columns_.count() ? DecodeErrorCode::kTooFewColumns
                  : one_more_is_empty             ? DecodeErrorCode::kTrailingSeparator
                                                  : DecodeErrorCode::kTooManyColumns;
    error_.found = static_cast<uint32_t>(found.fields);
    error_.expected = static_cast<uint32_t>(columns_.count());
  } else {
    for (const CsvColumns::Segment& part : columns_.segments()) {
      for (size_t k = 0; k < part.count && error_.code == DecodeErrorCode::kNone; ++k) {
        float value = 0;
        const auto code =
            convert_field(lexer_.field(row, part.column + k), part.feature + k, value);
        if (code != DecodeErrorCode::kNone) {
          fail_value(source, part.column + k, part.feature + k, code);
        }
      }
    }
  }
  return DecodeStatus::kError;
}

/// False when there is nothing to mark: it is not wanted, or the error is more than this row's.
bool CsvDecoder::mark_row(Source& source, Sink& sink) {
  const bool of_payload = error_.code == DecodeErrorCode::kUnclosedQuote ||
                          error_.code == DecodeErrorCode::kBareReturn ||
                          error_.code == DecodeErrorCode::kUtf16 ||
                          error_.code == DecodeErrorCode::kBlankSeparated;
  if (!marked_.wanted() || (of_payload && !every_line_is_a_row_)) {
    return false;
  }
  marked_.take(error_, sink.writer.row(), sink.writer.columns());
  sink.writer.commit_row();
  first_line_ = false;
  ++source.row;
  ++sink.rows;
  ++rows_;
  return true;
}

void CsvDecoder::fail_value(const Source& source, size_t column, size_t feature,
                            DecodeErrorCode code) {
  const std::string_view raw = lexer_.field(source.row, column);
  const CsvText field = field_text(raw, scratch_);
  error_.code = code;
  error_.column = static_cast<uint32_t>(column + 1);
  error_.feature = static_cast<uint32_t>(feature + 1);
  error_.byte = source.payload_byte + static_cast<uint64_t>(raw.data() - source.text.data());
  // Where the quotes are wrong, they must be seen.
  error_.set_text(field.well_formed ? field.text : raw);
}

}  // namespace ringmaker::codec
