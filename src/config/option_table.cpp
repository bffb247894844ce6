#include "config/option_table.h"

#include "base/check.h"
#include "base/nearest_name.h"

#include <fmt/format.h>
#include <toml.hpp>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace ringmaker::config {
namespace {

constexpr std::string_view kPrefix = "RINGMAKER_";

base::Result<void> check_variables(std::span<const Option> table, const Texts& environment,
                                   std::span<const std::string_view> known) {
  std::vector<std::string> valid(known.begin(), known.end());
  for (const Option& option : table) {
    valid.push_back(variable_of(option.name));
  }
  for (const auto& [name, value] : environment) {
    if (name.starts_with(kPrefix) && std::find(valid.begin(), valid.end(), name) == valid.end()) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("the variable {} is unknown{}", name, base::did_you_mean(name, valid)));
    }
  }
  return {};
}

base::Result<void> check_file(std::span<const Option> table, const Texts& file) {
  std::vector<std::string> valid;
  for (const Option& option : table) {
    valid.emplace_back(option.name);
  }
  for (const auto& [name, value] : file) {
    if (std::find(valid.begin(), valid.end(), name) == valid.end()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("the configuration file's key \"{}\" is unknown{}", name,
                                    base::did_you_mean(name, valid)));
    }
  }
  return {};
}

/// Empty values count as not given, as platforms set variables to nothing.
const std::string* find(const Texts& texts, std::string_view name) {
  const auto found = texts.find(name);
  return found == texts.end() || found->second.empty() ? nullptr : &found->second;
}

OptionValue value_of(const Option& option, const Texts& flags, const Texts& environment,
                     const Texts& file) {
  if (const std::string* flag = find(flags, option.name)) {
    return {*flag, fmt::format("--{}", option.name)};
  }
  const std::string variable = variable_of(option.name);
  if (const std::string* own = find(environment, variable)) {
    return {*own, variable};
  }
  if (!option.aws_variable.empty()) {
    if (const std::string* aws = find(environment, option.aws_variable)) {
      return {*aws, std::string(option.aws_variable)};
    }
  }
  if (const std::string* in_file = find(file, option.name)) {
    return {*in_file, "the configuration file"};
  }
  return {std::string(option.default_value), "default"};
}

std::string text_of(const toml::value& value) {
  if (value.is_string()) {
    return value.as_string().str;
  }
  if (value.is_boolean()) {
    return value.as_boolean() ? "true" : "false";
  }
  if (value.is_integer()) {
    return fmt::format("{}", value.as_integer());
  }
  return fmt::format("{}", value.as_floating());
}

}  // namespace

std::string variable_of(std::string_view option) {
  std::string name(kPrefix);
  for (const char c : option) {
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

base::Result<OptionValues> resolve_options(std::span<const Option> table, const Texts& flags,
                                           const Texts& environment, const Texts& file,
                                           std::span<const std::string_view> known) {
  RM_TRY(check_variables(table, environment, known));
  RM_TRY(check_file(table, file));
  OptionValues values;
  for (const Option& option : table) {
    values.names_.emplace_back(option.name);
    values.values_.emplace(option.name, value_of(option, flags, environment, file));
  }
  return values;
}

const OptionValue& OptionValues::get(std::string_view name) const {
  const auto found = values_.find(name);
  RM_CHECK(found != values_.end());
  return found->second;
}

base::Result<uint64_t> OptionValues::integer(std::string_view name, uint64_t least,
                                             uint64_t greatest) const {
  const OptionValue& value = get(name);
  uint64_t number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  if (error != std::errc() || stop != end || number < least || number > greatest) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} ({}) is \"{}\"; it is a whole number from {} to {}", name,
                                  value.origin, value.text, least, greatest));
  }
  return number;
}

base::Result<std::string> OptionValues::choice(std::string_view name,
                                               std::span<const std::string_view> choices) const {
  const OptionValue& value = get(name);
  if (std::find(choices.begin(), choices.end(), value.text) == choices.end()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} ({}) is \"{}\"; it is one of {}", name, value.origin,
                                  value.text, fmt::join(choices, ", ")));
  }
  return value.text;
}

std::string OptionValues::differences() const {
  std::string text;
  for (const std::string& name : names_) {
    const OptionValue& value = get(name);
    if (value.origin != "default") {
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, value.text);
    }
  }
  return text;
}

Texts read_environment() {
  Texts texts;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      texts.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return texts;
}

base::Result<Texts> read_option_file(const std::string& path) {
  try {
    const toml::value document = toml::parse(path);
    Texts texts;
    for (const auto& [name, value] : document.as_table()) {
      if (value.is_table() || value.is_array()) {
        return base::fail(
            base::ErrorCode::kInvalidInput,
            fmt::format("{}: \"{}\" is a table or list; an option is one value", path, name));
      }
      texts.emplace(name, text_of(value));
    }
    return texts;
  } catch (const std::exception& error) {
    return base::fail(base::ErrorCode::kInvalidInput, fmt::format("{}: {}", path, error.what()));
  }
}

}  // namespace ringmaker::config
