#include "model/graph/dense_step.h"

#include <utility>

namespace ringmaker::model {
namespace {

using base::Result;

/// The layer that makes an input which only this node reads.
std::shared_ptr<DenseStep> layer_of(OperatorContext& node, size_t input) {
  const Value& value = node.in(input);
  const bool joinable = value.layer != nullptr && value.layer->activation == Activation::kNone &&
                        value.constant == nullptr && node.reads_alone(input);
  return joinable ? value.layer : nullptr;
}

/// Whether one value a column is added to each of the product's rows.
bool is_bias(OperatorContext& node, size_t product, size_t bias, size_t columns) {
  const Value& added = node.in(bias);
  const auto both = broadcast(node.in(product).shape, added.shape);
  return added.constant != nullptr && added.type == ElementType::kFloat &&
         added.shape.elements() == columns && both && *both == node.in(product).shape &&
         (added.shape.rank() == 0 || added.shape.dims.back() == static_cast<int64_t>(columns));
}

}  // namespace

const DenseKernels& kernels_of(OperatorContext& node) {
  return dense_kernels(node.builder().settings().set.value_or(base::InstructionSet::kPortable));
}

Result<bool> join_bias(OperatorContext& node, size_t product, size_t bias) {
  const auto layer = layer_of(node, product);
  if (layer == nullptr || layer->has_bias ||
      !is_bias(node, product, bias, layer->matrix.columns())) {
    return false;
  }
  RM_ASSIGN(layer->bias, node.reals_of(bias));
  layer->has_bias = true;
  RM_ASSIGN(const ValueId out, node.alias(0, product, node.in(product).shape));
  node.value(out).layer = layer;
  return true;
}

Result<bool> join_activation(OperatorContext& node, Activation activation) {
  const auto layer = layer_of(node, 0);
  if (layer == nullptr) {
    return false;
  }
  layer->activation = activation;
  RM_ASSIGN(const ValueId out, node.alias(0, 0, node.in(0).shape));
  Value& made = node.value(out);
  made.margins = false;
  made.not_negative = activation == Activation::kRelu || activation == Activation::kLogistic;
  return true;
}

}  // namespace ringmaker::model
