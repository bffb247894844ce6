// MarkedRecords: records in error for which a payload is not failed.
//
// Each becomes a row of missing values, so that rows keep their places; whoever writes the answer
// puts a sentence where its scores would be.
#pragma once

#include "codec/decode_error.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>

namespace ringmaker::codec {

/// Not thread-safe.
class MarkedRecords {
 public:
  void reset(bool wanted) noexcept {
    wanted_ = wanted;
    errors_.clear();
  }
  [[nodiscard]] bool wanted() const noexcept { return wanted_; }

  /// Takes `error`, whose row is the next one, and fills that. Requires wanted().
  void take(DecodeError& error, float* row, size_t columns) {
    std::fill_n(row, columns, std::numeric_limits<float>::quiet_NaN());
    errors_.push_back(error);
    error = {};
  }

  [[nodiscard]] bool empty() const noexcept { return errors_.empty(); }
  /// The oldest. Requires !empty().
  [[nodiscard]] const DecodeError& front() const noexcept { return errors_.front(); }
  /// Which row of the payload it is, from 0.
  [[nodiscard]] uint64_t front_row() const noexcept { return errors_.front().row - 1; }
  void pop_front() noexcept { errors_.pop_front(); }
  [[nodiscard]] uint64_t bytes() const noexcept { return errors_.size() * sizeof(DecodeError); }

 private:
  bool wanted_ = false;
  std::deque<DecodeError> errors_;
};

}  // namespace ringmaker::codec
