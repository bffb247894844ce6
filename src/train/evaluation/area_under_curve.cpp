#include "train/evaluation/area_under_curve.h"

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace ringmaker::train {

namespace {

/// The bits of a float, so changed that their order as integers is the order of the floats.
uint32_t ordered_bits(float value) noexcept {
  const auto bits = std::bit_cast<uint32_t>(value == 0 ? 0.0F : value);
  return (bits >> 31) != 0 ? ~bits : bits | 0x8000'0000U;
}

/// Sorts keys of 33 bits by 11 bits at a time, which beats comparing from a few hundred on.
void sort_keys(std::vector<uint64_t>& keys) {
  constexpr size_t kRadix = 2048;
  std::vector<uint64_t> sorted(keys.size());
  for (unsigned shift = 0; shift < 33; shift += 11) {
    std::array<size_t, kRadix> next{};
    for (const uint64_t key : keys) {
      ++next[(key >> shift) % kRadix];
    }
    size_t before = 0;
    for (size_t& count : next) {
      before += std::exchange(count, before);
    }
    for (const uint64_t key : keys) {
      sorted[next[(key >> shift) % kRadix]++] = key;
    }
    keys.swap(sorted);
  }
}

}  // namespace

double area_under_curve(std::span<const double> predicted, std::span<const double> labels) {
  std::vector<uint64_t> keys(labels.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i] =
        uint64_t{ordered_bits(static_cast<float>(predicted[i]))} << 1 | (labels[i] > 0 ? 1U : 0U);
  }
  sort_keys(keys);
  double positives = 0;
  double rank_sum = 0;
  for (size_t i = 0; i < keys.size();) {
    size_t end = i;
    double positives_here = 0;
    for (; end < keys.size() && keys[end] >> 1 == keys[i] >> 1; ++end) {
      positives_here += static_cast<double>(keys[end] & 1);
    }
    // Equal predictions share the mean of their ranks.
    rank_sum += positives_here * (static_cast<double>(i + end + 1) / 2);
    positives += positives_here;
    i = end;
  }
  const double negatives = static_cast<double>(labels.size()) - positives;
  if (positives == 0 || negatives == 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace ringmaker::train
