// The bytes of an ONNX model (a ModelProto) as a GraphFile.
//
//   ModelProto  1 ir_version  2 producer_name  3 producer_version  7 graph  8 opset_import
//   GraphProto  1 node  5 initializer  11 input  12 output  15 sparse_initializer
//   NodeProto   1 input  2 output  3 name  4 op_type  5 attribute  7 domain
//
// Fields come in any order, numbers packed or one by one. Counts are believed only as far as the
// bytes behind them go.
#pragma once

#include "base/result.h"
#include "model/graph/graph.h"
#include "model/import/byte_source.h"

#include <cstddef>
#include <span>

namespace ringmaker::model {

/// Whether a file can be an ONNX model: fields of a ModelProto with plausible values, one behind
/// the other. It may be cut off behind its version and the beginning of a graph, a producer or an
/// opset.
[[nodiscard]] base::Result<bool> is_onnx(const ByteSource& file);

/// kCorrupt for bytes that are no message of protobuf, kUnsupported for what is told apart but not
/// read: data in other files, sparse tensors, segments; kInvalidInput for what contradicts itself.
/// Errors name node, attribute or tensor.
[[nodiscard]] base::Result<GraphFile> read_onnx(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
