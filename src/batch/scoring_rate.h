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
  static constexpr size_t kRowsAtFirst = 64;

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
    const double rows = static_cast<double>(kSliceNs) / std::max(ns_per_row_, 1.0);
    return std::clamp<size_t>(static_cast<size_t>(rows), 1, 65'536);
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
