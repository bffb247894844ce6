#include "model/linear/boosted_linear_predictor.h"

#include "model/link.h"
#include "model/tree/validate_trees.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ringmaker::model {

BoostedLinearPredictor::BoostedLinearPredictor(const Model& model,
                                               const BoostedLinearParameters& linear,
                                               base::InstructionSet set)
    : schema_(model.schema),
      output_(model.output),
      set_(set),
      kernels_(linear_kernels(set)),
      linear_(linear) {
  output_.explanation.explain(linear.outputs, schema_.feature_count());
  output_.class_margins = linear.link == Link::kClassIndex;
  output_.certain = linear.link == Link::kStep && output_.task == data::Task::kBinary;
}

void BoostedLinearPredictor::contributions(data::DenseView rows, double* values) const noexcept {
  const size_t outputs = linear_.outputs;
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t k = 0; k < outputs; ++k) {
      for (size_t j = 0; j < rows.columns; ++j) {
        const float x = rows.row(i)[j];
        *values++ = std::isnan(x) ? 0.0
                                  : static_cast<double>(x) *
                                        static_cast<double>(linear_.weights[j * outputs + k]);
      }
      *values++ = static_cast<double>(linear_.bias[k]) + static_cast<double>(linear_.base);
    }
  }
}

void BoostedLinearPredictor::margins(data::DenseView rows, data::DenseSpan margins) const noexcept {
  const size_t outputs = linear_.outputs;
  for (size_t i = 0; i < rows.rows; ++i) {
    float* sums = margins.row(i);
    for (size_t k = 0; k < outputs; ++k) {
      sums[k] = linear_.bias[k] + linear_.base;
    }
    for (size_t j = 0; j < rows.columns; ++j) {
      const float x = rows.row(i)[j];
      for (size_t k = 0; !std::isnan(x) && k < outputs; ++k) {
        const float product = x * linear_.weights[j * outputs + k];
        sums[k] += product;
      }
    }
  }
}

void BoostedLinearPredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  if (linear_.link != Link::kClassIndex) {
    margins(rows, raw);
    return;
  }
  std::array<float, kTreeOutputsMax> scratch;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  for (size_t i = 0; i < rows.rows; ++i) {
    const data::DenseSpan sums{scratch.data(), 1, linear_.outputs};
    margins(rows.slice(i, 1), sums);
    class_index(sums, raw.slice(i, 1));
  }
}

void BoostedLinearPredictor::link(data::DenseSpan values) const noexcept {
  if (linear_.link != Link::kClassIndex) {
    apply_link(linear_.link, kernels_, values);
  }
}

}  // namespace ringmaker::model
