// Signals: delivered to the one thread that asks for them, never to a handler.
#pragma once

#include <pthread.h>
#include <signal.h>

#include <cstdint>
#include <optional>

namespace ringmaker::io {

/// Blocks SIGTERM and SIGINT in this thread and all it starts later: one that comes while the
/// program is not ready for it is kept for the Signals made then. (PID 1, as which a container's
/// program runs, otherwise never hears of it: it has no default action.)
void hold_stop_signals() noexcept;

/// Blocks SIGTERM and SIGINT in this thread and all it starts later, so that wait() alone receives
/// them (as PID 1 there is no default action to rely on), and makes SIGPIPE, SIGHUP, SIGUSR1 and
/// SIGUSR2 harmless. Create it in main before any other thread. What came and was not waited for
/// goes with it: it ends no process later that has an error to tell.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Waits for SIGTERM or SIGINT, at most `timeout_ns`; nothing when the time is over, or after a
  /// wake(). Only in the thread that made this.
  [[nodiscard]] std::optional<int> wait(uint64_t timeout_ns) const;
  /// Ends this wait, or else the next. From any thread.
  void wake() const noexcept;

 private:
  sigset_t stop_signals_{};
  sigset_t previous_mask_{};
  pthread_t waiting_thread_;
};

}  // namespace ringmaker::io
