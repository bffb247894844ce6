// ManualClock: time that moves only when the test says so.
#pragma once

#include "base/clock.h"

#include <atomic>
#include <cstdint>

namespace ringmaker::test {

class ManualClock final : public base::Clock {
 public:
  [[nodiscard]] uint64_t now_ns() const noexcept override { return now_ns_.load(); }
  [[nodiscard]] uint64_t wall_ns() const noexcept override {
    return kWallOriginNs + now_ns_.load();
  }
  void advance_ns(uint64_t by_ns) noexcept { now_ns_ += by_ns; }
  void advance_us(uint64_t by_us) noexcept { advance_ns(by_us * base::kNanosecondsPerMicrosecond); }
  void advance_ms(uint64_t by_ms) noexcept { advance_ns(by_ms * base::kNanosecondsPerMillisecond); }

 private:
  // 2026-01-05T10:11:12Z
  static constexpr uint64_t kWallOriginNs = 1'767'607'872'000'000'000;
  std::atomic<uint64_t> now_ns_{base::kNanosecondsPerSecond};
};

}  // namespace ringmaker::test
