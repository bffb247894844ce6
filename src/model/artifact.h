// Artifact: our own model file, one self-contained, versioned, checksummed block of bytes.
//
// The format is drawn in docs/model_format.md. Decoding trusts nothing: one flipped bit or any
// missing tail is an error that names what was wrong.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace ringmaker::model {

/// The name of the file inside a model directory.
inline constexpr std::string_view kArtifactFileName = "model.ringmaker";

/// An average of models has no file of its own: its members do.
[[nodiscard]] std::vector<std::byte> encode_artifact(const Model& model);

/// Whether a file of `file_bytes` whose first bytes are `start`, 4096 of them or all there are, can
/// be an artifact; the errors of decode_artifact(). What cannot be one need not be read.
[[nodiscard]] base::Result<void> check_start(std::span<const std::byte> start, uint64_t file_bytes);

/// `bytes` starts 64-byte aligned. kCorrupt for damage, kUnsupported for a foreign file or a newer
/// version. `file` holds the bytes, and the model what it needs of them, so that trees stay where
/// they are (TreeEnsemble::filed); null: everything is copied.
[[nodiscard]] base::Result<Model> decode_artifact(std::span<const std::byte> bytes,
                                                  std::shared_ptr<const void> file = nullptr);

}  // namespace ringmaker::model
