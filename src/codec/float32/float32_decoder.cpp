#include "codec/float32/float32_decoder.h"

#include "wire/little_endian.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ringmaker::codec {
namespace {

void copy_row(const char* bytes, float* row, size_t row_bytes) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(row, bytes, row_bytes);
  } else {
    for (size_t at = 0; at < row_bytes; at += sizeof(float)) {
      *row++ = wire::load_little_endian<float>(bytes + at);
    }
  }
}

}  // namespace

Float32Decoder::Float32Decoder(const data::Schema& schema)
    : row_bytes_(schema.feature_count() * sizeof(float)) {
  kept_.reserve(row_bytes_);
}

void Float32Decoder::reset(const PayloadOptions& /*options*/) noexcept {
  kept_.clear();
  rows_ = 0;
  payload_bytes_ = 0;
  error_ = {};
}

DecodeProgress Float32Decoder::decode(std::string_view piece, bool last, size_t rows_max,
                                      data::BlockWriter& writer) {
  size_t at = 0;
  size_t rows = 0;
  DecodeStatus status = DecodeStatus::kNeedMore;
  while (at < piece.size()) {
    if (rows == rows_max || writer.full()) {
      status = rows == rows_max ? DecodeStatus::kPaused : DecodeStatus::kBlockFull;
      break;
    }
    const char* row = piece.data() + at;
    const size_t taken = std::min(row_bytes_ - kept_.size(), piece.size() - at);
    at += taken;
    if (taken < row_bytes_) {
      kept_.append(row, taken);
      if (kept_.size() < row_bytes_) {
        break;
      }
      row = kept_.data();
    }
    copy_row(row, writer.row(), row_bytes_);
    kept_.clear();
    writer.commit_row();
    ++rows;
    ++rows_;
  }
  payload_bytes_ += at;
  if (status == DecodeStatus::kNeedMore && last) {
    status = finish();
  }
  return {status, at, rows};
}

DecodeStatus Float32Decoder::finish() {
  if (!kept_.empty()) {
    error_.code = DecodeErrorCode::kTruncated;
    error_.row = rows_ + 1;
    error_.byte = payload_bytes_;
    error_.set_text("its row of " + std::to_string(row_bytes_ / sizeof(float)) + " float32 (" +
                    std::to_string(row_bytes_) + " bytes)");
    return DecodeStatus::kError;
  }
  if (rows_ == 0) {
    error_.code = DecodeErrorCode::kEmptyPayload;
    return DecodeStatus::kError;
  }
  return DecodeStatus::kDone;
}

}  // namespace ringmaker::codec
