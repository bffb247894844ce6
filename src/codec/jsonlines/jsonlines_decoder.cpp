#include "codec/jsonlines/jsonlines_decoder.h"

#include "codec/csv/csv_lexer.h"
#include "codec/json/json_decoder.h"

namespace ringmaker::codec {

JsonLinesDecoder::JsonLinesDecoder(const data::Schema& schema)
    : lines_(JsonDecoder::instance_bytes_max(schema.feature_count())),
      reader_(schema),
      line_bytes_max_(JsonDecoder::instance_bytes_max(schema.feature_count())) {}

void JsonLinesDecoder::reset(const PayloadOptions& options) noexcept {
  marked_.reset(options.mark_records_in_error);
  every_line_is_a_row_ = options.every_line_is_a_row;
  too_long_ = false;
  lines_.reset();
  reader_.reset();
  rows_ = 0;
  error_ = {};
}

DecodeProgress JsonLinesDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                        data::BlockWriter& writer) {
  return decode_records(*this, piece, last, rows_max, writer);
}

RecordFound JsonLinesDecoder::next_record(std::string_view piece, bool last, size_t& at) {
  for (;;) {
    const LineSplitter::Found found = lines_.next(piece, last, at);
    if (found == LineSplitter::Found::kTooLong) {
      too_long_ = true;
      return RecordFound::kRecord;
    }
    if (found == LineSplitter::Found::kNothing) {
      return RecordFound::kNothing;
    }
    if (every_line_is_a_row_ || !without_blanks(lines_.line()).empty()) {
      return RecordFound::kRecord;
    }
  }
}

/// A line that is too long was not taken.
void JsonLinesDecoder::put_back() {
  if (!too_long_) {
    lines_.put_back();
  }
  too_long_ = false;
}

DecodeStatus JsonLinesDecoder::finish() {
  return rows_ > 0 ? DecodeStatus::kDone : fail(DecodeErrorCode::kEmptyPayload, 0);
}

bool JsonLinesDecoder::read_record(float* row) {
  if (too_long_) {
    too_long_ = false;
    error_.row = rows_ + 1;
    error_.found = static_cast<uint32_t>(line_bytes_max_);
    fail(DecodeErrorCode::kRowTooLong, lines_.line_byte());
    lines_.skip_line();
    return false;
  }
  const std::string_view line = lines_.line();
  if (without_blanks(line).empty()) {
    error_.row = rows_ + 1;
    fail(DecodeErrorCode::kBlankLine, lines_.line_byte());
    return false;
  }
  text_.assign(1, '[').append(line).append(1, ']');
  text_.reserve(text_.size() + wire::JsonEvents::kPadding);
  reader_.begin(row, false, 1);
  const wire::JsonResult result = events_.parse(text_, reader_);
  const uint64_t byte = lines_.line_byte() + (result.byte > 0 ? result.byte - 1 : 0);
  switch (result.outcome) {
    case wire::JsonOutcome::kComplete:
      return true;
    case wire::JsonOutcome::kStopped:
      error_ = reader_.error();
      if (error_.code == DecodeErrorCode::kJsonShape) {
        error_.code = DecodeErrorCode::kJsonLineShape;  // a document's shapes are no advice here
      }
      error_.byte = lines_.line_byte();
      break;
    case wire::JsonOutcome::kSyntaxError:
      fail(DecodeErrorCode::kJsonSyntax, std::min(byte, lines_.line_byte() + line.size()));
      break;
    case wire::JsonOutcome::kInvalidUtf8:
      fail(DecodeErrorCode::kInvalidUtf8, byte);
      break;
    case wire::JsonOutcome::kTooDeep:
      error_.expected = wire::JsonEvents::kDepthMax - 1;
      fail(DecodeErrorCode::kJsonDepth, byte);
      break;
  }
  error_.row = rows_ + 1;
  return false;
}

DecodeStatus JsonLinesDecoder::fail(DecodeErrorCode code, uint64_t byte) {
  error_.code = code;
  error_.byte = byte;
  return DecodeStatus::kError;
}

}  // namespace ringmaker::codec
