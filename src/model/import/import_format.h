// ImportFormat: which library wrote a file, known by content.
//
// Names and extensions say little: SageMaker's XGBoost container calls every file xgboost-model.
#pragma once

#include "base/result.h"
#include "model/import/byte_source.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ringmaker::model {

enum class ImportFormat : uint8_t {
  kXgboostJson,
  kXgboostUbjson,
  kXgboostBinary,
  kXgboostSnapshot,  // CONFIG-offset: the state of a Booster
  kPickle,           // of a Booster: a snapshot within
  kLightgbmText,
  kOnnx,
};

/// "XGBoost JSON", ...
[[nodiscard]] std::string_view name(ImportFormat format) noexcept;

/// Nothing where no importer is for the file. The first bytes tell; of ONNX, whose fields come in
/// any order, those at the beginning of each; JSON is looked through, 16 MB at most, until it
/// speaks of a learner and its model. Only `read` makes errors.
[[nodiscard]] base::Result<std::optional<ImportFormat>> import_format(const ByteSource& file);
/// Of a whole file.
[[nodiscard]] std::optional<ImportFormat> import_format(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
