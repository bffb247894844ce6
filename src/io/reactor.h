// Reactor: one turn of a shard's loop: submit, wait, and say what has happened.
//
// It decides how long to wait: not at all while there is work, else a short spin and then a block
// until the next timer. Time is read once a turn. A gap (a frozen sandbox, a paused machine) is
// taken out of the shard's time, so that no deadline passes while nothing could run.
#pragma once

#include "base/clock.h"
#include "io/backend.h"
#include "io/timer_wheel.h"

#include <cstdint>
#include <span>

namespace ringmaker::io {

struct ReactorOptions {
  /// After the last completion, look again without blocking for this long: about what a sleep and
  /// a wake cost. It halves the latency of the next request, costs an idle endpoint nothing, and
  /// still sleeps often enough at half load to leave other programs their turn.
  uint64_t spin_ns = 30'000;
  /// A turn that comes this much later than asked for means that the process was frozen.
  uint64_t gap_ns_min = base::kNanosecondsPerSecond;
};

/// Not thread-safe.
class Reactor {
 public:
  Reactor(const base::Clock& clock, Backend& backend, const ReactorOptions& options) noexcept;

  /// `work_pending`: the caller has something to do whatever happens, so do not wait.
  [[nodiscard]] std::span<const Completion> turn(bool work_pending);

  /// The time of this turn in nanoseconds: monotonic, without gaps.
  [[nodiscard]] uint64_t now_ns() const noexcept { return now_ns_; }
  /// Reads the clock anew, for measuring within a turn; same origin as now_ns().
  [[nodiscard]] uint64_t read_clock_ns() const noexcept { return clock_.now_ns() - skipped_ns_; }
  [[nodiscard]] TimerWheel& timers() noexcept { return timers_; }
  [[nodiscard]] Backend& backend() noexcept { return backend_; }
  [[nodiscard]] const base::Clock& clock() const noexcept { return clock_; }
  [[nodiscard]] uint64_t gaps() const noexcept { return gaps_; }
  /// How long this turn waited until something came, with gaps; 0: it did not wait.
  [[nodiscard]] uint64_t slept_ns() const noexcept { return slept_ns_; }

 private:
  void take_time(uint64_t waited_ns_max);

  const base::Clock& clock_;
  Backend& backend_;
  ReactorOptions options_;
  uint64_t skipped_ns_ = 0;
  uint64_t now_ns_;
  uint64_t last_completion_ns_;
  uint64_t gaps_ = 0;
  uint64_t slept_ns_ = 0;
  TimerWheel timers_;
};

}  // namespace ringmaker::io
