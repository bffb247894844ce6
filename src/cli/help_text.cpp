#include "cli/help_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace ringmaker::cli {
namespace {

constexpr size_t kColumns = 100;
constexpr size_t kHelpColumn = 27;

/// `text` behind `left`, broken between words, further lines below its beginning.
std::string paragraph(const std::string& left, std::string_view text, size_t indent) {
  std::string lines = fmt::format("{:<{}}", left, indent);
  size_t column = lines.size();
  bool first = true;
  while (!text.empty()) {
    const size_t blank = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (!first && column + 1 + word.size() > kColumns) {
      lines += '\n' + std::string(indent, ' ');
      column = indent;
      first = true;
    }
    lines += first ? "" : " ";
    lines += word;
    column += word.size() + (first ? 0 : 1);
    first = false;
  }
  return lines + '\n';
}

std::string line_of(const config::Option& option) {
  std::string left = "  ";
  if (option.letter != 0) {
    left += fmt::format("-{}, ", option.letter);
  }
  left += fmt::format("--{}", option.name);
  if (!option.value_name.empty()) {
    left += fmt::format(" {}", option.value_name);
  }
  left += ' ';
  std::string text(option.help);
  text += fmt::format(" [{}", config::variable_of(option.name));
  for (const config::PlatformVariable& variable : option.platform) {
    text += fmt::format(", {}", variable.name);
  }
  text += option.default_value.empty() ? "; no default]"
                                       : fmt::format("; default {}]", option.default_value);
  return paragraph(left, text, kHelpColumn);
}

/// Hyperparameters are many and documented by AWS: their names are enough.
std::string hyperparameters_of(const Command& command) {
  std::string names;
  for (const config::Option& option : command.options) {
    if (option.help.empty() && command.options_shown == SIZE_MAX) {
      names += fmt::format("{}{}", names.empty() ? "" : " ", option.name);
    }
  }
  return names.empty() ? ""
                       : "\nHyperparameters, in hyperparameters.json, as --NAME VALUE or as "
                         "RINGMAKER_NAME, by default auto:\n" +
                             paragraph("", names, 2);
}

std::string examples_of(std::span<const std::string_view> examples) {
  std::string text = "\nExamples:\n";
  for (const std::string_view example : examples) {
    text += fmt::format("  {}\n", example);
  }
  return text;
}

}  // namespace

std::string help_of(const Command& command) {
  std::string text = fmt::format("{}\n\nUsage: ringmaker {}{}{}{}\n", command.summary, command.name,
                                 command.arguments.empty() ? "" : " ", command.arguments,
                                 command.options.empty() ? "" : " [OPTION...]");
  text += "\nOptions [variable; default]:\n";
  const size_t shown = std::min(command.options_shown, command.options.size());
  for (const config::Option& option : command.options.first(shown)) {
    if (!option.help.empty()) {
      text += line_of(option);
    }
  }
  text += paragraph("  -h, --help", "this text", kHelpColumn);
  if (!command.note.empty()) {
    text += '\n' + paragraph("", command.note, 0);
  }
  return text + hyperparameters_of(command) + examples_of(command.examples);
}

std::string help_of_all(std::span<const Command> commands) {
  std::string text =
      "Ringmaker trains and serves tabular models behind Amazon SageMaker, and on a laptop.\n\n"
      "Usage: ringmaker COMMAND [ARGUMENT...]\n\nCommands, each with -h:\n";
  for (const Command& command : commands) {
    text += fmt::format("  {:<12} {}\n", command.name, command.summary);
  }
  text +=
      "\nA value comes from a flag, a variable, hyperparameters.json, the --config file or the "
      "default,\nin this order; `ringmaker config` shows where from. Called as `train` or `serve` "
      "(links), the\nprogram is that command. Exit code: 0 fine, 2 the user's fault, 3 the "
      "platform's, 1 ours.\n";
  constexpr std::array<std::string_view, 2> kExamples{
      "ringmaker train --data iris.csv --label species --model-dir model",
      "ringmaker serve --model-dir model --port 8080"};
  return text + examples_of(kExamples);
}

}  // namespace ringmaker::cli
