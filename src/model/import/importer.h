// Importer: a model file of another library as a model of ours.
//
// The format is known by content: names and extensions say little, SageMaker's XGBoost container
// calls every file xgboost-model.
#pragma once

#include "base/result.h"
#include "model/model.h"

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

/// What the first bytes of a file say it is; nothing where no importer is for it.
[[nodiscard]] std::optional<ImportFormat> import_format(std::span<const std::byte> bytes) noexcept;

/// How many bytes behind a file must be readable, of any content.
inline constexpr size_t kImportPadding = 64;

/// Errors name the field. kUnsupported for a format or a content that is not read, kCorrupt for
/// damage, kInvalidInput for what contradicts itself.
[[nodiscard]] base::Result<Model> import_model(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
