#include "io/timer_wheel.h"

#include "base/check.h"

#include <algorithm>
#include <bit>

namespace ringmaker::io {

TimerWheel::TimerWheel(uint64_t now_ns) noexcept : tick_(now_ns / kTickNs) {
  for (Timer& slot : slots_) {
    slot.previous = &slot;
    slot.next = &slot;
  }
}

void TimerWheel::unlink(Timer& timer) noexcept {
  timer.previous->next = timer.next;
  timer.next->previous = timer.previous;
  timer.previous = nullptr;
  timer.next = nullptr;
}

void TimerWheel::link(Timer& list, Timer& timer) noexcept {
  timer.previous = list.previous;
  timer.next = &list;
  list.previous->next = &timer;
  list.previous = &timer;
}

void TimerWheel::schedule(Timer& timer, uint64_t deadline_ns) noexcept {
  if (timer.scheduled()) {
    cancel(timer);
  }
  timer.deadline_ns = deadline_ns;
  const uint64_t tick = std::max(deadline_ns / kTickNs, tick_);
  const size_t slot = tick % kSlots;
  link(slots_[slot], timer);
  occupied_[slot / 64] |= uint64_t{1} << (slot % 64);
  ++size_;
}

void TimerWheel::cancel(Timer& timer) noexcept {
  if (timer.scheduled()) {
    unlink(timer);
    --size_;
  }
}

void TimerWheel::collect(uint64_t now_ns, Timer& expired) noexcept {
  expired.previous = &expired;
  expired.next = &expired;
  const uint64_t now_tick = now_ns / kTickNs;
  if (now_tick < tick_) {
    return;
  }
  // After a long absence one turn visits every slot.
  const uint64_t ticks = std::min<uint64_t>(now_tick - tick_ + 1, kSlots);
  for (uint64_t tick = now_tick + 1 - ticks; tick <= now_tick; ++tick) {
    collect_slot(tick % kSlots, now_ns, expired);
  }
  // The current tick is not over: its slot is looked at again.
  tick_ = now_tick;
}

void TimerWheel::collect_slot(size_t slot, uint64_t now_ns, Timer& expired) noexcept {
  uint64_t& bits = occupied_[slot / 64];
  const uint64_t bit = uint64_t{1} << (slot % 64);
  if ((bits & bit) == 0) {
    return;
  }
  Timer& list = slots_[slot];
  for (Timer* timer = list.next; timer != &list;) {
    Timer* following = timer->next;
    if (timer->deadline_ns <= now_ns) {
      unlink(*timer);
      link(expired, *timer);
    }
    timer = following;
  }
  if (list.next == &list) {
    bits &= ~bit;
  }
}

uint64_t TimerWheel::until_next_ns(uint64_t now_ns) const noexcept {
  if (size_ == 0) {
    return UINT64_MAX;
  }
  constexpr size_t kWords = kSlots / 64;
  const size_t start = tick_ % kSlots;
  for (size_t i = 0; i <= kWords; ++i) {
    const size_t word = (start / 64 + i) % kWords;
    uint64_t bits = occupied_[word];
    if (i == 0) {
      bits &= ~uint64_t{0} << (start % 64);
    } else if (i == kWords) {
      bits &= ~(~uint64_t{0} << (start % 64));
    }
    if (bits != 0) {
      const size_t slot = word * 64 + static_cast<size_t>(std::countr_zero(bits));
      const uint64_t ticks_away = (slot + kSlots - start) % kSlots;
      // A timer is due at the latest when its tick is over.
      const uint64_t over_ns = (tick_ + ticks_away + 1) * kTickNs;
      return over_ns > now_ns ? over_ns - now_ns : 0;
    }
  }
  return kTickNs;
}

}  // namespace ringmaker::io
