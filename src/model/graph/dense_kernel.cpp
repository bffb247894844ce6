#include "model/graph/dense_kernel.h"

#include <algorithm>

namespace ringmaker::model {
namespace {

/// A block of the output that stays in registers while the columns of x go by. Blocks of several
/// rows were slower: the compiler does not keep them there.
constexpr size_t kRows = 1;
constexpr size_t kColumns = 32;
constexpr size_t kColumnsLeft = 8;

template <class T, size_t rows, size_t columns>
void add_block(const T* x, const T* w, T* y, size_t depth, size_t stride) noexcept {
  T sums[rows][columns];
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      sums[i][j] = y[i * stride + j];
    }
  }
  for (size_t k = 0; k < depth; ++k) {
    for (size_t i = 0; i < rows; ++i) {
      const T factor = x[i * depth + k];
      for (size_t j = 0; j < columns; ++j) {
        sums[i][j] += factor * w[k * stride + j];
      }
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      y[i * stride + j] = sums[i][j];
    }
  }
}

template <class T, size_t rows>
void add_rows(const T* x, const T* w, T* y, size_t depth, size_t columns) noexcept {
  size_t j = 0;
  for (; j + kColumns <= columns; j += kColumns) {
    add_block<T, rows, kColumns>(x, w + j, y + j, depth, columns);
  }
  for (; j + kColumnsLeft <= columns; j += kColumnsLeft) {
    add_block<T, rows, kColumnsLeft>(x, w + j, y + j, depth, columns);
  }
  for (; j < columns; ++j) {
    add_block<T, rows, 1>(x, w + j, y + j, depth, columns);
  }
}

template <class T>
void add_all(const T* x, const T* w, T* y, size_t rows, size_t depth, size_t columns) noexcept {
  size_t i = 0;
  for (; i + kRows <= rows; i += kRows) {
    add_rows<T, kRows>(x + i * depth, w, y + i * columns, depth, columns);
  }
  for (; i < rows; ++i) {
    add_rows<T, 1>(x + i * depth, w, y + i * columns, depth, columns);
  }
}

}  // namespace

void add_products(const float* x, const float* w, float* y, size_t rows, size_t depth,
                  size_t columns) noexcept {
  add_all(x, w, y, rows, depth, columns);
}

void add_products(const double* x, const double* w, double* y, size_t rows, size_t depth,
                  size_t columns) noexcept {
  add_all(x, w, y, rows, depth, columns);
}

}  // namespace ringmaker::model
