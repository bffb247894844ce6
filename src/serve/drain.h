// Drain: the order in which a server ends, as steps of time.
//
// After SIGTERM connections are still accepted for a moment, because a balancer learns late; then
// none is begun any more, and those that are being made get a moment to arrive; then the listeners
// close, what was begun is completed, and the loops are left. It decides when; whoever owns the
// shards does it.
#pragma once

#include "base/clock.h"

#include <cstdint>

namespace ringmaker::serve {

/// Not thread-safe.
class Drain {
 public:
  enum class Step : uint8_t { kWait, kTurnAway, kStopListening, kStop };

  static constexpr uint64_t kAcceptMoreNs = 300 * base::kNanosecondsPerMillisecond;
  /// A handshake takes a round trip; the queue of a listener that closes is reset.
  static constexpr uint64_t kHandshakesNs = 100 * base::kNanosecondsPerMillisecond;
  /// Before the platform's SIGKILL at 30 s.
  static constexpr uint64_t kLongestNs = 25 * base::kNanosecondsPerSecond;

  explicit Drain(uint64_t now_ns) noexcept : begun_ns_(now_ns) {}

  /// kTurnAway and kStopListening come once each; kStop when all shards are quiet after them, or it
  /// has taken too long.
  [[nodiscard]] Step next(uint64_t now_ns, bool all_quiet) noexcept {
    const uint64_t elapsed = now_ns - begun_ns_;
    switch (last_) {
      case Step::kWait:
        return elapsed >= kAcceptMoreNs ? go_to(Step::kTurnAway, now_ns) : Step::kWait;
      case Step::kTurnAway:
        return now_ns - last_ns_ >= kHandshakesNs ? go_to(Step::kStopListening, now_ns)
                                                  : Step::kWait;
      case Step::kStopListening:
      case Step::kStop:
        break;
    }
    return all_quiet || elapsed >= kLongestNs ? Step::kStop : Step::kWait;
  }

 private:
  [[nodiscard]] Step go_to(Step step, uint64_t now_ns) noexcept {
    last_ns_ = now_ns;
    return last_ = step;
  }

  uint64_t begun_ns_;
  Step last_ = Step::kWait;  // the last one taken
  uint64_t last_ns_ = 0;     // when
};

}  // namespace ringmaker::serve
