// Command: what a verb of the program is: a line of a table, from which parsing, help, completion
// and `config` are made.
#pragma once

#include "base/result.h"
#include "config/option_table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::cli {

/// One use of a command, as it was asked for.
struct Call {
  std::string_view command = {};  // whose table of the file counts; empty: none
  config::Texts flags = {};       // by the option's name; a switch is "true"
  std::vector<std::string> words = {};
  std::vector<std::string> strays = {};  // unknown arguments, tolerated inside SageMaker alone
  config::Texts environment = {};
  bool inside_sagemaker = false;
};

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view arguments;  // behind the name in the usage line
  std::span<const config::Option> options;
  std::array<std::string_view, 2> examples;
  int (*run)(const Call& call) = nullptr;          // the exit code
  std::span<const std::string_view> choices = {};  // of its word; empty: a file
  size_t words_max = 0;
  size_t options_shown = SIZE_MAX;  // in its help; of the others `note` tells
  std::string_view note = {};
  bool of_the_platform = false;  // SageMaker runs it, with arguments of its own
};

/// The values of `command`'s options for this call. `hyperparameters`: of hyperparameters.json.
[[nodiscard]] base::Result<config::OptionValues> resolve(std::span<const config::Option> options,
                                                         const Call& call,
                                                         const config::Texts& hyperparameters = {});

/// The value of an option that has a second name: what is closer counts, a flag before a variable,
/// and of two variables the one of the first name. Two flags that differ are kInvalidInput.
[[nodiscard]] base::Result<std::string> text_of_either(const config::OptionValues& values,
                                                       std::string_view name,
                                                       std::string_view second);

/// What a file of options says to `command`: its table wins over what is said to all.
[[nodiscard]] base::Result<config::FileValues> read_values(const std::string& path,
                                                           std::string_view command);

/// The value of an option that decides before all are resolved: of the flag, else of the variable;
/// null: of neither.
[[nodiscard]] const std::string* early_value(const Call& call, std::string_view option);

/// Whether the platform runs the command: train or serve with none of --data, --model-dir, --port.
/// --platform and RINGMAKER_PLATFORM overrule.
[[nodiscard]] bool inside_sagemaker(const Command& command, const Call& call);

}  // namespace ringmaker::cli
