// Histogram: how long things took, or how many came together, in buckets of fixed bounds.
#pragma once

#include "telemetry/counter.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace ringmaker::telemetry {

/// Nanoseconds in steps of 1-2-5 from 50 us to 60 s, shown in seconds.
struct DurationScale {
  static constexpr std::array<uint64_t, 19> kBounds{
      50'000,        100'000,        200'000,        500'000,       1'000'000,
      2'000'000,     5'000'000,      10'000'000,     20'000'000,    50'000'000,
      100'000'000,   200'000'000,    500'000'000,    1'000'000'000, 2'000'000'000,
      5'000'000'000, 10'000'000'000, 30'000'000'000, 60'000'000'000};
  static constexpr double kUnit = 1e9;
};

/// Counts by powers of two.
struct SizeScale {
  static constexpr std::array<uint64_t, 11> kBounds{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
  static constexpr double kUnit = 1;
};

/// record() from the owning thread only; reading from any.
template <class Scale>
class BasicHistogram {
 public:
  /// Upper bounds; a last bucket holds what is more.
  static constexpr auto kBounds = Scale::kBounds;

  void record(uint64_t value, uint64_t times = 1) noexcept {
    // Most values are small, and lie in the first buckets.
    size_t i = 0;
    while (i < kBounds.size() && value > kBounds[i]) {
      ++i;
    }
    buckets_[i].add(times);
    sum_.add(value * times);
  }

  [[nodiscard]] uint64_t bucket(size_t i) const noexcept { return buckets_[i].value(); }
  [[nodiscard]] uint64_t sum() const noexcept { return sum_.value(); }

 private:
  std::array<Counter, kBounds.size() + 1> buckets_;
  Counter sum_;
};

using Histogram = BasicHistogram<DurationScale>;
using SizeHistogram = BasicHistogram<SizeScale>;

/// Histograms of several shards added up.
template <class Scale>
struct BasicHistogramSum {
  std::array<uint64_t, Scale::kBounds.size() + 1> buckets{};
  uint64_t sum = 0;

  void add(const BasicHistogram<Scale>& histogram) noexcept {
    for (size_t i = 0; i < buckets.size(); ++i) {
      buckets[i] += histogram.bucket(i);
    }
    sum += histogram.sum();
  }
};

using HistogramSum = BasicHistogramSum<DurationScale>;
using SizeHistogramSum = BasicHistogramSum<SizeScale>;

}  // namespace ringmaker::telemetry
