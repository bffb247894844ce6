// Signals: delivered to the one thread that asks for them, never to a handler.
#pragma once

#include <signal.h>

#include <cstdint>
#include <optional>

namespace ringmaker::io {

/// Blocks SIGTERM and SIGINT in this thread and all it starts later, so that wait() alone receives
/// them (as PID 1 there is no default action to rely on), and makes SIGPIPE, SIGHUP, SIGUSR1 and
/// SIGUSR2 harmless. Create it in main before any other thread.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Waits for SIGTERM or SIGINT, at most `timeout_ns`; nothing when the time is over.
  [[nodiscard]] std::optional<int> wait(uint64_t timeout_ns) const;

 private:
  sigset_t stop_signals_{};
  sigset_t previous_mask_{};
};

}  // namespace ringmaker::io
