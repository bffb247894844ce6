// MemberText: the text of a small member of a request in tensors, as it arrives, and what that
// says.
#pragma once

#include "codec/decode_error.h"
#include "codec/tensors/tensor_member.h"
#include "wire/json_events.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::codec {

/// Not thread-safe. `events` must outlive it.
class MemberText {
 public:
  /// Of what is neither data nor a list: names, shapes, parameters.
  static constexpr size_t kBytesMax = size_t{64} << 10U;

  explicit MemberText(wire::JsonEvents& events) : events_(events) {}

  /// Another member begins.
  void clear() noexcept { text_.clear(); }
  /// More of its content, which stands at `byte` of the payload. False: it is too long.
  [[nodiscard]] bool append(std::string_view content, uint64_t byte);
  /// As it is written, without blanks around it.
  [[nodiscard]] std::string_view text() const noexcept;
  /// The member is whole; `array`: what is in hand is the content of one. kNone: member() is what
  /// it says; else the byte of the payload is error_byte().
  [[nodiscard]] DecodeErrorCode parse(bool array);
  [[nodiscard]] const TensorMember& member() const noexcept { return member_; }
  [[nodiscard]] uint64_t error_byte() const noexcept { return error_byte_; }

 private:
  wire::JsonEvents& events_;
  TensorMember member_;
  std::string text_;   // "[" and the content
  uint64_t byte_ = 0;  // where text_[1] stands in the payload
  uint64_t error_byte_ = 0;
};

}  // namespace ringmaker::codec
