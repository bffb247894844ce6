// UTF-8: is this text valid, and how is foreign text shown to a person.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringmaker::wire {

/// U+FEFF, which some editors put before a text.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// U+FFFD, which stands for what was no character.
inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

[[nodiscard]] constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size()) : text;
}

/// True for well-formed UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// The offset of the first byte that is not part of a well-formed character; text.size() when all
/// of it is valid.
[[nodiscard]] size_t utf8_valid_prefix(std::string_view text) noexcept;

/// Foreign text made safe to show in a message: control bytes, quotes, backslashes and bytes that
/// are not UTF-8 are escaped, and text longer than `bytes_max` is cut between characters and ends
/// in an ellipsis.
[[nodiscard]] std::string printable(std::string_view text, size_t bytes_max = 40);

}  // namespace ringmaker::wire
