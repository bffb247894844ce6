// Utf8Stream: is a text valid UTF-8, told while it still comes, however it is cut?
//
// One byte is judged by what is allowed next: after a lead byte so many continuations, the first of
// them in the range that keeps out overlong forms, surrogates and what lies above U+10FFFF (Unicode
// 15, table 3-7).
#pragma once

#include <cstdint>
#include <string_view>

namespace ringmaker::http {

/// Not thread-safe.
class Utf8Stream {
 public:
  void reset() noexcept { *this = Utf8Stream(); }
  /// False as soon as no continuation could make it valid.
  [[nodiscard]] bool take(std::string_view piece) noexcept;
  /// It does not end within a character.
  [[nodiscard]] bool whole() const noexcept { return left_ == 0; }

 private:
  [[nodiscard]] bool begin_character(uint8_t lead) noexcept;

  uint8_t left_ = 0;  // continuation bytes to come
  uint8_t least_ = 0x80;
  uint8_t most_ = 0xBF;
};

}  // namespace ringmaker::http
