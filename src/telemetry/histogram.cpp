#include "telemetry/histogram.h"

namespace ringmaker::telemetry {

void Histogram::record(uint64_t nanoseconds, uint64_t times) noexcept {
  // Most values are small, and lie in the first buckets.
  size_t i = 0;
  while (i < kBoundsNs.size() && nanoseconds > kBoundsNs[i]) {
    ++i;
  }
  buckets_[i].add(times);
  sum_ns_.add(nanoseconds * times);
}

}  // namespace ringmaker::telemetry
