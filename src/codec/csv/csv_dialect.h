// What a CSV text does not say about itself and its first line must tell.
#pragma once

#include <cstddef>
#include <string_view>

namespace ringmaker::codec {

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The separator of `line`, of `,` `;` tab and `|`: the one that makes it `columns` wide, else the
/// one that occurs most outside of quotes, the earlier in that list where two are equal. `columns`
/// is 0 where the width is not known. A line without any is one column; the answer then is a comma.
[[nodiscard]] char sniff_separator(std::string_view line, size_t columns = 0) noexcept;

/// Rows end in carriage returns alone, as on old Macs: something follows one, outside of quotes. No
/// row of ours does, and such a text is one long line.
[[nodiscard]] bool has_bare_return(std::string_view line) noexcept;

/// Nothing but blanks and line ends.
[[nodiscard]] bool is_blank_line(std::string_view line) noexcept;

}  // namespace ringmaker::codec
