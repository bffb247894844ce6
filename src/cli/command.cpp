#include "cli/command.h"

#include "base/nearest_name.h"
#include "cli/command_list.h"
#include "config/option_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kInstructionSetVariable = "RINGMAKER_ISA";
constexpr std::array<std::string_view, 5> kInstructionSets{"auto", "portable", "neon", "avx2",
                                                           "avx512"};

/// A variable of one command may stand in the environment of another: images set them for all.
std::vector<std::string> variables_of_all() {
  std::vector<std::string> names{std::string(kInstructionSetVariable)};
  for (const Command& command : commands()) {
    for (const config::Option& option : command.options) {
      names.push_back(config::variable_of(option.name));
    }
  }
  return names;
}

base::Result<void> check_instruction_set(const config::Texts& environment) {
  const std::string* given = config::find_text(environment, kInstructionSetVariable);
  if (given != nullptr && std::find(kInstructionSets.begin(), kInstructionSets.end(), *given) ==
                              kInstructionSets.end()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is {}; it is one of {}", kInstructionSetVariable,
                                  config::quote(*given), fmt::join(kInstructionSets, ", ")));
  }
  return {};
}

}  // namespace

base::Result<config::FileValues> read_values(const std::string& path, std::string_view command) {
  RM_ASSIGN(config::OptionFile file, config::read_option_file(path));
  for (const auto& [name, section] : file.sections) {
    const Command* named = find_command(name);
    if (named == nullptr || !named->of_the_platform) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}: the table {} is of no command; it is [serve] or [train]",
                                    section.place, config::quote(name)));
    }
  }
  config::FileValues values;
  if (const auto own = file.sections.find(command); own != file.sections.end()) {
    values = std::move(own->second.values);
  }
  values.merge(file.values);
  return values;
}

base::Result<std::string> text_of_either(const config::OptionValues& values, std::string_view name,
                                         std::string_view second) {
  const config::OptionValue& one = values.get(name);
  const config::OptionValue& other = values.get(second);
  const bool both = one.source == config::OptionValue::Source::kFlag && other.source == one.source;
  if (both && one.text != other.text) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("--{} is {} and --{} is {}, which are one option with two names", name,
                    config::quote(one.text), second, config::quote(other.text)));
  }
  return other.source > one.source ? other.text : one.text;
}

const std::string* early_value(const Call& call, std::string_view option) {
  const std::string* flag = config::find_text(call.flags, option);
  return flag != nullptr ? flag : config::find_text(call.environment, config::variable_of(option));
}

base::Result<config::OptionValues> resolve(std::span<const config::Option> options,
                                           const Call& call, const config::Texts& hyperparameters) {
  RM_TRY(check_instruction_set(call.environment));
  config::OptionSources sources{call.flags, call.environment, hyperparameters, {}};
  const bool takes_file = std::any_of(options.begin(), options.end(),
                                      [](const auto& option) { return option.name == "config"; });
  if (const std::string* file = early_value(call, "config"); file != nullptr && takes_file) {
    RM_ASSIGN(sources.file, read_values(*file, call.command));
  }
  return config::resolve_options(options, sources, variables_of_all());
}

bool inside_sagemaker(const Command& command, const Call& call) {
  if (!command.of_the_platform) {
    return false;
  }
  if (const std::string* told = early_value(call, "platform")) {
    if (*told == "sagemaker" || *told == "local") {
      return *told == "sagemaker";
    }
  }
  constexpr std::array<std::string_view, 3> kOfPeople{"data", "model-dir", "port"};
  const std::vector<std::string> names(kOfPeople.begin(), kOfPeople.end());
  const bool misspelt = std::ranges::any_of(call.strays, [&](const std::string& stray) {
    const std::string name = stray.substr(0, stray.find('='));
    return name.starts_with("--") && !base::nearest_name(name.substr(2), names).empty();
  });
  return !misspelt && std::none_of(kOfPeople.begin(), kOfPeople.end(), [&](std::string_view flag) {
    return call.flags.contains(flag);
  });
}

}  // namespace ringmaker::cli
