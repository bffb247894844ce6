// Printable: texts of people's files as sentences about them may show them.
#pragma once

#include <string>
#include <string_view>

namespace ringmaker::train {

/// `text` with each byte of control characters, which a terminal would obey, and each that is no
/// UTF-8 escaped as wire::printable() does. All else stays: quotes and backslashes are sentences'
/// own.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace ringmaker::train
