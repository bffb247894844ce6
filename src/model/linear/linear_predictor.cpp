#include "model/linear/linear_predictor.h"

#include "model/link.h"

#include <algorithm>
#include <cmath>

namespace ringmaker::model {
namespace {

double bias_at_fill(const LinearParameters& linear, size_t output) {
  const size_t features = linear.fill.size();
  double bias = linear.bias[output];
  for (size_t j = 0; j < features; ++j) {
    bias += static_cast<double>(linear.weights[output * features + j]) *
            static_cast<double>(linear.fill[j]);
  }
  return bias;
}

}  // namespace

LinearPredictor::LinearPredictor(const Model& model, const LinearParameters& linear,
                                 base::InstructionSet set)
    : schema_(model.schema),
      output_(model.output),
      set_(set),
      kernels_(linear_kernels(set)),
      // Of one row the sum takes most of the time, which is shorter where vectors are.
      kernels_of_one_(linear_kernels(std::min(set, base::InstructionSet::kAvx2))),
      link_(linear.link),
      padded_(padded_to_lanes(linear.fill.size()), linear.outputs + 1) {
  const size_t features = linear.fill.size();
  padded_.resize(linear.outputs + 1);
  std::fill_n(padded_.span().values, padded_.rows() * padded_.columns(), 0.0F);
  for (size_t k = 0; k < linear.outputs; ++k) {
    std::copy_n(linear.weights.begin() + static_cast<ptrdiff_t>(k * features), features,
                padded_.span().row(k));
    bias_at_fill_.push_back(bias_at_fill(linear, k));
    bias_.push_back(static_cast<float>(bias_at_fill_.back()));
  }
  std::ranges::copy(linear.fill, padded_.span().row(linear.outputs));
  output_.explanation.explain(linear.outputs, features);
}

void LinearPredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  RM_DCHECK(rows.columns == schema_.feature_count());
  RM_DCHECK(raw.rows == rows.rows);
  RM_DCHECK(raw.columns == bias_.size());
  const LinearTask task{.rows = rows.values,
                        .row_count = rows.rows,
                        .weights = padded_.view().row(0),
                        .features = rows.columns,
                        .fill = padded_.view().row(bias_.size()),
                        .outputs = bias_.size(),
                        .bias = bias_.data(),
                        .stride = padded_.columns()};
  (rows.rows == 1 ? kernels_of_one_ : kernels_).score(task, raw.values);
}

void LinearPredictor::contributions(data::DenseView rows, double* values) const noexcept {
  const float* fill = padded_.view().row(bias_.size());
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t k = 0; k < bias_.size(); ++k) {
      const float* weights = padded_.view().row(k);
      for (size_t j = 0; j < rows.columns; ++j) {
        const float x = std::isnan(rows.row(i)[j]) ? fill[j] : rows.row(i)[j];
        *values++ = static_cast<double>(weights[j]) *
                    (static_cast<double>(x) - static_cast<double>(fill[j]));
      }
      *values++ = bias_at_fill_[k];
    }
  }
}

void LinearPredictor::link(data::DenseSpan values) const noexcept {
  apply_link(link_, kernels_, values);
}

}  // namespace ringmaker::model
