// Backend: sockets as requests and completions, the same over io_uring, epoll and a simulation.
//
// Lives on one thread: every call but notify() comes from the thread that calls wait(). Nothing is
// done inside a call that the caller does not ask for: requests are queued, wait() submits them and
// collects what has completed. After close(id) exactly one more completion of that stream is
// reported, kClosed; what the kernel still had in flight is swallowed and its buffers returned.
// (What the span of the last wait() still holds of it is the caller's: its buffers are to be
// returned.)
//
// Limits are given at construction; passing them is a bug of the caller (RM_CHECK), except where a
// function returns an error.
#pragma once

#include "base/result.h"
#include "io/completion.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::io {

struct BackendOptions {
  size_t streams_max = 16384;       // connected sockets at a time
  size_t buffer_count = 128;        // receive buffers, a power of two
  size_t buffer_bytes = 32 * 1024;  // of each: what one stream may bring a turn
};

/// Counters since construction, for metrics and tests.
struct BackendStats {
  uint64_t waits = 0;  // system calls that wait or submit
  uint64_t completions = 0;
  uint64_t buffers_exhausted = 0;  // receives that found no buffer
  uint64_t receive_rearms = 0;     // receives armed again after the kernel ended them
  uint64_t completion_overflows = 0;
  uint64_t accept_pauses = 0;     // accepting paused because descriptors ran out
  uint64_t connections_shed = 0;  // accepted for that and closed at once
};

class Backend {
 public:
  virtual ~Backend() = default;

  /// "io_uring", "epoll" or "simulation".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Accepts on `listener` (listening, non-blocking, owned by the caller) until
  /// stop_accepting(). One listener at a time.
  virtual void start_accepting(int listener) = 0;
  /// After this returns and the next wait() has run, no kAccepted follows and the caller may close
  /// the listener.
  virtual void stop_accepting() = 0;

  /// Takes ownership of a connected socket, one of kAccepted (of any backend of the same kind).
  /// kExhausted above streams_max; the descriptor then still belongs to the caller.
  [[nodiscard]] virtual base::Result<StreamId> add_stream(int descriptor) = 0;

  /// Receives until pause_receive(), end of stream or error. Idempotent.
  virtual void start_receive(StreamId stream) = 0;
  /// Stops asking for more; what has already arrived may still be reported. Idempotent.
  virtual void pause_receive(StreamId stream) = 0;
  virtual void return_buffer(BufferId buffer) = 0;

  /// Sends from `bytes`, which stay valid and unchanged until its kSent. One send in flight a
  /// stream; bytes not empty.
  virtual void send(StreamId stream, std::span<const char> bytes) = 0;
  /// Sends FIN. No send may be in flight.
  virtual void shutdown_send(StreamId stream) = 0;
  /// Ends the stream in order: cancels what is in flight, waits for it, closes, reports kClosed.
  virtual void close(StreamId stream) = 0;
  /// The same, but the peer sees a reset (SO_LINGER 0).
  virtual void reset(StreamId stream) = 0;

  /// How long ago the last bytes that have come of the peer reached this machine, to milliseconds;
  /// 0 where the system does not tell. A system call.
  [[nodiscard]] virtual uint64_t waited_ns(StreamId /*stream*/) const noexcept { return 0; }

  /// Submits everything queued and returns what has completed, waiting up to `timeout_ns` for the
  /// first completion (0: do not wait). The span is valid until the next call; may be empty.
  [[nodiscard]] virtual std::span<const Completion> wait(uint64_t timeout_ns) = 0;

  /// Makes wait() return soon with kWoken. The one call for any thread; async-signal-safe.
  virtual void notify() noexcept = 0;

  [[nodiscard]] virtual const BackendStats& stats() const noexcept = 0;
};

}  // namespace ringmaker::io
