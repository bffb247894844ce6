// TimerWheel: many deadlines, few of which are ever reached, at constant cost each.
//
// A hashed wheel (Varghese and Lauck, 1987): a timer hangs in the slot of its deadline, modulo one
// turn of the wheel; deadlines further away are passed over until their turn comes. Timers are
// nodes of their owners' own and are never allocated here.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ringmaker::io {

/// Embedded in its owner; must not move or die while scheduled.
struct Timer {
  uint64_t deadline_ns = 0;
  Timer* previous = nullptr;  // null: not scheduled
  Timer* next = nullptr;
  uint32_t owner = 0;  // for the owner to recognise its timer; TimerWheel::kNobody: it has none

  [[nodiscard]] bool scheduled() const noexcept { return previous != nullptr; }
};

/// Not thread-safe.
class TimerWheel {
 public:
  static constexpr uint64_t kTickNs = 8'000'000;
  static constexpr size_t kSlots = 1024;  // one turn is 8.2 s
  /// A timer of nobody ends a wait, and that is all: its deadline is looked at by who set it.
  static constexpr uint32_t kNobody = UINT32_MAX;

  explicit TimerWheel(uint64_t now_ns) noexcept;
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  /// (Re)schedules; a deadline in the past is due at the next advance. A timer is never early and
  /// at most one tick late.
  void schedule(Timer& timer, uint64_t deadline_ns) noexcept;
  void cancel(Timer& timer) noexcept;
  [[nodiscard]] size_t size() const noexcept { return size_; }

  /// Unschedules what is due at `now_ns` and calls due(Timer&) for each. A call may schedule and
  /// cancel any timer.
  template <class Due>
  void advance(uint64_t now_ns, Due&& due) {
    Timer expired;
    collect(now_ns, expired);
    while (expired.next != &expired) {
      Timer& timer = *expired.next;
      cancel(timer);
      if (timer.owner != kNobody) {
        due(timer);
      }
    }
  }

  /// Nanoseconds until advance() may have something to do; UINT64_MAX when nothing is scheduled.
  [[nodiscard]] uint64_t until_next_ns(uint64_t now_ns) const noexcept;

 private:
  static void unlink(Timer& timer) noexcept;
  static void link(Timer& list, Timer& timer) noexcept;
  void collect(uint64_t now_ns, Timer& expired) noexcept;
  void collect_slot(size_t slot, uint64_t now_ns, Timer& expired) noexcept;

  std::array<Timer, kSlots> slots_;
  std::array<uint64_t, kSlots / 64> occupied_{};  // a bit a slot; may be set for an empty slot
  uint64_t tick_;                                 // all earlier ticks have been collected
  size_t size_ = 0;
};

}  // namespace ringmaker::io
