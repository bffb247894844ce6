// PackedMatrix: a constant matrix as the kernels of an instruction set want it, packed once.
//
// Products with few columns are dot products along the rows of a matrix; with more, and for
// distances, the columns go in panels that a tile of sums fits.
#pragma once

#include "data/dense_block.h"
#include "model/dense/dense_kernels.h"

#include <cstddef>
#include <span>
#include <vector>

namespace ringmaker::model {

/// A matrix of `columns` columns, row-major, turned.
[[nodiscard]] std::vector<float> transposed(std::span<const float> matrix, size_t columns);

/// What sums start from: row i from values + i * stride. A stride of 0 is one start for all rows;
/// `values` may be where the sums go to.
struct SumsStart {
  const float* values = nullptr;
  size_t stride = 0;
};

/// Immutable, thread-safe.
class PackedMatrix {
 public:
  /// `values`: depth x columns, row-major, not empty; they are copied.
  [[nodiscard]] static PackedMatrix for_products(const DenseKernels& kernels,
                                                 std::span<const float> values, size_t depth,
                                                 size_t columns);
  [[nodiscard]] static PackedMatrix for_distances(const DenseKernels& kernels,
                                                  std::span<const float> values, size_t depth,
                                                  size_t columns);

  [[nodiscard]] size_t depth() const noexcept { return depth_; }
  [[nodiscard]] size_t columns() const noexcept { return columns_; }

  /// out = activation(start + rows * matrix); rows: row_count x depth(), out: row_count x
  /// columns(), not overlapping. Of a matrix for products.
  void multiply(const float* rows, size_t row_count, SumsStart start, float* out,
                Activation activation = Activation::kNone) const noexcept;
  /// out[i][j] = |rows[i] - column j|^2, summed as it stands and never below 0. Of a matrix for
  /// distances.
  void square_distances(const float* rows, size_t row_count, float* out) const noexcept;

 private:
  enum class Layout : uint8_t { kPanels, kDots };

  PackedMatrix(const DenseKernels& kernels, std::span<const float> values, size_t depth,
               size_t columns, Layout layout);
  void fill_panels(std::span<const float> values);
  void fill_dots(std::span<const float> values);

  const DenseKernels* kernels_;
  size_t depth_;
  size_t columns_;
  Layout layout_;
  size_t stride_;            // of a column in dots; columns, rounded up to vectors, in panels
  data::DenseBlock values_;  // and behind them zeros that distances start from
};

}  // namespace ringmaker::model
