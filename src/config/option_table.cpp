#include "config/option_table.h"

#include "base/check.h"
#include "base/nearest_name.h"
#include "base/text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>

namespace ringmaker::config {
namespace {

constexpr std::string_view kPrefix = "RINGMAKER_";

std::optional<uint64_t> number_of(std::string_view given) noexcept {
  const std::string_view text = base::trimmed(given, base::kWhiteSpace);
  uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || text.empty()) {
    return std::nullopt;
  }
  return number;
}

base::Result<void> check_variables(std::span<const Option> table, const Texts& environment,
                                   std::span<const std::string> known) {
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

bool same_but_for_hyphens(std::string_view a, std::string_view b) noexcept {
  const auto hyphen = [](char c) { return c == '_' ? '-' : c; };
  return std::ranges::equal(a, b, {}, hyphen, hyphen);
}

/// The file's values by the table's names: log_level is log-level.
base::Result<FileValues> named_by(std::span<const Option> table, const FileValues& file) {
  FileValues named;
  for (const auto& [name, value] : file) {
    const auto option = std::ranges::find_if(
        table, [&key = name](const Option& one) { return same_but_for_hyphens(one.name, key); });
    if (option == table.end()) {
      std::vector<std::string> valid;
      std::ranges::transform(table, std::back_inserter(valid),
                             [](const Option& one) { return std::string(one.name); });
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}: the option {} is unknown{}", value.origin, quote(name),
                                    base::did_you_mean(name, valid)));
    }
    if (option->name == "config") {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}: a file of options names no other", value.origin));
    }
    const auto [there, added] = named.emplace(option->name, value);
    if (!added) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}: {} stands here a second time, after {}", value.origin,
                                    option->name, there->second.origin));
    }
  }
  return named;
}

/// A flag that is there without a value: `--port "$PORT"` with PORT unset is a mistake to tell of.
base::Result<void> check_flags(std::span<const Option> table, const Texts& flags) {
  for (const Option& option : table) {
    const auto flag = flags.find(option.name);
    if (flag != flags.end() && flag->second.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("--{} needs a value{}{}", option.name,
                                    option.help.empty() ? "" : ": ", option.help));
    }
  }
  return {};
}

std::optional<OptionValue> platform_value(const Option& option, const Texts& environment) {
  for (const PlatformVariable& variable : option.platform) {
    const std::string* text = find_text(environment, variable.name);
    if (text == nullptr) {
      continue;
    }
    OptionValue value{*text, OptionValue::Source::kVariable, std::string(variable.name),
                      variable.unit};
    if (variable.unit != 1) {
      const auto number = number_of(*text);
      if (number == 0) {
        continue;
      }
      if (number && *number <= UINT64_MAX / variable.unit) {
        value.text = fmt::format("{}", *number * variable.unit);
      }
    }
    return value;
  }
  return std::nullopt;
}

OptionValue value_of(const Option& option, const OptionSources& sources, const FileValues& file) {
  using Source = OptionValue::Source;
  if (const std::string* flag = find_text(sources.flags, option.name)) {
    return {*flag, Source::kFlag, fmt::format("--{}", option.name)};
  }
  const std::string variable = variable_of(option.name);
  if (const std::string* own = find_text(sources.environment, variable)) {
    return {*own, Source::kVariable, variable};
  }
  if (auto platform = platform_value(option, sources.environment)) {
    return std::move(*platform);
  }
  if (option.hyperparameter) {
    if (const std::string* given = find_text(sources.hyperparameters, option.name)) {
      return {*given, Source::kHyperparameters, "hyperparameters.json"};
    }
  }
  if (const auto in_file = file.find(option.name);
      in_file != file.end() && !in_file->second.text.empty()) {
    return in_file->second;
  }
  return {std::string(option.default_value)};
}

}  // namespace

const std::string* find_text(const Texts& texts, std::string_view name) {
  const auto found = texts.find(name);
  return found == texts.end() || found->second.empty() ? nullptr : &found->second;
}

