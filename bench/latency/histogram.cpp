#include "bench/latency/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ringmaker::latency {
namespace {

constexpr unsigned kSubBucketBits = 7;
constexpr uint64_t kSubBuckets = uint64_t{1} << kSubBucketBits;
constexpr size_t kBucketCount = (64 - kSubBucketBits) * kSubBuckets + kSubBuckets;

// The value's highest kSubBucketBits + 1 bits name the bucket; how far they had to be shifted down
// names the group. Below 2 * kSubBuckets nothing is shifted and the index is the value.
size_t bucket_of(uint64_t value) noexcept {
  unsigned width = static_cast<unsigned>(std::bit_width(value));
  unsigned shift = width > kSubBucketBits + 1 ? width - (kSubBucketBits + 1) : 0;
  return shift * kSubBuckets + (value >> shift);
}

uint64_t upper_bound_of(size_t bucket) noexcept {
  if (bucket < 2 * kSubBuckets) {
    return bucket;
  }
  uint64_t shift = bucket / kSubBuckets - 1;
  uint64_t top = bucket - shift * kSubBuckets;
  return ((top + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_(kBucketCount) {}

void Histogram::record(uint64_t value) noexcept {
  ++buckets_[bucket_of(value)];
  ++count_;
  max_ = std::max(max_, value);
}

void Histogram::merge(const Histogram& other) noexcept {
  for (size_t i = 0; i < kBucketCount; ++i) {
    buckets_[i] += other.buckets_[i];
  }
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

uint64_t Histogram::percentile(double fraction) const noexcept {
  if (count_ == 0) {
    return 0;
  }
  double wanted = std::ceil(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(count_));
  uint64_t rank = std::clamp<uint64_t>(static_cast<uint64_t>(wanted), 1, count_);
  uint64_t seen = 0;
  for (size_t bucket = 0; bucket < kBucketCount; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank) {
      return std::min(upper_bound_of(bucket), max_);
    }
  }
  return max_;
}

}  // namespace ringmaker::latency
