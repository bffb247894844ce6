#include "http/websocket_handshake.h"

#include "http/ascii.h"
#include "http/request_parser.h"
#include "http/sha1.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace ringmaker::http {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// RFC 6455, 1.3.
constexpr std::string_view kMagic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// 16 bytes in base64.
constexpr size_t kKeySize = 24;

bool is_key(std::string_view text) noexcept {
  return text.size() == kKeySize && text.ends_with("==") &&
         std::all_of(text.begin(), text.end() - 2,
                     [](char c) { return kBase64.find(c) != std::string_view::npos; });
}

size_t count_of(const RequestHead& head, std::string_view name) noexcept {
  return static_cast<size_t>(std::count_if(
      head.headers.begin(), head.headers.end(),
      [name](const Header& header) { return equals_ignoring_case(header.name, name); }));
}

bool names(const RequestHead& head, std::string_view field, std::string_view token) noexcept {
  return std::any_of(head.headers.begin(), head.headers.end(), [&](const Header& header) {
    return equals_ignoring_case(header.name, field) && list_contains(header.value, token);
  });
}

}  // namespace

Refusal check_websocket_handshake(const RequestHead& head) noexcept {
  if (head.method != Method::kGet) {
    return {405, "use GET to open a WebSocket", "GET, OPTIONS"};
  }
  if (!names(head, "Upgrade", "websocket")) {
    return {426, "this path speaks WebSocket; ask for it with Upgrade: websocket"};
  }
  if (head.version_minor == 0) {
    return {400, "a WebSocket needs HTTP/1.1"};
  }
  if (!names(head, "Connection", "upgrade")) {
    return {400, "the handshake of a WebSocket needs Connection: Upgrade"};
  }
  if (head.header("Sec-WebSocket-Version") != kWebsocketVersion ||
      count_of(head, "Sec-WebSocket-Version") != 1) {
    return {426, "the version of WebSocket that is spoken here is 13"};
  }
  if (count_of(head, "Sec-WebSocket-Key") != 1 || !is_key(head.header("Sec-WebSocket-Key"))) {
    return {400, "the handshake of a WebSocket needs one Sec-WebSocket-Key: 16 bytes in base64"};
  }
  if (head.chunked || head.content_length.value_or(0) != 0) {
    return {400, "the handshake of a WebSocket has no body"};
  }
  return {};
}

WebsocketAccept::WebsocketAccept(std::string_view key) {
  const std::array<uint8_t, 20> digest = sha1(std::string(key).append(kMagic));
  // 20 bytes are six groups of three and one of two.
  for (size_t group = 0; group < text_.size() / 4; ++group) {
    uint32_t bits = 0;
    for (size_t i = 3 * group; i < 3 * group + 3; ++i) {
      bits = bits << 8U | (i < digest.size() ? digest[i] : 0U);
    }
    for (size_t i = 0; i < 4; ++i) {
      text_[4 * group + i] = kBase64[bits >> (18 - 6 * i) & 63U];
    }
  }
  text_.back() = '=';
}

}  // namespace ringmaker::http
