// The JSON of a model file: everything about the model but its numbers, for people and for loading.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::model {

enum class TensorType : uint8_t { kF32, kF64, kI32, kU32, kU8 };

/// A named array of the file. `data` views a model's vector (writing) or the file (reading).
struct Tensor {
  std::string name;
  TensorType type = TensorType::kF32;
  std::vector<uint64_t> shape;
  uint64_t offset = 0;  // from the start of the tensors, a multiple of 64
  std::span<const std::byte> data;
};

/// A model whose vectors are still empty, and where their values are.
struct ArtifactDescription {
  Model model;
  std::vector<Tensor> tensors;
};

[[nodiscard]] std::string describe_artifact(const Model& model, std::span<const Tensor> tensors);

/// Every tensor of the result lies within `tensors` and is as long as its shape says. kCorrupt for
/// what cannot be, kUnsupported for a kind of model this build does not know.
[[nodiscard]] base::Result<ArtifactDescription> read_description(
    std::string_view json, std::span<const std::byte> tensors);

}  // namespace ringmaker::model
