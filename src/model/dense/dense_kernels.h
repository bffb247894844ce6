// DenseKernels: the inner loops of layers and distances, one set of functions an instruction set.
//
// They are written once, over vectors as wide as a set has them (dense_kernels-inl.h). A value is
// one sum that goes through the columns of its row in an order that the set and the shape of the
// matrix decide, not the number of rows: a row has the same bits in every batch. Sets with fused
// multiply-add use it, so their last bits differ from those of others.
#pragma once

#include "base/cpu.h"
#include "model/dense/activation.h"

#include <cstddef>

namespace ringmaker::model {

/// out[i][j] = start[j] + sum_k rows[i][k] * w[k][j], or the squared distance of rows and columns,
/// start[j] + sum_k (rows[i][k] - w[k][j])^2. Plain pointers, so that the files of one instruction
/// set need nothing else.
struct DenseTask {
  const float* rows = nullptr;  // row_count x depth
  size_t row_count = 0;
  size_t depth = 0;
  const float* weights = nullptr;  // as PackedMatrix lays them out for the kernels
  size_t columns = 0;
  /// Row i starts from start + i * start_stride; with a stride of 0 all start from the same. May be
  /// `out`: sums then are added to what is there.
  const float* start = nullptr;
  size_t start_stride = 0;
  float* out = nullptr;  // row_count x columns
  Activation activation = Activation::kNone;
};

struct DenseKernels {
  size_t vector_floats;  // of a vector
  size_t panel_columns;  // of a panel, a multiple of vector_floats

  /// Weights in panels: panel_columns neighbouring columns, row by row; the last panel is as wide
  /// as its columns need, rounded up to vectors, with zeros.
  void (*multiply)(const DenseTask& task);
  /// The same, squared distances. `activation` is not looked at.
  void (*square_distances)(const DenseTask& task);
  /// Weights as columns, each one padded with zeros to a multiple of dot_floats(): few columns are
  /// cheaper so.
  void (*dot)(const DenseTask& task);
  /// to[i][j] = (from[i][j] - center[j]) * factor[j], and 0 where from[i][j] is NaN.
  void (*scale)(const float* from, size_t row_count, size_t columns, const float* center,
                const float* factor, float* to);
  /// to[i] = function(from[i]); `from` may be `to`.
  void (*map)(ElementaryFunction function, const float* from, float* to, size_t count);
  /// sum_i a[i] * b[i], the products exact and summed in double.
  double (*weighted_sum)(const float* a, const float* b, size_t count);

  /// Floats that a column of dot() is padded to.
  [[nodiscard]] size_t dot_floats() const noexcept { return 4 * vector_floats; }
};

/// The kernels of the best set not above `set`.
[[nodiscard]] const DenseKernels& dense_kernels(base::InstructionSet set) noexcept;

}  // namespace ringmaker::model
