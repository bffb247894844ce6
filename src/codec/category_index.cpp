#include "codec/category_index.h"

#include "wire/utf8.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace ringmaker::codec {
namespace {

/// What was lost when the library cut a name into bytes.
constexpr std::string_view kLost = wire::kReplacementCharacter;

/// The first character of UTF-8, with the bytes that continue it.
std::string_view first_character(std::string_view text) noexcept {
  size_t end = 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    ++end;
  }
  return text.substr(0, end);
}

bool matches(std::string_view name, std::string_view text) noexcept {
  while (!name.empty() && !text.empty()) {
    const std::string_view wanted = first_character(name);
    const std::string_view found = first_character(text);
    if (wanted != kLost && wanted != found) {
      return false;
    }
    name.remove_prefix(wanted.size());
    text.remove_prefix(found.size());
  }
  return name.empty() && text.empty();
}

}  // namespace

CategoryIndex::CategoryIndex(const data::Schema& schema) : schema_(schema) {
  for (const auto& names : schema.category_names) {
    std::vector<uint32_t>& codes = by_text_.emplace_back(names.size());
    std::iota(codes.begin(), codes.end(), 0U);
    std::stable_sort(codes.begin(), codes.end(),
                     [&](uint32_t a, uint32_t b) { return names[a] < names[b]; });
  }
}

std::optional<float> CategoryIndex::code_of(size_t feature, std::string_view text) const noexcept {
  if (schema_.is_text(feature)) {
    return code_of_text(feature, text);
  }
  // A category without a name is none that could be meant: nothing is missing.
  return text.empty() ? std::nullopt : find_exactly(feature, text);
}

std::optional<float> CategoryIndex::value_of(size_t feature, std::string_view text) const noexcept {
  auto value = code_of(feature, text);
  if (!value && schema_.has_category_names(feature)) {
    value = find_damaged(feature, text);
    if (!value && schema_.unknown_text_missing) {
      value = std::numeric_limits<float>::quiet_NaN();
    }
  }
  return value;
}

float CategoryIndex::code_of_text(size_t feature, std::string_view text) const noexcept {
  return find_exactly(feature, text).value_or(-1.0F);
}

std::optional<float> CategoryIndex::find_exactly(size_t feature,
                                                 std::string_view text) const noexcept {
  if (feature >= by_text_.size()) {
    return std::nullopt;
  }
  const auto& names = schema_.category_names[feature];
  const auto& codes = by_text_[feature];
  const auto found = std::lower_bound(
      codes.begin(), codes.end(), text,
      [&](uint32_t code, std::string_view wanted) { return names[code] < wanted; });
  const bool known = found != codes.end() && names[*found] == text;
  return known ? std::optional(static_cast<float>(*found)) : std::nullopt;
}

std::optional<float> CategoryIndex::find_damaged(size_t feature,
                                                 std::string_view text) const noexcept {
  const auto& names = schema_.category_names[feature];
  const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return name.find(kLost) != std::string::npos && matches(name, text);
  });
  return found == names.end() ? std::nullopt
                              : std::optional(static_cast<float>(found - names.begin()));
}

}  // namespace ringmaker::codec
