// `ringmaker import`: a model of another library becomes a model file of ours.
#pragma once

#include "base/result.h"
#include "cli/command.h"

#include <string>

namespace ringmaker::cli {

[[nodiscard]] Command import_command() noexcept;

/// Reads the model at `path`, a file, and writes `directory`/model.ringmaker, which appears whole
/// or not at all, and only when what it holds answers to sample rows as the original does, bit for
/// bit. Returns a sentence about what was done.
[[nodiscard]] base::Result<std::string> import_file(const std::string& path,
                                                    const std::string& directory);

}  // namespace ringmaker::cli
