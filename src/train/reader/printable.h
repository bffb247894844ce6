// Printable: texts of people's files as sentences about them may show them.
#pragma once

#include <string>
#include <string_view>

namespace ringmaker::train {

/// `text` with a question mark in place of each control character, which a terminal would obey, and
/// of each byte above 0x7F where the text is not UTF-8.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace ringmaker::train
