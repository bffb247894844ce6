#include "model/mlp/mlp_predictor.h"

#include "model/link.h"
#include "model/tree/tree_scratch.h"

#include <algorithm>
#include <utility>

namespace ringmaker::model {

MlpPredictor::MlpPredictor(const Model& model, const MlpParameters& mlp, base::InstructionSet set)
    : schema_(model.schema),
      output_(model.output),
      set_(set),
      link_(mlp.link),
      scaled_(dense_kernels(set), mlp.scaling) {
  size_t inputs = schema_.feature_count();
  for (const MlpLayer& layer : mlp.layers) {
    layers_.push_back({.weights = PackedMatrix::for_products(dense_kernels(set), layer.weights,
                                                             inputs, layer.outputs),
                       .bias = layer.bias,
                       .activation = layer.activation});
    inputs = layer.outputs;
    width_ = std::max(width_, layer.outputs);
  }
}

void MlpPredictor::predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept {
  const size_t hidden = ScaledRows::kRowsMax * width_;
  auto* memory = tree_scratch<float>(ScratchUse::kHidden, 2 * hidden);
  scaled_.for_each_slice(rows, [&](size_t first, size_t count, const float* values) {
    float* next = memory;
    float* other = memory + hidden;
    for (const Layer& layer : layers_) {
      float* out = &layer == &layers_.back() ? raw.row(first) : next;
      layer.weights.multiply(values, count, {.values = layer.bias.data(), .stride = 0}, out,
                             layer.activation);
      values = out;
      std::swap(next, other);
    }
  });
}

void MlpPredictor::link(data::DenseSpan values) const noexcept {
  apply_link(link_, linear_kernels(set_), values);
}

}  // namespace ringmaker::model
