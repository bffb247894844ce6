// DenseBlock: rows of float32 values, row-major; a missing value is NaN.
//
// The unit that decoders fill and predictors read. Rows start 64-byte aligned only for the first;
// they follow each other without padding, so that a block is one contiguous matrix.
#pragma once

#include "base/check.h"

#include <cstddef>
#include <memory>
#include <new>

namespace ringmaker::data {

/// A view of `rows` x `columns` floats, contiguous, row-major. Lives as long as what it views.
struct DenseView {
  const float* values = nullptr;
  size_t rows = 0;
  size_t columns = 0;

  [[nodiscard]] const float* row(size_t i) const noexcept { return values + i * columns; }
  [[nodiscard]] DenseView slice(size_t first, size_t count) const noexcept {
    return {values + first * columns, count, columns};
  }
};

/// The same, writable.
struct DenseSpan {
  float* values = nullptr;
  size_t rows = 0;
  size_t columns = 0;

  [[nodiscard]] float* row(size_t i) const noexcept { return values + i * columns; }
  [[nodiscard]] DenseSpan slice(size_t first, size_t count) const noexcept {
    return {values + first * columns, count, columns};
  }
  // NOLINTNEXTLINE(google-explicit-constructor): reading what one may write is always fine.
  operator DenseView() const noexcept { return {values, rows, columns}; }
};

/// Owns its memory; not thread-safe. Serves scores as well: a row of scores is a row of floats.
class DenseBlock {
 public:
  /// Room for `rows_capacity` rows of `columns` values, uninitialised. columns > 0.
  DenseBlock(size_t columns, size_t rows_capacity);

  [[nodiscard]] size_t columns() const noexcept { return columns_; }
  [[nodiscard]] size_t rows() const noexcept { return rows_; }
  [[nodiscard]] size_t rows_capacity() const noexcept { return rows_capacity_; }
  [[nodiscard]] bool full() const noexcept { return rows_ == rows_capacity_; }
  [[nodiscard]] size_t bytes_held() const noexcept {
    return columns_ * rows_capacity_ * sizeof(float);
  }

  [[nodiscard]] DenseView view() const noexcept { return {values_.get(), rows_, columns_}; }
  [[nodiscard]] DenseSpan span() noexcept { return {values_.get(), rows_, columns_}; }

  /// The place of the next row: `columns` floats, uninitialised. Requires !full().
  [[nodiscard]] float* next_row() noexcept {
    RM_DCHECK(!full());
    return values_.get() + rows_ * columns_;
  }
  /// Makes the row written at next_row() part of the block.
  void commit_row() noexcept {
    RM_DCHECK(!full());
    ++rows_;
  }
  /// rows <= rows_capacity(). Growing exposes uninitialised rows; shrinking forgets rows.
  void resize(size_t rows) noexcept {
    RM_CHECK(rows <= rows_capacity_);
    rows_ = rows;
  }
  /// Keeps the rows, and makes room for at least `rows_capacity` rows.
  void reserve(size_t rows_capacity);

 private:
  struct Free {
    void operator()(float* values) const noexcept;
  };
  [[nodiscard]] static std::unique_ptr<float[], Free> allocate(size_t floats);

  size_t columns_;
  size_t rows_capacity_;
  size_t rows_ = 0;
  std::unique_ptr<float[], Free> values_;
};

}  // namespace ringmaker::data
