// KernelRows: the kernel of rows with all vectors of a machine at once, on the dense kernels.
//
// Distances are sums of squared differences as they stand: |x|^2 + |v|^2 - 2 x.v is one product a
// term cheaper and has no digits left where rows lie far from zero and close to each other.
#pragma once

#include "model/dense/packed_matrix.h"
#include "model/support_vectors/kernel_function.h"

#include <cstddef>
#include <span>
#include <vector>

namespace ringmaker::model {

/// Immutable, thread-safe.
class KernelRows {
 public:
  /// `vectors`: count x features, row-major, not empty; they are copied.
  KernelRows(const DenseKernels& kernels, KernelFunction function, std::span<const float> vectors,
             size_t features);

  [[nodiscard]] size_t count() const noexcept { return vectors_.columns(); }
  /// out[i][v] = kernel(rows[i], vector v); rows: row_count x features, out: row_count x count().
  void evaluate(const float* rows, size_t row_count, float* out) const noexcept;

 private:
  const DenseKernels* kernels_;
  KernelFunction function_;
  PackedMatrix vectors_;
  std::vector<float> start_;  // zeros, one a vector
};

}  // namespace ringmaker::model
