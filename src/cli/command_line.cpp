#include "cli/command_line.h"

#include "base/nearest_name.h"
#include "base/standard_error.h"
#include "cli/command_list.h"
#include "cli/help_text.h"
#include "cli/terminal.h"
#include "io/signals.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

namespace ringmaker::cli {
namespace {

constexpr int kUserFault = 2;

/// Called through a link named after a command, as containers do: `serve` is `ringmaker serve`.
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  const std::string name = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "";
  if (name == "serve" || name == "train") {
    arguments.insert(arguments.begin(), name);
  } else if (!arguments.empty() && arguments.front() == "--version") {
    arguments.front() = "version";
  }
  return arguments;
}

/// The flags and words of one command, read by CLI11.
class Arguments {
 public:
  explicit Arguments(const Command& command)
      : app_("", "ringmaker"), words_max_(command.words_max) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.add_flag("-h,--help", help_);
    for (const config::Option& option : command.options) {
      add(option);
    }
    if (command.words_max > 0) {
      app_.add_option("words", words_);
    }
  }

  /// Throws CLI::ParseError.
  void parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    app_.parse(arguments);
  }
  [[nodiscard]] bool help() const noexcept { return help_; }
  [[nodiscard]] Call call() const {
    Call call;
    for (const auto& [name, option] : options_) {
      if (option->count() > 0) {
        call.flags.emplace(name, option->results().empty() ? "" : option->results().back());
      }
    }
    call.words = words_;
    call.strays = app_.remaining();
    while (call.words.size() > words_max_) {
      call.strays.insert(call.strays.begin(), call.words.back());
      call.words.pop_back();
    }
    call.environment = config::read_environment();
    return call;
  }

 private:
  void add(const config::Option& option) {
    std::string names;
    if (option.letter != 0) {
      names += fmt::format("-{},", option.letter);
    }
    names += fmt::format("--{}", option.name);
    // Hyperparameters are spelt with underscores, flags by habit with hyphens.
    std::string hyphens(option.name);
    std::replace(hyphens.begin() + 1, hyphens.end(), '_', '-');
    if (hyphens != option.name) {
      names += fmt::format(",--{}", hyphens);
    }
    CLI::Option* added =
        option.value_name.empty() ? app_.add_flag(names) : app_.add_option(names)->expected(1);
    added->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    options_.emplace_back(option.name, added);
  }

  CLI::App app_;
  size_t words_max_;
  bool help_ = false;
  std::vector<std::string> words_;
  std::vector<std::pair<std::string, CLI::Option*>> options_;
};

/// Strays inside SageMaker are a warning, elsewhere an error.
base::Result<void> check_strays(const Command& command, const Call& call) {
  if (call.strays.empty() || call.inside_sagemaker) {
    return {};
  }
  std::vector<std::string> names{"--help"};
  for (const config::Option& option : command.options) {
    names.push_back(fmt::format("--{}", option.name));
  }
  const std::string& stray = call.strays.front();
  const std::string suggestion = base::did_you_mean(stray.substr(0, stray.find('=')), names);
  return base::fail(
      base::ErrorCode::kInvalidInput,
      fmt::format("unknown argument {}{} See `ringmaker {} -h`.", config::quote(stray),
                  suggestion.empty() ? "." : suggestion, command.name));
}

int run_command(const Command& command, std::vector<std::string> words) {
  Arguments arguments(command);
  try {
    arguments.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    // "--port: 1 required TEXT missing": what comes before the colon is the option.
    const std::string what = error.what();
    return report(command.name,
                  {base::ErrorCode::kInvalidInput,
                   error.get_name() == "ArgumentMismatch"
                       ? fmt::format("{} needs a value; `ringmaker {} -h` says which",
                                     what.substr(0, what.find(':')), command.name)
                       : what},
                  config::read_environment());
  }
  Call call = arguments.call();
  call.command = command.name;
  if (arguments.help()) {
    return print_result(command.name, help_of(command), call.environment);
  }
  call.inside_sagemaker = inside_sagemaker(command, call);
  if (const auto checked = check_strays(command, call); !checked) {
    return report(command.name, checked.error(), call.environment);
  }
  return command.run(call);
}

int run_checked(int argc, char** argv) {
  std::vector<std::string> arguments = arguments_of(argc, argv);
  if (arguments.empty()) {
    base::write_to_standard_error(help_of_all(commands()));
    return kUserFault;
  }
  if (arguments.front() == "help" && arguments.size() > 1) {
    arguments = {arguments[1], "--help"};  // "help train" is "train --help"
  }
  const std::string name = arguments.front();
  if (name == "-h" || name == "--help" || name == "help") {
    return print_result("", help_of_all(commands()), config::read_environment());
  }
  const Command* command = find_command(name);
  if (command == nullptr) {
    const std::string suggestion = base::did_you_mean(name, command_names());
    return report(
        "",
        {base::ErrorCode::kInvalidInput,
         fmt::format("unknown command {}{} There are {}.", config::quote(name),
                     suggestion.empty() ? "." : suggestion, fmt::join(command_names(), ", "))},
        config::read_environment());
  }
  if (command->of_the_platform) {
    io::hold_stop_signals();
  }
  arguments.erase(arguments.begin());
  return run_command(*command, std::move(arguments));
}

}  // namespace

int run(int argc, char** argv) {
  hold_standard_descriptors();
  // A reader that goes away, or a file as large as may be, is an error of writing, not the end of
  // the process.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // Libraries may throw; nothing leaves the program that way.
  try {
    return run_checked(argc, argv);
  } catch (const std::exception& error) {
    base::tell("ringmaker: internal error: {}\n", error.what());
    return 1;
  }
}

}  // namespace ringmaker::cli
