#include "cli/command_list.h"

#include "cli/completion_command.h"
#include "cli/config_command.h"
#include "cli/doctor_command.h"
#include "cli/import_command.h"
#include "cli/inspect_command.h"
#include "cli/predict_command.h"
#include "cli/serve_command.h"
#include "cli/train_command.h"
#include "cli/version_command.h"

#include <algorithm>

namespace ringmaker::cli {

std::span<const Command> commands() {
  static const std::array<Command, 9> kAll{
      train_command(),  serve_command(),  predict_command(),    inspect_command(), import_command(),
      doctor_command(), config_command(), completion_command(), version_command()};
  return kAll;
}

const Command* find_command(std::string_view name) {
  const auto all = commands();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [name](const Command& command) { return command.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    names.emplace_back(command.name);
  }
  return names;
}

}  // namespace ringmaker::cli
