#include "http/utf8_stream.h"

#include <cstddef>
#include <cstring>

namespace ringmaker::http {

bool Utf8Stream::begin_character(uint8_t lead) noexcept {
  least_ = 0x80;
  most_ = 0xBF;
  if (lead < 0x80) {
    return true;
  }
  if (lead >= 0xC2 && lead <= 0xDF) {
    left_ = 1;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    left_ = 2;
    least_ = lead == 0xE0 ? 0xA0 : 0x80;
    most_ = lead == 0xED ? 0x9F : 0xBF;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    left_ = 3;
    least_ = lead == 0xF0 ? 0x90 : 0x80;
    most_ = lead == 0xF4 ? 0x8F : 0xBF;
  }
  return left_ != 0;
}

bool Utf8Stream::take(std::string_view piece) noexcept {
  for (size_t at = 0; at < piece.size();) {
    if (left_ == 0 && piece.size() - at >= sizeof(uint64_t)) {
      uint64_t eight = 0;
      std::memcpy(&eight, piece.data() + at, sizeof eight);
      if ((eight & 0x8080'8080'8080'8080) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const auto byte = static_cast<uint8_t>(piece[at++]);
    if (left_ == 0) {
      if (!begin_character(byte)) {
        return false;
      }
    } else if (byte >= least_ && byte <= most_) {
      --left_;
      least_ = 0x80;
      most_ = 0xBF;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace ringmaker::http
