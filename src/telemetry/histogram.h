// Histogram: how long things took, in buckets of 1-2-5 steps from 50 us to 60 s.
#pragma once

#include "telemetry/counter.h"

#include <array>
#include <cstdint>

namespace ringmaker::telemetry {

/// record() from the owning thread only; reading from any.
class Histogram {
 public:
  /// Upper bounds in nanoseconds; a last bucket holds what is longer.
  static constexpr std::array<uint64_t, 19> kBoundsNs{
      50'000,        100'000,        200'000,        500'000,       1'000'000,
      2'000'000,     5'000'000,      10'000'000,     20'000'000,    50'000'000,
      100'000'000,   200'000'000,    500'000'000,    1'000'000'000, 2'000'000'000,
      5'000'000'000, 10'000'000'000, 30'000'000'000, 60'000'000'000};

  void record(uint64_t nanoseconds, uint64_t times = 1) noexcept;

  [[nodiscard]] uint64_t bucket(size_t i) const noexcept { return buckets_[i].value(); }
  [[nodiscard]] uint64_t sum_ns() const noexcept { return sum_ns_.value(); }

 private:
  std::array<Counter, kBoundsNs.size() + 1> buckets_;
  Counter sum_ns_;
};

}  // namespace ringmaker::telemetry
