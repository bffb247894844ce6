#include "wire/utf8.h"

#include "base/utf8.h"

#include <simdjson.h>

#include <cstdint>

namespace ringmaker::wire {
namespace {

void append_escaped(std::string& out, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (byte) {
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '"':
    case '\\':
      out += '\\';
      out += static_cast<char>(byte);
      return;
    default:
      out += "\\x";
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
  }
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  return simdjson::validate_utf8(text.data(), text.size());
}

size_t utf8_valid_prefix(std::string_view text) noexcept {
  size_t at = 0;
  while (at < text.size()) {
    const size_t bytes = base::character_bytes(text.substr(at));
    if (bytes == 0) {
      return at;
    }
    at += bytes;
  }
  return at;
}

std::string printable(std::string_view text, size_t bytes_max) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    const size_t bytes = base::character_bytes(text.substr(at));
    const size_t width = bytes == 0 ? 1 : bytes;
    if (at + width > bytes_max) {
      out += "…";
      break;
    }
    const auto first = static_cast<unsigned char>(text[at]);
    const bool control = first < 0x20 || first == 0x7F;
    if (bytes == 0 || control || first == '"' || first == '\\') {
      append_escaped(out, first);
    } else {
      out += text.substr(at, bytes);
    }
    at += width;
  }
  return out;
}

}  // namespace ringmaker::wire
