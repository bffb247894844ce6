// What a CSV text does not say about itself and its first line must tell.
#pragma once

#include <cstddef>
#include <string_view>

namespace ringmaker::codec {

/// The separator of `line`, of `,` `;` tab and `|`: the one that makes it `columns` wide, else the
/// one that occurs most outside of quotes, the earlier in that list where two are equal; and not
/// the comma where each is the decimal point of a number between semicolons, "1,5;2,5". `columns`
/// is 0 where the width is not known. A line without any is one column; the answer then is a comma.
[[nodiscard]] char sniff_separator(std::string_view line, size_t columns = 0) noexcept;

/// Rows end in carriage returns alone, as on old Macs: something follows one, outside of quotes. No
/// row of ours does, and such a text is one long line.
[[nodiscard]] bool has_bare_return(std::string_view line) noexcept;

/// UTF-16 where UTF-8 is expected, as spreadsheets save it: the first line of the text begins with
/// the mark FF FE or FE FF, or every second of its first bytes is NUL and no other.
[[nodiscard]] bool looks_like_utf16(std::string_view line) noexcept;

/// A line of text holds no NUL byte.
[[nodiscard]] bool holds_nul(std::string_view line) noexcept;

/// The first line has no separator of ours, and the blanks in it separate as many values as a row
/// should have, or nothing but numbers: how many. Else 0. `columns` as in sniff_separator().
[[nodiscard]] size_t blank_separated_values(std::string_view line, size_t columns = 0) noexcept;

/// Nothing but blanks and line ends.
[[nodiscard]] bool is_blank_line(std::string_view line) noexcept;

/// Whether a text may be the name of a column. What other tools write for a missing value, as "?",
/// "-", "n/a" or "\N", is none.
[[nodiscard]] bool names_something(std::string_view text) noexcept;

}  // namespace ringmaker::codec
