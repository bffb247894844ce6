#include "model/graph/dense_kernel.h"

namespace ringmaker::model {
namespace {

/// As many columns of a row of the output as stay in registers while the columns of x go by. Blocks
/// of several rows were slower: the compiler does not keep them there.
constexpr size_t kColumns = 32;
constexpr size_t kColumnsLeft = 8;

template <class T, size_t columns>
void add_block(const T* x, const T* w, T* y, size_t depth, size_t stride) noexcept {
  T sums[columns];
  for (size_t j = 0; j < columns; ++j) {
    sums[j] = y[j];
  }
  for (size_t k = 0; k < depth; ++k) {
    for (size_t j = 0; j < columns; ++j) {
      sums[j] += x[k] * w[k * stride + j];
    }
  }
  for (size_t j = 0; j < columns; ++j) {
    y[j] = sums[j];
  }
}

template <class T>
void add_all(const T* x, const T* w, T* y, size_t rows, size_t depth, size_t columns) noexcept {
  for (size_t i = 0; i < rows; ++i, x += depth, y += columns) {
    size_t j = 0;
    for (; j + kColumns <= columns; j += kColumns) {
      add_block<T, kColumns>(x, w + j, y + j, depth, columns);
    }
    for (; j + kColumnsLeft <= columns; j += kColumnsLeft) {
      add_block<T, kColumnsLeft>(x, w + j, y + j, depth, columns);
    }
    for (; j < columns; ++j) {
      add_block<T, 1>(x, w + j, y + j, depth, columns);
    }
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
