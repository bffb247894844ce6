// Histogram: latencies in nanoseconds, in log-linear buckets.
//
// Values below 256 are exact; above, each power of two is split into 128 equal buckets, so that a
// percentile is never below the truth and at most 1/128 above it. Of fixed size: recording neither
// allocates nor fails, whatever the value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::latency {

class Histogram {
 public:
  Histogram();

  void record(uint64_t value) noexcept;
  void merge(const Histogram& other) noexcept;

  [[nodiscard]] uint64_t count() const noexcept { return count_; }
  [[nodiscard]] uint64_t max() const noexcept { return max_; }
  /// The smallest recorded value (to a bucket) that at least `fraction` of all values do not
  /// exceed; 0 when nothing was recorded.
  [[nodiscard]] uint64_t percentile(double fraction) const noexcept;

 private:
  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  uint64_t max_ = 0;
};

}  // namespace ringmaker::latency
