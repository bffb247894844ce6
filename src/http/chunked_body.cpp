#include "http/chunked_body.h"

#include "http/ascii.h"
#include "http/limits.h"

#include <algorithm>

namespace ringmaker::http {

bool ChunkedBody::refuse(std::string_view sentence) noexcept {
  refusal_ = {400, sentence};
  return false;
}

ChunkedBody::Step ChunkedBody::take(std::string_view bytes) noexcept {
  size_t at = 0;
  while (at < bytes.size()) {
    if (state_ == State::kData) {
      const size_t size = static_cast<size_t>(std::min<uint64_t>(chunk_left_, bytes.size() - at));
      chunk_left_ -= size;
      data_bytes_ += size;
      if (chunk_left_ == 0) {
        state_ = State::kDataCr;
      }
      return {Verdict::kData, at + size, bytes.substr(at, size)};
    }
    ++framing_bytes_;
    if (!step_framing(bytes[at])) {
      return {Verdict::kRefused, at, {}};
    }
    ++at;
    if (state_ == State::kEnd) {
      return {Verdict::kComplete, at, {}};
    }
    if (framing_is_excessive()) {
      refuse("the body is cut into chunks that are mostly framing");
      return {Verdict::kRefused, at, {}};
    }
  }
  return {Verdict::kNeedMore, at, {}};
}

bool ChunkedBody::framing_is_excessive() const noexcept {
  return framing_bytes_ > kChunkOverheadFree &&
         framing_bytes_ * 100 > (framing_bytes_ + data_bytes_) * kChunkOverheadPercentMax;
}

bool ChunkedBody::step_framing(char byte) noexcept {
  switch (state_) {
    case State::kSizeFirst:
    case State::kSize:
    case State::kExtension:
    case State::kSizeLf:
      return step_size(byte);
    case State::kDataCr:
      state_ = State::kDataLf;
      return byte == '\r' || refuse("chunk data is not followed by CR LF");
    case State::kDataLf:
      state_ = State::kSizeFirst;
      return byte == '\n' || refuse("chunk data is not followed by CR LF");
    default:
      return step_trailer(byte);
  }
}

bool ChunkedBody::step_size(char byte) noexcept {
  if (state_ == State::kSizeLf) {
    if (byte != '\n') {
      return refuse("a chunk size line does not end in CR LF");
    }
    state_ = chunk_left_ == 0 ? State::kTrailerFirst : State::kData;
    return true;
  }
  if (state_ == State::kSizeFirst) {
    chunk_left_ = 0;
    digits_ = 0;
    line_bytes_ = 0;
    if (hex_value(byte) < 0) {
      return refuse("a chunk does not begin with its size in hexadecimal digits");
    }
    state_ = State::kSize;
  }
  if (byte == '\r') {
    state_ = State::kSizeLf;
    return true;
  }
  if (++line_bytes_ > kChunkLineBytesMax) {
    return refuse("a chunk size line is longer than 1024 bytes");
  }
  if (state_ == State::kExtension) {
    return is_text_byte(byte) || refuse("a chunk extension contains a control character");
  }
  if (byte == ';') {
    state_ = State::kExtension;
    return true;
  }
  const int digit = hex_value(byte);
  if (digit < 0) {
    return refuse("a chunk size is not a hexadecimal number");
  }
  if (++digits_ > 16) {
    return refuse("a chunk size has more than 16 digits");
  }
  chunk_left_ = chunk_left_ << 4 | static_cast<uint64_t>(digit);
  return true;
}

bool ChunkedBody::step_trailer(char byte) noexcept {
  if (++trailer_bytes_ > kTrailerBytesMax) {
    return refuse("the trailers are longer than 8192 bytes");
  }
  switch (state_) {
    case State::kTrailerFirst:
      if (byte == '\r') {
        state_ = State::kEndLf;
        return true;
      }
      state_ = State::kTrailerName;
      return is_token_byte(byte) || refuse("a trailer line does not begin with a name");
    case State::kTrailerName:
      if (byte == ':') {
        state_ = State::kTrailer;
        return true;
      }
      return is_token_byte(byte) || refuse("a trailer name is not directly followed by a colon");
    case State::kTrailer:
      if (byte == '\r') {
        state_ = State::kTrailerLf;
        return true;
      }
      return is_text_byte(byte) || refuse("a trailer contains a control character");
    case State::kTrailerLf:
      state_ = State::kTrailerFirst;
      return byte == '\n' || refuse("a trailer line does not end in CR LF");
    default:
      state_ = State::kEnd;
      return byte == '\n' || refuse("the chunked body does not end in CR LF");
  }
}

}  // namespace ringmaker::http
