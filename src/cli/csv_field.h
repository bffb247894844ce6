// A text or a number as a field of a CSV line.
#pragma once

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

namespace ringmaker::cli {

/// In quotes where it must be (RFC 4180).
inline void append_csv_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += '"';
    }
  }
  out += '"';
}

/// With at most `digits` <= 17 significant digits, as "%.9g" has it: 9 tell every float apart, 17
/// every double. "nan" has no sign.
inline void append_csv_number(std::string& out, double value, int digits) {
  if (std::isnan(value)) {
    out += "nan";
    return;
  }
  char text[32];  // "-1.7976931348623157e+308" has 24
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits);
  out.append(text, end.ptr);
}

}  // namespace ringmaker::cli
