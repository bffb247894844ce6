// Artifact: our own model file, one self-contained, versioned, checksummed block of bytes.
//
// The format is drawn in docs/model_format.md. Decoding trusts nothing: one flipped bit or any
// missing tail is an error that names what was wrong.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace ringmaker::model {

/// The name of the file inside a model directory.
inline constexpr std::string_view kArtifactFileName = "model.ringmaker";

[[nodiscard]] std::vector<std::byte> encode_artifact(const Model& model);

/// `bytes` starts 64-byte aligned. kCorrupt for damage, kUnsupported for a foreign file or a newer
/// version.
[[nodiscard]] base::Result<Model> decode_artifact(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
