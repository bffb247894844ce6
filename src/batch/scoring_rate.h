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
    const double count = static_cast<double>(rows);
    const double measured = static_cast<double>(nanoseconds) / count;
    if (rows_known_ == 0) {
      // Its caches were cold.
      ns_per_row_ = measured;
      rows_known_ = count / 4;
      return;
    }
    rows_known_ += count;
    // Short calls are mostly overhead, and say little about long ones.
    const double weight = std::max(std::min(0.5, count / 128.0), count / rows_known_);
    // A call in which the thread had no processor says nothing of the model.
    const double most = 4 * std::max(ns_per_row_, kNsPerRowMin);
    ns_per_row_ += weight * (std::min(measured, most) - ns_per_row_);
  }

  [[nodiscard]] size_t rows_per_slice() const noexcept {
    if (rows_known_ == 0) {
      return kRowsAtFirst;
    }
    const size_t rows = rows_within(kSliceNs);
    return rows >= kRowsWorthACall
               ? std::min<size_t>(rows, 65'536)
               : std::clamp<size_t>(rows_within(kLongSliceNs), 1, kRowsWorthACall);
  }

  /// How many are scored in such a time, as far as is known.
  [[nodiscard]] size_t rows_within(uint64_t nanoseconds) const noexcept {
    return rows_known_ > 0
               ? static_cast<size_t>(static_cast<double>(nanoseconds) / std::max(ns_per_row_, 1.0))
               : kRowsAtFirst;
  }

  /// 0 until enough is known to turn somebody away for it.
  [[nodiscard]] uint64_t ns_for(size_t rows) const noexcept {
    return rows_known_ < kRowsAtFirst
               ? 0
               : static_cast<uint64_t>(ns_per_row_ * static_cast<double>(rows));
  }

 private:
  static constexpr double kNsPerRowMin = 100;

  double ns_per_row_ = 0;
  double rows_known_ = 0;  // it was learnt from
};

}  // namespace ringmaker::batch
