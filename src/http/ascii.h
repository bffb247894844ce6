// Character classes and comparisons of HTTP, which knows ASCII only.
#pragma once

#include "base/text.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::http {

namespace internal {
constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (size_t c = '0'; c <= '9'; ++c) table[c] = true;
  for (size_t c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (size_t c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<uint8_t>(c)] = true;
  return table;
}
inline constexpr std::array<bool, 256> kTokenTable = make_token_table();
}  // namespace internal

/// RFC 9110 `tchar`: what methods and field names are made of.
[[nodiscard]] constexpr bool is_token_byte(char c) noexcept {
  return internal::kTokenTable[static_cast<uint8_t>(c)];
}
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
using base::equals_ignoring_case;
using base::to_lower;
using base::trimmed;
[[nodiscard]] constexpr bool is_letter(char c) noexcept {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}
/// The digit's value, or -1.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
/// Allowed in field values and chunk extensions: everything but controls, tab excepted.
[[nodiscard]] constexpr bool is_text_byte(char c) noexcept {
  const auto byte = static_cast<uint8_t>(c);
  return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

}  // namespace ringmaker::http
