// HelpText: what -h prints, at most 100 columns wide and one screen high.
#pragma once

#include "cli/command.h"

#include <span>
#include <string>

namespace ringmaker::cli {

/// The usage, each option with its variable and its default, two examples.
[[nodiscard]] std::string help_of(const Command& command);
/// The program's own: its commands, two examples, the exit codes.
[[nodiscard]] std::string help_of_all(std::span<const Command> commands);

}  // namespace ringmaker::cli
