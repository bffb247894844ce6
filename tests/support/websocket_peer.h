// WebsocketPeer: a client of a bidirectional stream at 127.0.0.1.
#pragma once

#include "tests/support/loopback_peer.h"
#include "tests/support/websocket_frames.h"

#include <string>
#include <string_view>

namespace ringmaker::test {

class WebsocketPeer {
 public:
  /// Opens a stream at `target`; `fields` are further lines of the head, each with its CR LF.
  explicit WebsocketPeer(int port, std::string_view target = "/invocations-bidirectional-stream",
                         std::string_view fields = {});

  /// The answer to the handshake, up to its empty line.
  [[nodiscard]] const std::string& head() const noexcept { return head_; }
  [[nodiscard]] bool open() const noexcept { return head_.starts_with("HTTP/1.1 101"); }

  bool send(std::string_view bytes) const { return peer_.send(bytes); }
  bool say(std::string_view text) const { return send(masked_frame(Frame::kText, text)); }
  /// The next message or control frame; fragments are put together. Opcode 255: none came.
  [[nodiscard]] Frame receive();
  [[nodiscard]] std::string answer() { return receive().payload; }
  [[nodiscard]] bool ends() { return peer_.ends(); }
  void reset() { peer_.reset(); }

 private:
  LoopbackPeer peer_;
  std::string head_;
  std::string received_;
};

}  // namespace ringmaker::test
