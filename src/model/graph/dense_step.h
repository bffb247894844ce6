// DenseStep: a layer of a graph, which its nodes say one after the other: a product, a bias, an
// activation. A node whose input is a layer's, and that nobody else reads, joins the layer's step.
#pragma once

#include "base/result.h"
#include "model/dense/packed_matrix.h"
#include "model/graph/operator_context.h"

#include <vector>

namespace ringmaker::model {

struct DenseStep {
  PackedMatrix matrix;
  std::vector<float> bias;  // one a column
  bool has_bias = false;
  Activation activation = Activation::kNone;
};

/// The kernels of the set that the graph is built for.
[[nodiscard]] const DenseKernels& kernels_of(OperatorContext& node);

/// Whether the node, which adds its input `bias` to its input `product`, has joined a layer: its
/// output then is made.
[[nodiscard]] base::Result<bool> join_bias(OperatorContext& node, size_t product, size_t bias);
/// The same for a node that maps its first input.
[[nodiscard]] base::Result<bool> join_activation(OperatorContext& node, Activation activation);

}  // namespace ringmaker::model
