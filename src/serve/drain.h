// Drain: the order in which a server ends, as steps of time.
//
// After SIGTERM connections are still accepted for a moment, because a balancer learns late; then
// the listeners close, what was begun is completed, and the loops are left. It decides when;
// whoever owns the shards does it.
#pragma once

#include "base/clock.h"

#include <cstdint>

namespace ringmaker::serve {

/// Not thread-safe.
class Drain {
 public:
  enum class Step : uint8_t { kWait, kStopListening, kStop };

  static constexpr uint64_t kAcceptMoreNs = 300 * base::kNanosecondsPerMillisecond;
  /// Before the platform's SIGKILL at 30 s.
  static constexpr uint64_t kLongestNs = 25 * base::kNanosecondsPerSecond;

  explicit Drain(uint64_t now_ns) noexcept : begun_ns_(now_ns) {}

  /// kStopListening comes once; kStop when all shards are quiet after it, or it has taken too long.
  [[nodiscard]] Step next(uint64_t now_ns, bool all_quiet) noexcept {
    const uint64_t elapsed = now_ns - begun_ns_;
    if (!listening_stopped_) {
      if (elapsed < kAcceptMoreNs) {
        return Step::kWait;
      }
      listening_stopped_ = true;
      return Step::kStopListening;
    }
    return all_quiet || elapsed >= kLongestNs ? Step::kStop : Step::kWait;
  }

 private:
  uint64_t begun_ns_;
  bool listening_stopped_ = false;
};

}  // namespace ringmaker::serve
