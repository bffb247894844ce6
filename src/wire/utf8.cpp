#include "wire/utf8.h"

#include <simdjson.h>

#include <cstdint>

namespace ringmaker::wire {
namespace {

bool is_continuation(unsigned char byte) { return (byte & 0xC0U) == 0x80U; }

/// Bytes of the well-formed character at the start of `text`, 0 when there is none. The second
/// byte's range is what rules out overlong forms, surrogates and values above U+10FFFF.
size_t character_bytes(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (text.empty()) {
    return 0;
  }
  const unsigned char lead = byte(0);
  if (lead < 0x80) {
    return 1;
  }
  if (lead < 0xC2 || lead > 0xF4) {
    return 0;
  }
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) {
    return 0;
  }
  const unsigned char second_min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char second_max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < second_min || byte(1) > second_max) {
    return 0;
  }
  for (size_t i = 2; i < length; ++i) {
    if (!is_continuation(byte(i))) {
      return 0;
    }
  }
  return length;
}

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
    const size_t bytes = character_bytes(text.substr(at));
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
    const size_t bytes = character_bytes(text.substr(at));
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
