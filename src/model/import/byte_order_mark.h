// The three bytes that some editors put before a text of UTF-8.
#pragma once

#include <string_view>

namespace ringmaker::model {

[[nodiscard]] constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

}  // namespace ringmaker::model
