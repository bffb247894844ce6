#include "codec/libsvm/libsvm_decoder.h"

#include "codec/csv/csv_decoder.h"

#include <algorithm>

namespace ringmaker::codec {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Takes the next token off the front; empty at the end of the line. Tokens are short, which a
/// search for a set of characters would be slow to find the end of.
std::string_view next_token(std::string_view& rest) {
  size_t begin = 0;
  while (begin < rest.size() && is_blank(rest[begin])) {
    ++begin;
  }
  size_t end = begin;
  while (end < rest.size() && !is_blank(rest[end])) {
    ++end;
  }
  const std::string_view token = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return token;
}

}  // namespace

LibsvmDecoder::LibsvmDecoder(const data::Schema& schema)
    : schema_(schema),
      lines_(CsvDecoder::row_bytes_max(schema.feature_count())),
      converter_(schema.missing_markers),
      line_bytes_max_(CsvDecoder::row_bytes_max(schema.feature_count())),
      row_of_(schema.feature_count(), 0) {
  reset();
}

void LibsvmDecoder::reset(const PayloadOptions& options) noexcept {
  marked_.reset(options.mark_records_in_error);
  lines_.reset();
  every_line_is_a_row_ = options.every_line_is_a_row;
  index_base_ = options.index_base.value_or(schema_.index_base);
  std::fill(row_of_.begin(), row_of_.end(), 0);
  rows_ = 0;
  error_ = {};
}

DecodeProgress LibsvmDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                     data::BlockWriter& writer) {
  return decode_records(*this, piece, last, rows_max, writer);
}

RecordFound LibsvmDecoder::next_record(std::string_view piece, bool last, size_t& at) {
  error_.feature = 0;  // of the row before
  for (;;) {
    const LineSplitter::Found found = lines_.next(piece, last, at);
    if (found == LineSplitter::Found::kTooLong) {
      error_.row = rows_ + 1;
      error_.byte = lines_.line_byte();
      error_.found = static_cast<uint32_t>(line_bytes_max_);
      error_.code = DecodeErrorCode::kRowTooLong;
      return RecordFound::kError;
    }
    if (found == LineSplitter::Found::kNothing) {
      return RecordFound::kNothing;
    }
    text_ = lines_.line().substr(0, lines_.line().find('#'));
    if (every_line_is_a_row_ || !std::all_of(text_.begin(), text_.end(), is_blank)) {
      return RecordFound::kRecord;
    }
  }
}

DecodeStatus LibsvmDecoder::finish() {
  if (rows_ == 0) {
    error_.code = DecodeErrorCode::kEmptyPayload;
    return DecodeStatus::kError;
  }
  return DecodeStatus::kDone;
}

bool LibsvmDecoder::read_record(float* row) {
  if (text_.size() < lines_.line().size() && std::all_of(text_.begin(), text_.end(), is_blank)) {
    return fail(DecodeErrorCode::kBlankLine, text_);  // a comment alone is no row
  }
  std::fill_n(row, schema_.feature_count(), schema_.absent_value);
  std::string_view rest = text_;
  bool first = true;
  for (std::string_view token = next_token(rest); !token.empty(); token = next_token(rest)) {
    size_t colon = 0;  // by hand: it is near
    while (colon < token.size() && token[colon] != ':') {
      ++colon;
    }
    if (colon == token.size()) {
      colon = std::string_view::npos;
    }
    const bool label = first && colon == std::string_view::npos;
    const bool query = token.starts_with("qid:");
    first = false;
    error_.feature = 0;
    if (query) {
      continue;
    }
    if (label) {
      // Nobody needs it, but a row of something else must not count as one without values.
      float number = 0;
      if (converter_.convert_one(token, number) != DecodeErrorCode::kNone) {
        return fail(DecodeErrorCode::kNotALabel, token);
      }
      continue;
    }
    if (colon == std::string_view::npos) {
      return fail(DecodeErrorCode::kNotAPair, token);
    }
    if (!read_feature(token, colon, row)) {
      return false;
    }
  }
  return true;
}

bool LibsvmDecoder::read_feature(std::string_view token, size_t colon, float* row) {
  constexpr size_t kDigitsMax = 10;  // more than any width of ours has
  uint64_t index = 0;
  bool digits = colon > 0 && colon <= kDigitsMax && colon + 1 < token.size();
  for (size_t i = 0; i < colon && digits; ++i) {
    digits = token[i] >= '0' && token[i] <= '9';
    index = index * 10 + static_cast<uint64_t>(token[i] - '0');
  }
  if (!digits) {
    return fail(DecodeErrorCode::kNotAPair, token);
  }
  const uint64_t width = schema_.feature_count();
  if (index < index_base_ || index - index_base_ >= width) {
    error_.found = static_cast<uint32_t>(index_base_);
    error_.expected = static_cast<uint32_t>(width);
    return fail(DecodeErrorCode::kTextIndexRange, token.substr(0, colon));
  }
  const uint64_t feature = index - index_base_;
  error_.feature = static_cast<uint32_t>(feature + 1);
  if (row_of_[feature] == rows_ + 1) {
    return fail(DecodeErrorCode::kDuplicateIndex, token.substr(0, colon));
  }
  row_of_[feature] = rows_ + 1;
  const std::string_view value = token.substr(colon + 1);
  const DecodeErrorCode code =
      schema_.narrowing.empty()
          ? converter_.convert_one(value, row[feature])
          : converter_.convert_one(value, schema_.narrowing, feature, row[feature]);
  return code == DecodeErrorCode::kNone || fail(code, value);
}

bool LibsvmDecoder::fail(DecodeErrorCode code, std::string_view token) {
  error_.code = code;
  error_.row = rows_ + 1;
  error_.byte = lines_.line_byte() + static_cast<uint64_t>(token.data() - lines_.line().data());
  error_.set_text(token);
  return false;
}

}  // namespace ringmaker::codec
