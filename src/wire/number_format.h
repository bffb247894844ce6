// Numbers to text: the fewest digits that read back as the same number.
//
// Laid out as people write numbers: plain decimals from 1e-5 on and below 1e16, as "0.25",
// "120000", "0.000038585466", and with an exponent beyond, "1e+20", "1e-6".
// Independent of the locale; never longer than kNumberBytesMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace ringmaker::wire {

/// "-2.2250738585072014e-308" has 24 bytes.
inline constexpr size_t kNumberBytesMax = 32;

/// Write at `out`, which has room for kNumberBytesMax, and return the end of the text.
/// Not finite: "nan", "inf", "-inf".
char* format_number(float value, char* out) noexcept;
char* format_number(double value, char* out) noexcept;
char* format_number(int64_t value, char* out) noexcept;
char* format_number(uint64_t value, char* out) noexcept;

template <class Number>
void append_number(std::string& out, Number value) {
  char text[kNumberBytesMax];
  out.append(text, static_cast<size_t>(format_number(value, text) - text));
}

}  // namespace ringmaker::wire
