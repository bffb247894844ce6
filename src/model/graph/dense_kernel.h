// y += x * w where no packed matrix serves: doubles, and matrices that are not known beforehand.
//
// A value of a row is the sum of its products in the order of the columns, one after the other,
// whatever the number of rows and the instruction set.
#pragma once

#include <cstddef>

namespace ringmaker::model {

/// x: rows x depth, w: depth x columns, y: rows x columns, all row-major; y holds the values that
/// sums start from.
void add_products(const float* x, const float* w, float* y, size_t rows, size_t depth,
                  size_t columns) noexcept;
/// The same in double.
void add_products(const double* x, const double* w, double* y, size_t rows, size_t depth,
                  size_t columns) noexcept;

}  // namespace ringmaker::model
