// `ringmaker inspect`: what a model is, for a person or as JSON.
#pragma once

#include "base/result.h"
#include "model/model.h"

#include <cstdint>
#include <string>

namespace ringmaker::cli {

/// A few lines: kind, task, inputs, classes, size, origin, metrics, and the features by importance.
[[nodiscard]] std::string describe_model(const model::Model& model, uint64_t file_bytes);
/// The same as one JSON document, features in the order of a row.
[[nodiscard]] std::string describe_model_as_json(const model::Model& model, uint64_t file_bytes);

/// `path`: a model file or a directory that holds one.
[[nodiscard]] base::Result<std::string> inspect_model(const std::string& path, bool as_json);

}  // namespace ringmaker::cli
