// WebsocketFrameHead: what stands before a frame's payload (RFC 6455, 5.2).
//
//   FIN rsv opcode | mask length | length in 2 or 8 bytes, where 126 or 127 says so | mask in 4
//
// The frame reader tells of a frame only with the first byte of its payload; who is to refuse one
// by its length need not wait for that.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::http {

/// Takes the bytes of one head as they come. Whether they may stand there is not its business.
class WebsocketFrameHead {
 public:
  void reset() noexcept { size_ = 0; }
  /// Those of `bytes` that belong to the head, which they may complete.
  [[nodiscard]] size_t take(std::string_view bytes) noexcept;
  [[nodiscard]] bool complete() const noexcept { return size_ >= 2 && size_ == head_bytes(); }

  // Of a head that is complete
  [[nodiscard]] uint8_t reserved_bits() const noexcept { return (bytes_[0] >> 4U) & 7U; }
  [[nodiscard]] uint8_t opcode() const noexcept { return bytes_[0] & 15U; }
  [[nodiscard]] bool masked() const noexcept { return (bytes_[1] & 128U) != 0; }
  [[nodiscard]] uint64_t payload_bytes() const noexcept;

 private:
  /// Of a head whose first two bytes are there.
  [[nodiscard]] size_t length_bytes() const noexcept;
  [[nodiscard]] size_t head_bytes() const noexcept {
    return 2 + length_bytes() + (masked() ? 4 : 0);
  }

  std::array<uint8_t, 14> bytes_{};
  size_t size_ = 0;
};

}  // namespace ringmaker::http
