// LoopbackPeer: a client's connection to 127.0.0.1, in small steps.
#pragma once

#include "io/socket.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::test {

class LoopbackPeer {
 public:
  /// `host`: last byte of 127.0.0.x, so that one test can have more connections than one address
  /// has ports.
  explicit LoopbackPeer(int port, uint8_t host = 1);

  [[nodiscard]] bool connected() const noexcept { return static_cast<bool>(socket_); }
  /// False when the server has gone.
  bool send(std::string_view bytes) const;
  /// What comes until it ends in `end`, the stream ends, or 20 s have passed.
  [[nodiscard]] std::string receive_until(std::string_view end);
  /// What comes next; empty when the stream ends or nothing has come for 20 s.
  [[nodiscard]] std::string receive_some();
  /// The stream has ended; waits for it up to 20 s.
  [[nodiscard]] bool ends();
  /// Sends nothing more, and still reads.
  void half_close() const;
  /// Resets the connection, so that no port waits for its time.
  void reset();

 private:
  io::Descriptor socket_;
};

}  // namespace ringmaker::test
