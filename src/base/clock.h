// Clock: all time comes through here, so that tests can move it by hand.
#pragma once

#include <cstdint>

namespace ringmaker::base {

constexpr uint64_t kNanosecondsPerMicrosecond = 1'000;
constexpr uint64_t kNanosecondsPerMillisecond = 1'000'000;
constexpr uint64_t kNanosecondsPerSecond = 1'000'000'000;

/// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Monotonic nanoseconds from an arbitrary origin; never goes back.
  [[nodiscard]] virtual uint64_t now_ns() const noexcept = 0;
  /// Nanoseconds since 1970-01-01T00:00:00Z; may jump.
  [[nodiscard]] virtual uint64_t wall_ns() const noexcept = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] uint64_t now_ns() const noexcept override;
  [[nodiscard]] uint64_t wall_ns() const noexcept override;
};

}  // namespace ringmaker::base
