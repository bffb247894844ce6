// `ringmaker inspect`: what a model is, for a person, as JSON, or as a SageMaker Model Card.
#pragma once

#include "base/result.h"
#include "cli/command.h"

#include <string>

namespace ringmaker::cli {

[[nodiscard]] Command inspect_command() noexcept;

enum class Description : uint8_t { kText, kJson, kCard };

/// `path`: a model file or a directory that holds one.
[[nodiscard]] base::Result<std::string> inspect_model(const std::string& path, Description form);

}  // namespace ringmaker::cli
