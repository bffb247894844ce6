#include "model/support_vectors/support_vector_predictor.h"

#include "model/link.h"
#include "model/tree/tree_scratch.h"

#include <algorithm>

namespace ringmaker::model {
namespace {

/// Rows at a time: as many as a tile has, so that their kernels are summed while still near.
constexpr size_t kRowsAtATime = 6;

}  // namespace

SupportVectorPredictor::SupportVectorPredictor(const Model& model,
                                               const SupportVectorParameters& machine,
                                               base::InstructionSet set)
    : schema_(model.schema),
      output_(model.output),
      set_(set),
      link_(machine.link),
      scaled_(dense_kernels(set), machine.scaling),
      machine_(dense_kernels(set), machine.kernel, machine.vectors, schema_.feature_count()),
      coefficients_(machine.coefficients),
      bias_(machine.bias) {}

void SupportVectorPredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  const DenseKernels& kernels = dense_kernels(set_);
  const size_t vectors = machine_.count();
  auto* similar = tree_scratch<float>(ScratchUse::kHidden, kRowsAtATime * vectors);
  scaled_.for_each_slice(rows, [&](size_t first, size_t count, const float* values) {
    for (size_t i = 0; i < count; i += kRowsAtATime) {
      const size_t some = std::min(kRowsAtATime, count - i);
      machine_.evaluate(values + i * rows.columns, some, similar);
      for (size_t r = 0; r < some; ++r) {
        for (size_t k = 0; k < bias_.size(); ++k) {
          const double sum = kernels.weighted_sum(coefficients_.data() + k * vectors,
                                                  similar + r * vectors, vectors);
          raw.row(first + i + r)[k] = static_cast<float>(bias_[k] + sum);
        }
      }
    }
  });
}

void SupportVectorPredictor::link(data::DenseSpan values) const noexcept {
  apply_link(link_, linear_kernels(set_), values);
}

}  // namespace ringmaker::model
