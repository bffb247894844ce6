// Importer: a model file of another library as a model of ours.
#pragma once

#include "base/result.h"
#include "model/import/import_format.h"
#include "model/model.h"

#include <cstddef>
#include <span>

namespace ringmaker::model {

/// How many bytes behind a file must be readable, of any content.
inline constexpr size_t kImportPadding = 64;

/// Errors name the field. kUnsupported for a format or a content that is not read, kCorrupt for
/// damage, kInvalidInput for what contradicts itself.
[[nodiscard]] base::Result<Model> import_model(std::span<const std::byte> bytes);

}  // namespace ringmaker::model
