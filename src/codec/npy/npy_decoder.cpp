#include "codec/npy/npy_decoder.h"

#include "codec/npy/npy_value.h"
#include "wire/number_format.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ringmaker::codec {
NpyDecoder::NpyDecoder(const data::Schema& schema) : schema_(schema) {}

void NpyDecoder::reset(const PayloadOptions& /*options*/) noexcept {
  constexpr size_t kKeptBytes = size_t{1} << 20U;
  stage_ = Stage::kHeader;
  kept_.clear();
  if (kept_.capacity() > kKeptBytes) {
    std::string().swap(kept_);
  }
  rows_ = 0;
  payload_bytes_ = 0;
  error_ = {};
}

DecodeProgress NpyDecoder::decode(std::string_view piece, bool last, size_t rows_max,
                                  data::BlockWriter& writer) {
  Sink sink{writer, rows_max};
  size_t at = 0;
  DecodeStatus status = DecodeStatus::kNeedMore;
  if (stage_ == Stage::kHeader) {
    status = take_header(piece, at);
  }
  if (status == DecodeStatus::kNeedMore && stage_ == Stage::kRows) {
    status = take_rows(piece, at, sink);
  }
  if (status == DecodeStatus::kNeedMore && stage_ == Stage::kGathering) {
    status = gather(piece, at);
  }
  if (status == DecodeStatus::kNeedMore && stage_ == Stage::kGathered) {
    status = take_gathered(sink);
  }
  if (status == DecodeStatus::kNeedMore && last) {
    if (stage_ == Stage::kHeader) {
      status = payload_bytes_ + at == 0
                   ? fail(DecodeErrorCode::kEmptyPayload, {}, 0)
                   : fail(DecodeErrorCode::kTruncated, "the NPY header", payload_bytes_ + at);
    } else if (rows_ < header_.rows) {
      error_.row = rows_ + 1;
      status = fail(DecodeErrorCode::kTruncated, "the row", payload_bytes_ + at);
    } else {
      status = DecodeStatus::kDone;
    }
  }
  if (status == DecodeStatus::kNeedMore && at < piece.size()) {
    status = fail(DecodeErrorCode::kTrailingBytes, {}, payload_bytes_ + at);
  }
  if (status == DecodeStatus::kDone && at < piece.size()) {
    status = fail(DecodeErrorCode::kTrailingBytes, {}, payload_bytes_ + at);
  }
  payload_bytes_ += at;
  return {status, at, sink.rows};
}

