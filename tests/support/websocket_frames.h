// Frames of a WebSocket as a client makes and reads them, written independently of the server.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::test {

struct Frame {
  uint8_t opcode = 0;
  bool last = true;
  std::string payload;

  static constexpr uint8_t kContinuation = 0;
  static constexpr uint8_t kText = 1;
  static constexpr uint8_t kBinary = 2;
  static constexpr uint8_t kClose = 8;
  static constexpr uint8_t kPing = 9;
  static constexpr uint8_t kPong = 10;

  /// Of a close frame; 0: it has none.
  [[nodiscard]] uint16_t code() const noexcept {
    return payload.size() < 2 ? uint16_t{0}
                              : static_cast<uint16_t>(static_cast<uint8_t>(payload[0]) << 8U |
                                                      static_cast<uint8_t>(payload[1]));
  }
};

inline void append_size(std::string& out, uint64_t size, size_t bytes) {
  for (size_t i = bytes; i > 0; --i) {
    out += static_cast<char>(size >> (8 * (i - 1)) & 0xFFU);
  }
}

/// As a client sends it: masked.
inline std::string masked_frame(uint8_t opcode, std::string_view payload, bool last = true,
                                uint32_t mask = 0x37FA'213D) {
  std::string out;
  out += static_cast<char>((last ? 0x80U : 0U) | opcode);
  if (payload.size() < 126) {
    out += static_cast<char>(0x80U | payload.size());
  } else if (payload.size() < 65'536) {
    out += static_cast<char>(0x80U | 126U);
    append_size(out, payload.size(), 2);
  } else {
    out += static_cast<char>(0x80U | 127U);
    append_size(out, payload.size(), 8);
  }
  append_size(out, mask, 4);
  for (size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(static_cast<uint8_t>(payload[i]) ^ (mask >> (24 - 8 * (i % 4))));
  }
  return out;
}

inline std::string close_frame(uint16_t code, std::string_view reason = {}) {
  std::string payload;
  append_size(payload, code, 2);
  return masked_frame(Frame::kClose, payload.append(reason));
}

/// Takes a whole frame of a server from the front of `bytes`. Nothing while it is incomplete. Of a
/// masked one, or one with a reserved bit, the opcode is 255.
inline std::optional<Frame> take_frame(std::string_view& bytes) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(bytes[i]); };
  if (bytes.size() < 2) {
    return std::nullopt;
  }
  uint64_t size = byte(1) & 0x7FU;
  const size_t extended = size == 126 ? 2 : size == 127 ? 8 : 0;
  if (bytes.size() < 2 + extended) {
    return std::nullopt;
  }
  if (extended > 0) {
    size = 0;
    for (size_t i = 0; i < extended; ++i) {
      size = size << 8U | byte(2 + i);
    }
  }
  if (bytes.size() - 2 - extended < size) {
    return std::nullopt;
  }
  Frame frame;
  const bool wrong = (byte(0) & 0x70U) != 0 || (byte(1) & 0x80U) != 0;
  frame.opcode = wrong ? uint8_t{255} : static_cast<uint8_t>(byte(0) & 0x0FU);
  frame.last = (byte(0) & 0x80U) != 0;
  frame.payload = bytes.substr(2 + extended, size);
  bytes.remove_prefix(2 + extended + size);
  return frame;
}

}  // namespace ringmaker::test
