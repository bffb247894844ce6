#include "codec/csv/csv_decoder.h"

#include "base/nearest_name.h"
#include "codec/csv/csv_dialect.h"
#include "codec/csv/unnamed_column.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>
#include <system_error>
#include <tuple>

namespace ringmaker::codec {
namespace {

/// What libraries call the column at `place` of data without names.
bool is_name_of_place(std::string_view name, size_t place) noexcept {
  for (const std::string_view prefix : {"f", "Column_", ""}) {
    if (name.starts_with(prefix)) {
      size_t number = 0;
      const char* const end = name.data() + name.size();
      const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, number);
      return error == std::errc() && stop == end && number == place;
    }
  }
  return false;
}

/// Of fewer features whose names are numbers, as "0" and "1", a row of all of them is no rarity.
constexpr size_t kNumericHeaderMin = 3;

}  // namespace

CsvDecoder::CsvDecoder(const data::Schema& schema)
    : schema_(schema),
      features_(schema),
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
  segments_.reserve(std::max<size_t>(1, schema.feature_count()));
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
  lines_alone_ = every_line_is_a_row_ && marked_.wanted();
  marks_have_no_place_ = options.marks_have_no_place;
  first_line_ = true;
  ignored_columns_ = false;
  payload_bytes_ = 0;
  rows_ = 0;
  error_ = {};
}

