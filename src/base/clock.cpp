#include "base/clock.h"

#include <ctime>

namespace ringmaker::base {
namespace {

uint64_t read_clock(clockid_t id) noexcept {
  timespec time{};
  ::clock_gettime(id, &time);
  return static_cast<uint64_t>(time.tv_sec) * kNanosecondsPerSecond +
         static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

uint64_t SystemClock::now_ns() const noexcept { return read_clock(CLOCK_MONOTONIC); }
uint64_t SystemClock::wall_ns() const noexcept { return read_clock(CLOCK_REALTIME); }

}  // namespace ringmaker::base
