#include "model/dense/packed_matrix.h"

#include <algorithm>

namespace ringmaker::model {
namespace {

/// Up to this many columns, dots are faster than panels of mostly zeros, for one row and for many.
constexpr size_t kDotColumnsMax = 4;

size_t rounded_up(size_t count, size_t multiple) {
  return (count + multiple - 1) / multiple * multiple;
}

}  // namespace

std::vector<float> transposed(std::span<const float> matrix, size_t columns) {
  const size_t rows = matrix.size() / columns;
  std::vector<float> turned(matrix.size());
  for (size_t i = 0; i < rows; ++i) {
    for (size_t j = 0; j < columns; ++j) {
      turned[j * rows + i] = matrix[i * columns + j];
    }
  }
  return turned;
}

PackedMatrix PackedMatrix::for_products(const DenseKernels& kernels, std::span<const float> values,
                                        size_t depth, size_t columns) {
  return {kernels, values, depth, columns,
          columns <= kDotColumnsMax ? Layout::kDots : Layout::kPanels};
}

PackedMatrix PackedMatrix::for_distances(const DenseKernels& kernels, std::span<const float> values,
                                         size_t depth, size_t columns) {
  return {kernels, values, depth, columns, Layout::kPanels};
}

PackedMatrix::PackedMatrix(const DenseKernels& kernels, std::span<const float> values, size_t depth,
                           size_t columns, Layout layout)
    : kernels_(&kernels),
      depth_(depth),
      columns_(columns),
      layout_(layout),
      stride_(layout == Layout::kDots ? rounded_up(depth, kernels.dot_floats())
                                      : rounded_up(columns, kernels.vector_floats)),
      values_(stride_, (layout == Layout::kDots ? columns : depth) + 1) {
  RM_CHECK(depth > 0 && columns > 0 && values.size() == depth * columns);
  values_.resize(values_.rows_capacity());
  std::fill_n(values_.span().values, values_.rows() * values_.columns(), 0.0F);
  layout == Layout::kDots ? fill_dots(values) : fill_panels(values);
}

void PackedMatrix::fill_panels(std::span<const float> values) {
  for (size_t first = 0; first < columns_; first += kernels_->panel_columns) {
    const size_t width = std::min(kernels_->panel_columns, stride_ - first);
    const size_t count = std::min(width, columns_ - first);
    float* panel = values_.span().values + first * depth_;
    for (size_t k = 0; k < depth_; ++k) {
      std::copy_n(values.data() + k * columns_ + first, count, panel + k * width);
    }
  }
}

void PackedMatrix::fill_dots(std::span<const float> values) {
  for (size_t j = 0; j < columns_; ++j) {
    for (size_t k = 0; k < depth_; ++k) {
      values_.span().row(j)[k] = values[k * columns_ + j];
    }
  }
}

void PackedMatrix::multiply(const float* rows, size_t row_count, SumsStart start, float* out,
                            Activation activation) const noexcept {
  const DenseTask task{.rows = rows,
                       .row_count = row_count,
                       .depth = depth_,
                       .weights = values_.view().values,
                       .columns = columns_,
                       .start = start.values,
                       .start_stride = start.stride,
                       .out = out,
                       .activation = activation};
  layout_ == Layout::kDots ? kernels_->dot(task) : kernels_->multiply(task);
}

void PackedMatrix::square_distances(const float* rows, size_t row_count,
                                    float* out) const noexcept {
  RM_DCHECK(layout_ == Layout::kPanels);
  kernels_->square_distances({.rows = rows,
                              .row_count = row_count,
                              .depth = depth_,
                              .weights = values_.view().values,
                              .columns = columns_,
                              .start = values_.view().row(depth_),
                              .start_stride = 0,
                              .out = out,
                              .activation = Activation::kNone});
}

}  // namespace ringmaker::model