DecodeStatus NpyDecoder::take_header(std::string_view piece, size_t& at) {
  // The header is short: gathered byte for byte it is found wherever it is cut.
  while (at < piece.size()) {
    const size_t more = std::min(piece.size() - at, kNpyPreambleBytes + kNpyHeaderBytesMax -
                                                        std::min(kept_.size(), kNpyHeaderBytesMax));
    const size_t before = kept_.size();
    kept_.append(piece.substr(at, more));
    const NpyParse parse = parse_npy_header(kept_);
    if (parse.verdict == NpyVerdict::kRefused) {
      return fail(DecodeErrorCode::kBinaryShape, parse.problem, 0);
    }
    if (parse.verdict == NpyVerdict::kNeedMore) {
      at += more;
      continue;
    }
    at += parse.consumed - before;
    kept_.clear();
    header_ = parse.header;
    return check_header();
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpyDecoder::check_header() {
  const uint64_t width = schema_.feature_count();
  if (header_.rows == 0) {
    return fail(DecodeErrorCode::kEmptyPayload, {}, 0);
  }
  if (header_.columns != width) {
    error_.row = 1;
    error_.found = static_cast<uint32_t>(std::min<uint64_t>(header_.columns, UINT32_MAX));
    error_.expected = static_cast<uint32_t>(width);
    return fail(header_.columns < width ? DecodeErrorCode::kTooFewColumns
                                        : DecodeErrorCode::kTooManyColumns,
                {}, 0);
  }
  // One row or one column lies in memory in the same way in both orders.
  const bool gathered = header_.fortran_order && header_.rows > 1 && header_.columns > 1;
  if (gathered && header_.rows > kFortranBytesMax / header_.item_bytes /
                                     std::max<uint64_t>(1, header_.columns)) {
    return fail(DecodeErrorCode::kBinaryShape, "an array in Fortran order is over 64 MiB", 0);
  }
  stage_ = gathered ? Stage::kGathering : Stage::kRows;
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpyDecoder::room_in(const Sink& sink) noexcept {
  if (sink.rows == sink.rows_max) {
    return DecodeStatus::kPaused;
  }
  return sink.writer.full() ? DecodeStatus::kBlockFull : DecodeStatus::kNeedMore;
}

DecodeStatus NpyDecoder::take_rows(std::string_view piece, size_t& at, Sink& sink) {
  const size_t row_bytes = schema_.feature_count() * header_.item_bytes;
  while (rows_ < header_.rows && at < piece.size()) {
    if (const DecodeStatus room = room_in(sink); room != DecodeStatus::kNeedMore) {
      return room;
    }
    const char* row = piece.data() + at;
    const size_t taken = std::min(row_bytes - kept_.size(), piece.size() - at);
    if (taken < row_bytes) {
      kept_.append(row, taken);
      at += taken;
      if (kept_.size() < row_bytes) {
        return DecodeStatus::kNeedMore;
      }
      row = kept_.data();
    } else {
      at += taken;
    }
    if (!convert_row(row, header_.item_bytes, sink)) {
      return DecodeStatus::kError;
    }
    kept_.clear();
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpyDecoder::gather(std::string_view piece, size_t& at) {
  const size_t size = header_.rows * header_.columns * header_.item_bytes;
  const size_t taken = std::min(size - kept_.size(), piece.size() - at);
  kept_.append(piece.substr(at, taken));
  at += taken;
  if (kept_.size() == size) {
    stage_ = Stage::kGathered;
  }
  return DecodeStatus::kNeedMore;
}

DecodeStatus NpyDecoder::take_gathered(Sink& sink) {
  while (rows_ < header_.rows) {
    if (const DecodeStatus room = room_in(sink); room != DecodeStatus::kNeedMore) {
      return room;
    }
    if (!convert_row(kept_.data() + rows_ * header_.item_bytes, header_.rows * header_.item_bytes,
                     sink)) {
      return DecodeStatus::kError;
    }
  }
  return DecodeStatus::kNeedMore;
}

bool NpyDecoder::convert_row(const char* first, size_t stride, Sink& sink) {
  float* const row = sink.writer.row();
  const size_t width = schema_.feature_count();
  const bool as_it_lies = std::endian::native == std::endian::little && !header_.big_endian &&
                          header_.kind == NpyHeader::Kind::kFloat && header_.item_bytes == 4 &&
                          stride == header_.item_bytes && schema_.narrowing.empty();
  if (as_it_lies) {
    std::memcpy(row, first, width * sizeof(float));
  } else if (!schema_.narrowing.empty()) {
    for (size_t k = 0; k < width; ++k) {
      row[k] = schema_.narrowing.narrow(k, npy_wide(header_, first + k * stride));
    }
  } else {
    for (size_t k = 0; k < width; ++k) {
      const char* const item = first + k * stride;
      row[k] = npy_float(header_, item);
      if (is_npy_overflow(header_, item, row[k])) {
        error_.row = rows_ + 1;
        error_.column = static_cast<uint32_t>(k + 1);
        error_.feature = error_.column;
        std::string number;
        wire::append_number(number, npy_double(header_, item));
        fail(DecodeErrorCode::kNumberRange, number, 0);
        return false;
      }
    }
  }
  sink.writer.commit_row();
  ++sink.rows;
  ++rows_;
  return true;
}

DecodeStatus NpyDecoder::fail(DecodeErrorCode code, std::string_view text, uint64_t byte) {
  error_.code = code;
  error_.byte = byte;
  error_.set_text(text);
  return DecodeStatus::kError;
}

}  // namespace ringmaker::codec
