#include "http/websocket_frame_head.h"

namespace ringmaker::http {

size_t WebsocketFrameHead::take(std::string_view bytes) noexcept {
  size_t taken = 0;
  while (taken < bytes.size() && !complete()) {
    bytes_[size_++] = static_cast<uint8_t>(bytes[taken++]);
  }
  return taken;
}

size_t WebsocketFrameHead::length_bytes() const noexcept {
  const unsigned length = bytes_[1] & 127U;
  return length == 126 ? 2 : length == 127 ? 8 : 0;
}

uint64_t WebsocketFrameHead::payload_bytes() const noexcept {
  const size_t count = length_bytes();
  uint64_t length = count == 0 ? bytes_[1] & 127U : 0;
  for (size_t i = 0; i < count; ++i) {
    length = length << 8U | bytes_[2 + i];
  }
  return length;
}

}  // namespace ringmaker::http
