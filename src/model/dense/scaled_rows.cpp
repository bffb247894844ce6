#include "model/dense/scaled_rows.h"

#include "model/tree/tree_scratch.h"

namespace ringmaker::model {

const float* ScaledRows::scaled(data::DenseView rows) const noexcept {
  auto* values = tree_scratch<float>(ScratchUse::kScaled, kRowsMax * rows.columns);
  kernels_->scale(rows.values, rows.rows, rows.columns, scaling_.center.data(),
                  scaling_.factor.data(), values);
  return values;
}

}  // namespace ringmaker::model
