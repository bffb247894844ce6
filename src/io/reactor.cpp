#include "io/reactor.h"

#include <algorithm>

namespace ringmaker::io {

Reactor::Reactor(const base::Clock& clock, Backend& backend, const ReactorOptions& options) noexcept
    : clock_(clock),
      backend_(backend),
      options_(options),
      now_ns_(clock.now_ns()),
      last_completion_ns_(now_ns_),
      timers_(now_ns_) {}

std::span<const Completion> Reactor::turn(bool work_pending) {
  uint64_t timeout_ns = 0;
  const bool spinning = now_ns_ - last_completion_ns_ < options_.spin_ns;
  if (!work_pending && !spinning) {
    timeout_ns = timers_.until_next_ns(now_ns_);
  }
  const uint64_t before = timeout_ns > 0 ? clock_.now_ns() : 0;
  const std::span<const Completion> completions = backend_.wait(timeout_ns);
  slept_ns_ = timeout_ns > 0 ? clock_.now_ns() - before : 0;
  take_time(timeout_ns);
  if (!completions.empty()) {
    last_completion_ns_ = now_ns_;
  }
  return completions;
}

void Reactor::take_time(uint64_t waited_ns_max) {
  const uint64_t now = read_clock_ns();
  const uint64_t expected_max = waited_ns_max > UINT64_MAX - now_ns_ - options_.gap_ns_min
                                    ? UINT64_MAX
                                    : now_ns_ + waited_ns_max + options_.gap_ns_min;
  if (now > expected_max) {
    const uint64_t gap = now - now_ns_ - waited_ns_max;
    skipped_ns_ += gap;
    ++gaps_;
    now_ns_ = now - gap;
    return;
  }
  now_ns_ = std::max(now_ns_, now);
}

}  // namespace ringmaker::io
