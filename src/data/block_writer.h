// BlockWriter: how a decoder appends the rows of one payload to a block that others share.
//
// It remembers where its payload began. rollback() forgets exactly this payload's rows; rows of
// earlier payloads stay. Rows are appended one at a time: write all columns at row(), then commit.
#pragma once

#include "data/dense_block.h"

#include <cstddef>

namespace ringmaker::data {

/// Not thread-safe; at most one writer at a time per block.
class BlockWriter {
 public:
  enum class Growth : bool { kFixed, kGrows };

  /// kFixed: the block's capacity is the limit, full() tells. kGrows: the block doubles as needed
  /// up to `rows_max`, after which it is full.
  explicit BlockWriter(DenseBlock& block, Growth growth = Growth::kFixed,
                       size_t rows_max = SIZE_MAX) noexcept
      : block_(block), first_row_(block.rows()), rows_max_(rows_max), growth_(growth) {}

  [[nodiscard]] size_t columns() const noexcept { return block_.columns(); }
  /// No further row fits. Makes room first when the block may grow.
  [[nodiscard]] bool full() {
    if (!block_.full()) {
      return false;
    }
    return !grow();
  }
  /// Where the next row goes, `columns()` floats. Requires !full().
  [[nodiscard]] float* row() noexcept { return block_.next_row(); }
  void commit_row() noexcept { block_.commit_row(); }
  /// How many rows fit from row() on, one behind the other, without growth.
  [[nodiscard]] size_t room() const noexcept { return block_.rows_capacity() - block_.rows(); }
  /// Makes the first `rows` <= room() rows written from row() on part of the block.
  void commit_rows(size_t rows) noexcept { block_.resize(block_.rows() + rows); }

  [[nodiscard]] size_t first_row() const noexcept { return first_row_; }
  [[nodiscard]] size_t rows_written() const noexcept { return block_.rows() - first_row_; }
  void rollback() noexcept { block_.resize(first_row_); }

 private:
  bool grow();

  DenseBlock& block_;
  size_t first_row_;
  size_t rows_max_;
  Growth growth_;
};

}  // namespace ringmaker::data
