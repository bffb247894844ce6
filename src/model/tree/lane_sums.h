// Sums of up to kLanes rows as kernels keep them: sums[output * kLanes + row].
#pragma once

#include "data/dense_block.h"
#include "model/tree/tree_kernels.h"

#include <algorithm>
#include <cstddef>

namespace ringmaker::model {

/// Lanes behind the rows begin at 0.
template <class Value>
void load_lanes(data::DenseView raw, Value* sums) noexcept {
  for (size_t k = 0; k < raw.columns; ++k) {
    for (size_t i = 0; i < raw.rows; ++i) {
      sums[k * kLanes + i] = static_cast<Value>(raw.row(i)[k]);
    }
    std::fill(sums + k * kLanes + raw.rows, sums + (k + 1) * kLanes, Value{0});
  }
}

template <class Value>
void store_lanes(const Value* sums, data::DenseSpan raw) noexcept {
  for (size_t k = 0; k < raw.columns; ++k) {
    for (size_t i = 0; i < raw.rows; ++i) {
      raw.row(i)[k] = static_cast<float>(sums[k * kLanes + i]);
    }
  }
}

}  // namespace ringmaker::model
