// WebsocketHandshake: whether a request may turn its connection into a WebSocket (RFC 6455, 4.2),
// and what the answer proves.
//
// Nothing is negotiated: extensions and subprotocols that a peer offers are not taken.
#pragma once

#include "http/exchange.h"
#include "http/refusal.h"

#include <array>
#include <string_view>

namespace ringmaker::http {

/// The version that is spoken; a 426 names it in Sec-WebSocket-Version.
inline constexpr std::string_view kWebsocketVersion = "13";

/// Nothing when `head` is a handshake that can be accepted. 405: another method than GET. 426: no
/// upgrade to WebSocket is asked for, or another version. 400: what is asked for has a mistake.
[[nodiscard]] Refusal check_websocket_handshake(const RequestHead& head) noexcept;

/// The value of Sec-WebSocket-Accept for one of Sec-WebSocket-Key.
class WebsocketAccept {
 public:
  explicit WebsocketAccept(std::string_view key);
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 28> text_;
};

}  // namespace ringmaker::http
