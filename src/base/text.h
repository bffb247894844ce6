// Text: what every parser of small lists and options does with ASCII.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringmaker::base {

[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

[[nodiscard]] constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

[[nodiscard]] inline std::string lowercase(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = to_lower(c);
  }
  return result;
}

/// What may surround a value that people or programs wrote into a variable or file.
inline constexpr std::string_view kWhiteSpace = " \t\r\n";

/// Without the characters of `blanks` around it; a part of `text`, even where nothing is left.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text,
                                                 std::string_view blanks = " \t") noexcept {
  // Not find_last_not_of(), which calls memchr() for each character.
  const auto is_blank = [blanks](char c) {
    for (const char blank : blanks) {
      if (c == blank) return true;
    }
    return false;
  };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// "1 row", "2 rows". `plural` where it is not the noun and an s.
[[nodiscard]] inline std::string counted(size_t count, std::string_view noun,
                                         std::string_view plural = {}) {
  std::string text = std::to_string(count) + ' ';
  text += count != 1 && !plural.empty() ? plural : noun;
  text += count != 1 && plural.empty() ? "s" : "";
  return text;
}

/// Takes the next item off the front of a list that commas divide, trimmed.
constexpr std::string_view take_item(std::string_view& list) noexcept {
  const size_t comma = list.find(',');
  const std::string_view item = trimmed(list.substr(0, comma));
  list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  return item;
}

}  // namespace ringmaker::base
