// Sockets: the few ways in which this house opens and prepares them.
#pragma once

#include "base/result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::io {

/// Owns a file descriptor; closes it when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int value) noexcept : value_(value) {}
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { reset(); }

  [[nodiscard]] int get() const noexcept { return value_; }
  [[nodiscard]] explicit operator bool() const noexcept { return value_ >= 0; }
  [[nodiscard]] int release() noexcept;
  void reset() noexcept;

 private:
  int value_ = -1;
};

struct ListenOptions {
  uint16_t port = 8080;
  bool loopback_only = false;
  int backlog = 4096;
};

/// A listening, non-blocking IPv4 socket with SO_REUSEPORT, so that each shard may have its own.
/// Port 0 lets the kernel choose: see local_port().
[[nodiscard]] base::Result<Descriptor> listen_on(const ListenOptions& options);

/// Fails with "port N is in use" when somebody else holds the port. SO_REUSEPORT lets a second
/// process share a port in silence, so this binds once without it, trying for `patience` because
/// sockets of a process that has just ended may linger for a moment.
[[nodiscard]] base::Result<void> check_port_is_free(
    const ListenOptions& options, std::chrono::milliseconds patience = std::chrono::seconds(2));

[[nodiscard]] base::Result<uint16_t> local_port(int descriptor);

/// Non-blocking, close-on-exec and TCP_NODELAY: what every connection wants.
void prepare_connection(int descriptor) noexcept;

/// How long ago the kernel last received data of a connected TCP socket, in steps of its own clock,
/// 1 to 10 ms; 0 where it does not tell.
[[nodiscard]] uint64_t since_last_bytes_ns(int descriptor) noexcept;

/// The next connection that waits at `listener`; none when there is none. Never waits.
[[nodiscard]] Descriptor accept_waiting(int listener) noexcept;

/// From now on no connection is begun at `listener` (TCP): first packets (SYN) are dropped, which
/// their senders repeat after a second. A handshake under way is still completed and queued, so
/// that a listener that is closed a moment later resets nobody who believes to be connected. False
/// where the kernel takes no filter: connections go on being begun.
bool turn_newcomers_away(int listener) noexcept;

/// Sends `answer` as far as it goes without waiting and closes: for a connection there is no room
/// for.
void refuse_connection(int descriptor, std::string_view answer) noexcept;

}  // namespace ringmaker::io
