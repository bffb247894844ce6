#include "config/option_file.h"

#include "config/config_file.h"

#include <fmt/core.h>
#include <toml.hpp>

#include <cerrno>
#include <optional>
#include <sstream>

namespace ringmaker::config {
namespace {

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
  if (value.is_floating()) {
    return fmt::format("{}", value.as_floating());
  }
  return toml::format(value);  // dates and times
}

/// The parser's first line without its mark and its own function's name: "[error] toml::x: words".
std::string words_of(std::string_view what) {
  std::string_view line = what.substr(0, what.find('\n'));
  for (const std::string_view mark : {"[error] ", "toml::"}) {
    if (line.starts_with(mark)) {
      line.remove_prefix(mark.size());
    }
  }
  const size_t colon = line.find(": ");
  const size_t blank = line.find(' ');
  if (colon != std::string_view::npos && colon < blank) {
    line.remove_prefix(colon + 2);
  }
  return std::string(line);
}

std::string place_of(const std::string& path, const toml::value& value) {
  return fmt::format("{}:{}", path, value.location().line());
}

base::Result<OptionValue> value_of(const std::string& path, std::string_view name,
                                   const toml::value& value) {
  std::string place = place_of(path, value);
  if (value.is_table() || value.is_array()) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("{}: {} is a table or a list; an option is one value", place, quote(name)));
  }
  return OptionValue{text_of(value), OptionValue::Source::kFile, std::move(place)};
}

base::Result<OptionFile> options_of(const std::string& path, const toml::value& document) {
  OptionFile file;
  for (const auto& [name, value] : document.as_table()) {
    if (!value.is_table()) {
      RM_ASSIGN(OptionValue option, value_of(path, name, value));
      file.values.emplace(name, std::move(option));
      continue;
    }
    OptionFile::Section& section = file.sections[name];
    section.place = place_of(path, value);
    for (const auto& [inner, inner_value] : value.as_table()) {
      RM_ASSIGN(OptionValue option, value_of(path, inner, inner_value));
      section.values.emplace(inner, std::move(option));
    }
  }
  return file;
}

}  // namespace

base::Result<OptionFile> read_option_file(const std::string& path) {
  RM_ASSIGN(const std::optional<std::string> text, read_config_file(path));
  if (!text) {
    return base::fail(base::system_error(ENOENT, fmt::format("cannot read {}", path)));
  }
  std::istringstream lines(*text);
  try {
    return options_of(path, toml::parse(lines, path));
  } catch (const toml::exception& error) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{}:{}: this is not TOML: {}", path, error.location().line(),
                                  words_of(error.what())));
  } catch (const std::exception& error) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{}: this is not TOML: {}", path, words_of(error.what())));
  }
}

}  // namespace ringmaker::config
