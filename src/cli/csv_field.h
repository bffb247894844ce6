// A text as a field of a CSV line.
#pragma once

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

}  // namespace ringmaker::cli
