#include "cli/config_command.h"

#include "cli/terminal.h"
#include "cli/train_command.h"
#include "config/serve_options.h"
#include "wire/json_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace ringmaker::cli {
namespace {

constexpr std::string_view kName = "config";
constexpr std::array<std::string_view, 2> kCommands{"serve", "train"};

/// Its own, then those of serve and train, which have no line in its help.
std::span<const config::Option> table() {
  static const std::vector<config::Option> kAll = [] {
    std::vector<config::Option> options{{"json", "", "false", "one JSON document"}};
    const auto add = [&options](std::span<const config::Option> more) {
      for (const config::Option& option : more) {
        const bool known =
            std::any_of(options.begin(), options.end(),
                        [&](const config::Option& one) { return one.name == option.name; });
        if (!known) {
          options.push_back(option);
        }
      }
    };
    add(config::serve_option_table());
    add(train_command().options);
    return options;
  }();
  return kAll;
}

/// What the command given would do with these flags; flags that it lacks are an error.
base::Result<config::OptionValues> values_for(std::string_view command, const Call& call) {
  const std::span<const config::Option> options =
      command == "serve" ? config::serve_option_table() : train_command().options;
  Call its = call;
  its.command = command;
  its.flags.erase("json");
  for (const auto& [name, value] : its.flags) {
    const bool known = std::any_of(options.begin(), options.end(),
                                   [&name = name](const auto& one) { return one.name == name; });
    if (!known) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{} has no option --{}", command, name));
    }
  }
  if (command == "train") {
    return resolve_train(its);
  }
  RM_ASSIGN(config::OptionValues values, resolve(options, its));
  RM_TRY(config::make_serve_options(values));
  return values;
}

std::string_view other(std::string_view command) {
  return command == kCommands[0] ? kCommands[1] : kCommands[0];
}

std::string as_text(std::string_view command, const config::OptionValues& values) {
  size_t widest_name = 0;
  size_t widest_value = 0;
  for (const config::Option& option : values.table()) {
    widest_name = std::max(widest_name, option.name.size());
    widest_value = std::max(widest_value, std::min<size_t>(values.text(option.name).size(), 40));
  }
  std::string text = fmt::format("{}\n", command);
  for (const config::Option& option : values.table()) {
    const config::OptionValue& value = values.get(option.name);
    text += fmt::format("  {:<{}}  {:<{}}  {}\n", option.name, widest_name,
                        value.text.empty() ? "-" : value.text, widest_value, value.origin);
  }
  return text;
}

void write_json(std::string_view command, const config::OptionValues& values,
                wire::JsonWriter& json) {
  json.key(command).begin_array();
  for (const config::Option& option : values.table()) {
    const config::OptionValue& value = values.get(option.name);
    json.begin_object().member("option", option.name).member("value", value.text);
    json.member("origin", value.origin).member("variable", config::variable_of(option.name));
    json.end_object();
  }
  json.end_array();
}

base::Result<std::string> describe(const Call& call) {
  std::vector<std::string_view> wanted(kCommands.begin(), kCommands.end());
  if (!call.words.empty()) {
    const auto found = std::find(kCommands.begin(), kCommands.end(), call.words.front());
    if (found == kCommands.end()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("there is no configuration of {}; it is one of {}",
                                    config::quote(call.words.front()), fmt::join(kCommands, ", ")));
    }
    wanted = {*found};
  }
  Call own = call;
  std::erase_if(own.flags, [](const auto& flag) { return flag.first != "json"; });
  RM_ASSIGN(const config::OptionValues own_values, resolve(table().first(1), own));
  RM_ASSIGN(const bool as_json, own_values.boolean("json"));
  std::string text;
  wire::JsonWriter json(text, wire::JsonWriter::Layout::kPretty);
  if (as_json) {
    json.begin_object();
  }
  for (const std::string_view command : wanted) {
    const auto resolved = values_for(command, call);
    if (!resolved && wanted.size() > 1) {
      const base::Error& error = resolved.error();
      return base::fail(error.code(),
                        fmt::format("{} (to {}; `ringmaker config {}` shows one alone)",
                                    error.message(), command, other(command)));
    }
    RM_ASSIGN(const config::OptionValues values, resolved);
    if (as_json) {
      write_json(command, values, json);
    } else {
      text += (text.empty() ? "" : "\n") + as_text(command, values);
    }
  }
  if (as_json) {
    json.end_object();
  }
  return text;
}

int run_config(const Call& call) {
  const auto text = describe(call);
  return text ? print_result(kName, *text, call.environment)
              : report(kName, text.error(), call.environment);
}

}  // namespace

Command config_command() {
  return {.name = kName,
          .summary = "Show every option, its value and where it came from",
          .arguments = "[serve|train]",
          .options = table(),
          .examples = {"ringmaker config serve --port 9000",
                       "RINGMAKER_SHARDS=2 ringmaker config --json"},
          .run = run_config,
          .choices = kCommands,
          .words_max = 1,
          .options_shown = 1,
          .note = "All options of serve and train may stand behind it, to see what they change."};
}

}  // namespace ringmaker::cli
