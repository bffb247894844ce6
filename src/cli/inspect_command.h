// `ringmaker inspect`: what a model is, for a person, as JSON, or as a SageMaker Model Card.
#pragma once

#include "base/result.h"
#include "cli/command.h"
#include "model/model.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::cli {

[[nodiscard]] Command inspect_command() noexcept;

/// A few lines: kind, objective, inputs, classes, size, origin, metrics, and the features by
/// importance.
/// `plan` is the predictor's: which kernels score how many rows here; empty where there is no
/// choice.
[[nodiscard]] std::string describe_model(const model::Model& model, uint64_t file_bytes,
                                         std::string_view plan = {});
/// The same as one JSON document, features in the order of a row.
[[nodiscard]] std::string describe_model_as_json(const model::Model& model, uint64_t file_bytes,
                                                 std::string_view plan = {});

enum class Description : uint8_t { kText, kJson, kCard };

/// `path`: a model file or a directory that holds one.
[[nodiscard]] base::Result<std::string> inspect_model(const std::string& path, Description form);

}  // namespace ringmaker::cli
