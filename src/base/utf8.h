// UTF-8 (RFC 3629), character by character.
#pragma once

#include <cstddef>
#include <string_view>

namespace ringmaker::base {

/// Bytes of the well-formed character at the front of `text`: no overlong form, no surrogate,
/// nothing above U+10FFFF. 0 where there is none.
[[nodiscard]] size_t character_bytes(std::string_view text) noexcept;

}  // namespace ringmaker::base
