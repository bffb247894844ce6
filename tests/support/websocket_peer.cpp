#include "tests/support/websocket_peer.h"

#include <optional>

namespace ringmaker::test {

WebsocketPeer::WebsocketPeer(int port, std::string_view target, std::string_view fields)
    : peer_(port) {
  std::string request("GET ");
  request.append(target)
      .append(
          " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
      .append(fields)
      .append("\r\n");
  if (peer_.send(request)) {
    while (head_.find("\r\n\r\n") == std::string::npos) {
      const std::string some = peer_.receive_some();
      if (some.empty()) {
        return;
      }
      head_ += some;
    }
    const size_t end = head_.find("\r\n\r\n") + 4;
    received_ = head_.substr(end);
    head_.resize(end);
  }
}

Frame WebsocketPeer::receive() {
  std::optional<Frame> message;
  for (;;) {
    std::string_view rest = received_;
    std::optional<Frame> frame = take_frame(rest);
    if (!frame) {
      const std::string some = peer_.receive_some();
      if (some.empty()) {
        return {.opcode = 255, .payload = {}};
      }
      received_ += some;
      continue;
    }
    received_ = std::string(rest);
    if (!message || frame->opcode != Frame::kContinuation) {
      message = std::move(frame);
    } else {
      message->payload += frame->payload;
      message->last = frame->last;
    }
    if (message->last) {
      return *message;
    }
  }
}

}  // namespace ringmaker::test
