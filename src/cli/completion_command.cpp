#include "cli/completion_command.h"

#include "cli/command_list.h"
#include "cli/terminal.h"

#include <fmt/format.h>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kName = "completion";
constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

/// `text` within single quotes of a shell.
std::string in_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return quoted + "'";
}

bool is_directory(const config::Option& option) { return option.value_name == "DIR"; }
bool is_file(const config::Option& option) {
  return option.value_name == "FILE" || option.value_name == "PATH";
}

std::string flags_of(const Command& command) {
  std::string flags;
  for (const config::Option& option : command.options) {
    flags += fmt::format("--{} ", option.name);
  }
  return flags + "--help";
}

/// What stands behind an option, by its name alone: an option means the same in every command.
std::string bash_values(std::span<const Command> commands) {
  std::string choices;
  std::string directories;
  std::string files;
  const auto add = [](std::string& to, std::string_view name) {
    const std::string pattern = fmt::format("--{}", name);
    if (("|" + to + "|").find("|" + pattern + "|") == std::string::npos) {
      to += (to.empty() ? "" : "|") + pattern;
    }
  };
  std::string chosen;
  for (const Command& command : commands) {
    for (const config::Option& option : command.options) {
      if (!option.choices.empty() &&
          choices.find(fmt::format("    --{})", option.name)) == std::string::npos) {
        choices +=
            fmt::format("    --{}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n",
                        option.name, fmt::join(option.choices, " "));
      } else if (is_directory(option)) {
        add(directories, option.name);
      } else if (is_file(option)) {
        add(files, option.name);
      } else if (option.choices.empty() && !option.value_name.empty()) {
        add(chosen, option.name);
      }
    }
  }
  return choices +
         fmt::format("    {}) COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n", directories) +
         fmt::format("    {}|-o) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", files) +
         fmt::format("    {}) return ;;\n", chosen);
}

std::string bash_script(std::span<const Command> commands) {
  std::string text =
      "# Completion of ringmaker for bash: source it, or save it below\n"
      "# ~/.local/share/bash-completion/completions/ringmaker\n"
      "_ringmaker() {\n"
      "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\"\n"
      "  COMPREPLY=()\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n";
  text += fmt::format("    COMPREPLY=($(compgen -W \"{}\" -- \"$word\"))\n",
                      fmt::join(command_names(), " "));
  text += "    return\n  fi\n  case \"$before\" in\n" + bash_values(commands) +
          "  esac\n  case \"${COMP_WORDS[1]}:$word\" in\n";
  for (const Command& command : commands) {
    text += fmt::format("    {}:-*) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")) ;;\n",
                        command.name, flags_of(command));
    if (!command.choices.empty()) {
      text += fmt::format("    {}:*) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")) ;;\n",
                          command.name, fmt::join(command.choices, " "));
    } else if (command.words_max > 0) {
      text += fmt::format("    {}:*) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n", command.name);
    }
  }
  return text + "  esac\n}\ncomplete -o filenames -F _ringmaker ringmaker\n";
}

/// '--port[TCP port to listen on]:N:' as _arguments reads it.
std::string zsh_option(const config::Option& option) {
  std::string help;
  for (const char c : option.help) {
    help +=
        c == '[' || c == ']' || c == ':' || c == '\\' ? fmt::format("\\{}", c) : std::string(1, c);
  }
  std::string spec = fmt::format("--{}[{}]", option.name, help);
  if (!option.value_name.empty()) {
    spec += fmt::format(":{}:", option.value_name);
    if (!option.choices.empty()) {
      spec += fmt::format("({})", fmt::join(option.choices, " "));
    } else if (is_directory(option)) {
      spec += "_files -/";
    } else if (is_file(option)) {
      spec += "_files";
    }
  }
  return in_quotes(spec);
}

std::string zsh_script(std::span<const Command> commands) {
  std::string text =
      "#compdef ringmaker\n"
      "# Completion of ringmaker for zsh: save it as _ringmaker in a directory of $fpath.\n"
      "_ringmaker() {\n  local -a commands=(\n";
  for (const Command& command : commands) {
    text += fmt::format("    {}\n", in_quotes(fmt::format("{}:{}", command.name, command.summary)));
  }
  text +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe command commands\n    return\n  fi\n"
      "  local command=\"${words[2]}\"\n  shift words\n  (( CURRENT-- ))\n"
      "  case \"$command\" in\n";
  for (const Command& command : commands) {
    text += fmt::format("    {})\n      _arguments", command.name);
    for (const config::Option& option : command.options) {
      text += " \\\n        " + zsh_option(option);
    }
    if (!command.choices.empty()) {
      text += fmt::format(" \\\n        '1:word:({})'", fmt::join(command.choices, " "));
    } else if (command.words_max > 0) {
      text += " \\\n        '1:file:_files'";
    }
    text += " ;;\n";
  }
  return text +
         "  esac\n}\nif [ \"$funcstack[1]\" = _ringmaker ]; then\n  _ringmaker \"$@\"\nelse\n"
         "  compdef _ringmaker ringmaker\nfi\n";
}

std::string fish_script(std::span<const Command> commands) {
  std::string text =
      "# Completion of ringmaker for fish: save it as\n"
      "# ~/.config/fish/completions/ringmaker.fish\n"
      "complete -c ringmaker -f\n";
  for (const Command& command : commands) {
    text += fmt::format("complete -c ringmaker -n __fish_use_subcommand -a {} -d {}\n",
                        command.name, in_quotes(command.summary));
    const std::string here =
        fmt::format("complete -c ringmaker -n '__fish_seen_subcommand_from {}'", command.name);
    for (const config::Option& option : command.options) {
      text += fmt::format("{} -l {}", here, option.name);
      if (option.letter != 0) {
        text += fmt::format(" -s {}", option.letter);
      }
      if (!option.choices.empty()) {
        text += fmt::format(" -x -a '{}'", fmt::join(option.choices, " "));
      } else if (is_directory(option)) {
        text += " -x -a '(__fish_complete_directories)'";
      } else if (is_file(option)) {
        text += " -r -F";
      } else if (!option.value_name.empty()) {
        text += " -x";
      }
      text += option.help.empty() ? "\n" : fmt::format(" -d {}\n", in_quotes(option.help));
    }
    if (!command.choices.empty()) {
      text += fmt::format("{} -a '{}'\n", here, fmt::join(command.choices, " "));
    } else if (command.words_max > 0) {
      text += here + " -F\n";
    }
  }
  return text;
}

int run_completion(const Call& call) {
  const std::string shell = call.words.empty() ? "" : call.words.front();
  const std::string script = completion_script(shell, commands());
  if (script.empty()) {
    return report(kName,
                  {base::ErrorCode::kInvalidInput,
                   fmt::format("say for which shell: {}", fmt::join(kShells, ", "))},
                  call.environment);
  }
  return print_result(kName, script, call.environment);
}

}  // namespace

std::string completion_script(std::string_view shell, std::span<const Command> commands) {
  if (shell == "bash") {
    return bash_script(commands);
  }
  if (shell == "zsh") {
    return zsh_script(commands);
  }
  return shell == "fish" ? fish_script(commands) : "";
}

Command completion_command() noexcept {
  return {.name = kName,
          .summary = "Print a completion script for a shell",
          .arguments = "bash|zsh|fish",
          .options = {},
          .examples = {"source <(ringmaker completion bash)",
                       "ringmaker completion fish > ~/.config/fish/completions/ringmaker.fish"},
          .run = run_completion,
          .choices = kShells,
          .words_max = 1};
}

}  // namespace ringmaker::cli