void CsvDecoder::expect_features() noexcept {
  columns_ = schema_.feature_count();
  segments_.assign(1, {0, 0, columns_});  // never beyond what the constructor reserved
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
  if (!learnt && (names_features_ || !lines_alone_)) {
    return false;  // columns in an order that is not known are not scored
  }
  error_ = {};
  if (!learnt) {
    expect_features();
    ignored_columns_ = false;
  }
  if (learnt || header_declared_) {
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
  if (lexer_.row(source.row).fields == columns_) {
    return;
  }
  const char separator = sniff_separator(lexer_.row_text(source.row), columns_);
  if (separator != lexer_.separator()) {
    // Rows stay what they were: newlines and quotes do not depend on the separator.
    lexer_.set_separator(separator);
    lexer_.index(source.text, source.last);
  }
}

bool CsvDecoder::relearn_separator(Source& source) {
  const bool cut = lexer_.unclosed_quote() && source.row + 1 == lexer_.rows();
  if (cut || lexer_.row(source.row).fields == columns_ || is_too_long(source.row)) {
    return false;
  }
  const char before = lexer_.separator();
  const char separator = sniff_separator(lexer_.row_text(source.row), columns_);
  if (separator == before) {
    return false;
  }
  lexer_.set_separator(separator);
  lexer_.index(source.text, source.last);
  if (lexer_.row(source.row).fields == columns_) {
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
  while (row < end && lexer_.row(row).fields == columns_ && !is_too_long(row) &&
         (columns_ > 1 || !is_skipped(row))) {
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
  if (segments_.size() == 1 && segments_.front().count == columns_) {
    // Rows lie behind each other in the text as they will in the block: one run of fields.
    const CsvRow first = rows == 0 ? CsvRow{} : lexer_.row(source.row);
    const size_t fields =
        converter_.convert(source.text.data(), first.marks, rows * width, out) / width * width;
    narrow(source.text.data(), first.marks, fields, 0, out);
    return fields / width;
  }
  for (size_t converted = 0; converted < rows; ++converted) {
    const CsvRow row = lexer_.row(source.row + converted);
    const bool good = std::all_of(segments_.begin(), segments_.end(), [&](const Segment& part) {
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
  for (const Segment& part : segments_) {
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
      (std::isnan(*meant) && first_line_ && !header_declared_ && features_.find(field.text))) {
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
    named += feature_of(text, k) ? 1 : 0;
    if (schema_.is_text(k)) {
      continue;  // any text may be the value, or the name
    }
    const bool missing = number && converter_.is_missing(text);
    some_text |= !number;
    some_number |= (number && !missing) || wire::is_decimal_comma(text);
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
             : (texts_only_ && is_header(source)) || (numeric_names_ && names_all(source));
}

bool CsvDecoder::names_all(const Source& source) {
  const size_t fields = lexer_.row(source.row).fields;
  if (fields != schema_.feature_count()) {
    return false;
  }
  seen_.assign(fields, false);
  for (size_t k = 0; k < fields; ++k) {
    const CsvText field = field_text(lexer_.field(source.row, k), scratch_);
    const auto found = features_.find(field.text);
    if (!field.well_formed || !found || seen_[*found]) {
      return false;
    }
    seen_[*found] = true;
  }
  return true;
}

bool CsvDecoder::learn_header(const Source& source) {
  columns_ = lexer_.row(source.row).fields;
  header_ = true;
  if (!schema_.features_named) {
    return learn_positions();
  }
  seen_.assign(schema_.feature_count(), false);
  segments_.clear();
  size_t matched = 0;
  names_features_ = false;
  bool names_places = true;
  for (size_t k = 0; k < columns_; ++k) {
    const std::string_view text = field_text(lexer_.field(source.row, k), scratch_).text;
    names_places &= is_name_of_place(text, k);
    const auto found = feature_of(text, k);
    if (!found) {
      continue;
    }
    names_features_ = true;
    if (seen_[*found]) {
      error_.code = DecodeErrorCode::kDuplicateColumn;
      error_.column = static_cast<uint32_t>(k + 1);
      error_.set_text(text);
      return false;
    }
    const size_t feature = *found;
    seen_[feature] = true;
    ++matched;
    Segment* const previous = segments_.empty() ? nullptr : &segments_.back();
    if (previous != nullptr && previous->column + previous->count == k &&
        previous->feature + previous->count == feature) {
      ++previous->count;
    } else {
      segments_.push_back({k, feature, 1});
    }
  }
  ignored_columns_ = matched < columns_;
  const auto lacking = std::find(seen_.begin(), seen_.end(), false);
  if (lacking == seen_.end()) {
    return true;
  }
  if (names_places && matched == 0 && columns_ == schema_.feature_count()) {
    return learn_positions();
  }
  const std::string& name = schema_.feature_names[static_cast<size_t>(lacking - seen_.begin())];
  error_.code = DecodeErrorCode::kUnknownColumn;
  error_.set_text(name);
  error_.set_near(nearest_column(source, name));
  return false;
}

/// The feature that a cell of the header names; an empty one has the name that training gave it.
std::optional<size_t> CsvDecoder::feature_of(std::string_view text, size_t column) const {
  const auto found = features_.find(text);
  return found || !text.empty() ? found : features_.find(unnamed_column(column));
}

/// A column of the header that may be the one that is lacking; empty where none is near.
std::string CsvDecoder::nearest_column(const Source& source, std::string_view lacking) {
  constexpr size_t kLookedAtMax = 256;
  constexpr size_t kNameBytesMax = 64;
  std::vector<std::string> names;
  for (size_t k = 0; k < columns_ && names.size() < kLookedAtMax; ++k) {
    const std::string_view text = field_text(lexer_.field(source.row, k), scratch_).text;
    if (text.size() <= kNameBytesMax && !feature_of(text, k)) {
      names.emplace_back(text);
    }
  }
  return lacking.size() <= kNameBytesMax ? base::nearest_name(lacking, names) : std::string();
}

bool CsvDecoder::learn_positions() {
  names_features_ = false;
  ignored_columns_ = false;
  const size_t width = schema_.feature_count();
  if (columns_ == width) {
    segments_.assign(1, {0, 0, columns_});
    return true;
  }
  error_.code =
      columns_ < width ? DecodeErrorCode::kTooFewColumns : DecodeErrorCode::kTooManyColumns;
  error_.found = static_cast<uint32_t>(columns_);
  error_.expected = static_cast<uint32_t>(width);
  return false;
}

bool CsvDecoder::fail_dialect(const Source& source) {
  const std::string_view line = lexer_.row_text(source.row);
  if (looks_like_utf16(line)) {
    error_.code = DecodeErrorCode::kUtf16;
  } else if (fail_bare_return(source)) {
    return true;
  } else if (const size_t values = blank_separated_values(line, columns_);
             values > 0 && !features_.find(without_blanks(line))) {
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
  } else if (found.fields != columns_ && is_blank(row)) {
    error_.code = DecodeErrorCode::kBlankLine;
  } else if (found.fields != columns_) {
    const bool one_more_is_empty =
        found.fields == columns_ + 1 && is_blank_line(lexer_.field(row, columns_));
    error_.code = found.fields < columns_ ? DecodeErrorCode::kTooFewColumns
                  : one_more_is_empty     ? DecodeErrorCode::kTrailingSeparator
                                          : DecodeErrorCode::kTooManyColumns;
    error_.found = static_cast<uint32_t>(found.fields);
    error_.expected = static_cast<uint32_t>(columns_);
  } else {
    for (const Segment& part : segments_) {
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