std::string variable_of(std::string_view option) {
  std::string name(kPrefix);
  for (const char c : option) {
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

std::string quote(std::string_view text) {
  constexpr size_t kShown = 60;
  std::string shown = "\"";
  size_t bytes = 0;
  for (; bytes < std::min(text.size(), kShown); ++bytes) {
    const auto byte = static_cast<unsigned char>(text[bytes]);
    if (byte < 0x20 || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += text[bytes];
    }
  }
  if (bytes < text.size()) {
    // Not in the middle of a character.
    while (!shown.empty() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) {
      shown.pop_back();
      --bytes;
    }
    shown += "...";
  }
  return shown + "\"";
}

base::Result<OptionValues> resolve_options(std::span<const Option> table,
                                           const OptionSources& sources,
                                           std::span<const std::string> known) {
  RM_TRY(check_flags(table, sources.flags));
  RM_TRY(check_variables(table, sources.environment, known));
  RM_ASSIGN(const FileValues file, named_by(table, sources.file));
  OptionValues values;
  values.table_ = table;
  for (const Option& option : table) {
    values.values_.emplace(option.name, value_of(option, sources, file));
  }
  return values;
}

const OptionValue& OptionValues::get(std::string_view name) const {
  const auto found = values_.find(name);
  RM_CHECK(found != values_.end());
  return found->second;
}

base::Error OptionValues::wrong(std::string_view name, std::string_view expected) const {
  const OptionValue& value = get(name);
  // In a unit of its own the number is told as it was given.
  const auto number = value.unit == 1 ? std::nullopt : number_of(value.text);
  const std::string text =
      number && *number % value.unit == 0 ? fmt::format("{}", *number / value.unit) : value.text;
  const bool named_by_origin =
      value.source == OptionValue::Source::kFlag || value.source == OptionValue::Source::kVariable;
  return {base::ErrorCode::kInvalidInput,
          named_by_origin
              ? fmt::format("{} is {}; it is {}", value.origin, quote(text), expected)
              : fmt::format("{}: {} is {}; it is {}", value.origin, name, quote(text), expected)};
}

base::Result<uint64_t> OptionValues::integer(std::string_view name, uint64_t least,
                                             uint64_t greatest) const {
  const OptionValue& value = get(name);
  const auto number = number_of(value.text);
  if (!number || *number < least || *number > greatest) {
    return base::fail(
        wrong(name, fmt::format("a whole number from {} to {}",
                                (least + value.unit - 1) / value.unit, greatest / value.unit)));
  }
  return *number;
}

base::Result<bool> OptionValues::boolean(std::string_view name) const {
  constexpr std::array<std::string_view, 4> kTrue{"true", "yes", "on", "1"};
  constexpr std::array<std::string_view, 4> kFalse{"false", "no", "off", "0"};
  const std::string text = base::lowercase(base::trimmed(get(name).text, base::kWhiteSpace));
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) {
    return true;
  }
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) {
    return false;
  }
  return base::fail(wrong(name, "true or false"));
}

base::Result<std::string> OptionValues::choice(std::string_view name) const {
  const auto option = std::find_if(table_.begin(), table_.end(),
                                   [name](const Option& one) { return one.name == name; });
  RM_CHECK(option != table_.end());
  const std::string text = base::lowercase(base::trimmed(get(name).text, base::kWhiteSpace));
  const auto found = std::find(option->choices.begin(), option->choices.end(), text);
  if (found == option->choices.end()) {
    return base::fail(wrong(name, fmt::format("one of {}", fmt::join(option->choices, ", "))));
  }
  return std::string(*found);
}

std::string OptionValues::differences() const {
  std::string text;
  for (const Option& option : table_) {
    const OptionValue& value = get(option.name);
    if (value.text != option.default_value) {
      const bool plain = value.text.find_first_of(base::kWhiteSpace) == std::string::npos;
      text += fmt::format("{}{}={}", text.empty() ? "" : " ", option.name,
                          plain ? value.text : fmt::format("\"{}\"", value.text));
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

}  // namespace ringmaker::config
