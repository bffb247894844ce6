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
  /// The block's capacity is the limit; full() tells.
  explicit BlockWriter(DenseBlock& block) noexcept : block_(block), first_row_(block.rows()) {}

  [[nodiscard]] size_t columns() const noexcept { return block_.columns(); }
  /// No further row fits.
  [[nodiscard]] bool full() const noexcept { return block_.full(); }
  /// Where the next row goes, `columns()` floats. Requires !full().
  [[nodiscard]] float* row() noexcept { return block_.next_row(); }
  void commit_row() noexcept { block_.commit_row(); }
  /// How many rows fit from row() on, one behind the other.
  [[nodiscard]] size_t room() const noexcept { return block_.rows_capacity() - block_.rows(); }
  /// Makes the first `rows` <= room() rows written from row() on part of the block.
  void commit_rows(size_t rows) noexcept { block_.resize(block_.rows() + rows); }

  [[nodiscard]] size_t first_row() const noexcept { return first_row_; }
  [[nodiscard]] size_t rows_written() const noexcept { return block_.rows() - first_row_; }
  void rollback() noexcept { block_.resize(first_row_); }

 private:
  DenseBlock& block_;
  size_t first_row_;
};

}  // namespace ringmaker::data
