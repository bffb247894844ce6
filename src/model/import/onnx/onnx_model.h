// The file of an ONNX model as a model of ours: a graph, whose schemas its operators tell.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <cstddef>
#include <span>

namespace ringmaker::model {

/// Reads, checks and describes; the file's bytes are kept. Errors name node, attribute, tensor,
/// input or output.
[[nodiscard]] base::Result<Model> import_onnx(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
