// `ringmaker completion`: a script that completes this program's commands and options in a shell.
#pragma once

#include "cli/command.h"

#include <span>
#include <string>
#include <string_view>

namespace ringmaker::cli {

[[nodiscard]] Command completion_command() noexcept;

/// `shell` is bash, zsh or fish; empty for any other.
[[nodiscard]] std::string completion_script(std::string_view shell,
                                            std::span<const Command> commands);

}  // namespace ringmaker::cli
