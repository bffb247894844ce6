// CommandList: the commands of this program, in the order of its help.
#pragma once

#include "cli/command.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

[[nodiscard]] std::span<const Command> commands();
/// Null: there is none of that name.
[[nodiscard]] const Command* find_command(std::string_view name);
[[nodiscard]] std::vector<std::string> command_names();

}  // namespace ringmaker::cli
