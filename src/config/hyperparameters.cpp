#include "config/hyperparameters.h"

#include "base/nearest_name.h"
#include "base/text.h"
#include "config/option_table.h"
#include "wire/json_reader.h"
#include "wire/number_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ringmaker::config {
namespace {

/// Takes one layer of JSON quotes off, if there is one.
std::string normalise(std::string_view raw) {
  const std::string_view text = base::trimmed(raw, base::kWhiteSpace);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    const auto inner = wire::JsonValue::parse(text);
    if (inner && inner->is_string()) {
      return std::string(base::trimmed(inner->text(), base::kWhiteSpace));
    }
  }
  return text == "null" || text == "None" ? "" : std::string(text);
}

}  // namespace

base::Result<Hyperparameters> Hyperparameters::parse(std::string_view json) {
  Hyperparameters parsed;
  if (base::trimmed(json, base::kWhiteSpace).empty()) {
    return parsed;
  }
  RM_ASSIGN(const wire::JsonValue document, wire::JsonValue::parse(json));
  RM_ASSIGN(const auto members, document.as_object());
  for (const wire::JsonValue& member : members) {
    if (member.is_array() || member.is_object()) {
      return base::fail(member.error("is a list or an object; a hyperparameter is one value"));
    }
    parsed.set(member.key(), member.text());
  }
  return parsed;
}

void Hyperparameters::set(std::string_view name, std::string_view value, std::string_view origin) {
  if (name.starts_with("sagemaker_")) {
    return;
  }
  std::string text = normalise(value);
  origins_.insert_or_assign(std::string(name), std::string(origin));
  if (text.empty()) {
    values_.erase(std::string(name));
    empty_names_.emplace(name);
  } else {
    empty_names_.erase(std::string(name));
    values_.insert_or_assign(std::string(name), std::move(text));
  }
}

base::Error Hyperparameters::wrong(std::string_view name, std::string_view value,
                                   std::string_view expected) const {
  const auto origin = origins_.find(name);
  const bool told = origin != origins_.end() && !origin->second.empty();
  return {base::ErrorCode::kInvalidInput,
          fmt::format("{}hyperparameter \"{}\" is {}; it is {}", told ? origin->second + ": " : "",
                      name, quote(value), expected)};
}

base::Result<void> Hyperparameters::check_names(std::span<const std::string_view> known) const {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const auto& [name, value] : values_) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return base::fail(
          base::ErrorCode::kInvalidInput,
          fmt::format("hyperparameter \"{}\" is unknown{}", name, base::did_you_mean(name, names)));
    }
  }
  return {};
}

std::optional<std::string> Hyperparameters::text(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || base::equals_ignoring_case(found->second, "auto")) {
    return std::nullopt;
  }
  return found->second;
}

base::Result<double> Hyperparameters::number(std::string_view name, double otherwise, double least,
                                             double greatest) const {
  const auto given = text(name);
  if (!given) {
    return otherwise;
  }
  const auto parsed = wire::parse_double(*given);
  if (!parsed.ok() || !(parsed.value >= least && parsed.value <= greatest)) {
    return base::fail(wrong(name, *given, fmt::format("a number from {} to {}", least, greatest)));
  }
  return parsed.value;
}

base::Result<uint64_t> Hyperparameters::integer(std::string_view name, uint64_t otherwise,
                                                uint64_t least, uint64_t greatest) const {
  const auto given = text(name);
  if (!given) {
    return otherwise;
  }
  // Tuners write 10.0 for 10.
  const auto parsed = wire::parse_double(*given);
  const bool whole = parsed.ok() && std::floor(parsed.value) == parsed.value;
  if (!whole || !(parsed.value >= static_cast<double>(least)) ||
      !(parsed.value <= static_cast<double>(greatest))) {
    return base::fail(
        wrong(name, *given, fmt::format("a whole number from {} to {}", least, greatest)));
  }
  return static_cast<uint64_t>(parsed.value);
}

base::Result<bool> Hyperparameters::boolean(std::string_view name, bool otherwise) const {
  const auto given = text(name);
  if (!given) {
    return otherwise;
  }
  const std::string value = base::lowercase(*given);
  if (value == "true" || value == "1" || value == "yes") {
    return true;
  }
  if (value == "false" || value == "0" || value == "no") {
    return false;
  }
  return base::fail(wrong(name, *given, "true or false"));
}

base::Result<std::string> Hyperparameters::choice(std::string_view name, std::string_view otherwise,
                                                  std::span<const std::string_view> choices) const {
  const auto given = text(name);
  if (!given) {
    return std::string(otherwise);
  }
  const auto choice = std::ranges::find_if(
      choices, [&](std::string_view one) { return base::equals_ignoring_case(one, *given); });
  if (choice == choices.end()) {
    return base::fail(wrong(name, *given, fmt::format("one of {}", fmt::join(choices, ", "))));
  }
  return std::string(*choice);
}

std::vector<std::string> Hyperparameters::list(std::string_view name) const {
  std::vector<std::string> items;
  const auto given = text(name);
  if (!given) {
    return items;
  }
  if (given->starts_with('[')) {
    if (const auto parsed = wire::JsonValue::parse(*given); parsed && parsed->is_array()) {
      const auto values = parsed->as_array();
      for (const wire::JsonValue& value : *values) {
        items.push_back(value.text());
      }
      return items;
    }
  }
  for (std::string_view rest = *given; !rest.empty();) {
    items.emplace_back(base::take_item(rest));
  }
  return items;
}

}  // namespace ringmaker::config
