// ScaledRows: the first step of networks, support vector machines and k-means: rows scaled as the
// model says, some at a time, in memory of the calling thread.
#pragma once

#include "data/dense_block.h"
#include "model/dense/dense_kernels.h"
#include "model/model.h"

#include <cstddef>

namespace ringmaker::model {

/// Immutable, thread-safe.
class ScaledRows {
 public:
  /// How many rows are scored at a time: whole tiles of every set, and small enough that all values
  /// of a layer stay in the second cache.
  static constexpr size_t kRowsMax = 96;

  ScaledRows(const DenseKernels& kernels, FeatureScaling scaling)
      : kernels_(&kernels), scaling_(std::move(scaling)) {}

  /// `each(first, count, scaled)` for slices of the rows: `count` scaled rows from `first` on,
  /// which hold until the thread asks again.
  template <class Each>
  void for_each_slice(data::DenseView rows, Each&& each) const noexcept {
    for (size_t first = 0; first < rows.rows; first += kRowsMax) {
      const size_t count = rows.rows - first < kRowsMax ? rows.rows - first : kRowsMax;
      each(first, count, scaled(rows.slice(first, count)));
    }
  }

 private:
  [[nodiscard]] const float* scaled(data::DenseView rows) const noexcept;

  const DenseKernels* kernels_;
  FeatureScaling scaling_;
};

}  // namespace ringmaker::model
