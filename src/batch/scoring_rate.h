// ScoringRate: how long a row takes, learnt from the calls made, and how many rows fit a slice.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ringmaker::batch {

/// Not thread-safe.
class ScoringRate {
 public:
  /// A slice is what may be done before the loop looks after its other connections.
  static constexpr uint64_t kSliceNs = 50'000;
  /// A model that takes longer for a few rows may have so much, for these: a call by itself costs
  /// something, and calls of a row or two would be mostly that.
  static constexpr uint64_t kLongSliceNs = 400'000;
  static constexpr size_t kRowsWorthACall = 16;
  /// What small requests may take together before the loop looks after the others.
  static constexpr uint64_t kTurnNs = 1'000'000;
  /// Of a model that is not known yet.
  static constexpr size_t kRowsAtFirst = 16;

  void record(size_t rows, uint64_t nanoseconds) noexcept {
    if (rows == 0) {
      return;
    }
    const double measured = static_cast<double>(nanoseconds) / static_cast<double>(rows);
    // Short calls are mostly overhead, and say little about long ones.
    const double weight = std::min(0.5, static_cast<double>(rows) / 128.0);
    ns_per_row_ = known_ ? ns_per_row_ + weight * (measured - ns_per_row_) : measured;
    known_ = true;
  }

  [[nodiscard]] size_t rows_per_slice() const noexcept {
    if (!known_) {
      return kRowsAtFirst;
    }
    const size_t rows = rows_within(kSliceNs);
    return rows >= kRowsWorthACall
               ? std::min<size_t>(rows, 65'536)
               : std::clamp<size_t>(rows_within(kLongSliceNs), 1, kRowsWorthACall);
  }

  /// How many are scored in such a time, as far as is known.
  [[nodiscard]] size_t rows_within(uint64_t nanoseconds) const noexcept {
    return known_
               ? static_cast<size_t>(static_cast<double>(nanoseconds) / std::max(ns_per_row_, 1.0))
               : kRowsAtFirst;
  }

  /// 0 until something is known.
  [[nodiscard]] uint64_t ns_for(size_t rows) const noexcept {
    return static_cast<uint64_t>(ns_per_row_ * static_cast<double>(rows));
  }

 private:
  double ns_per_row_ = 0;
  bool known_ = false;
};

}  // namespace ringmaker::batch
