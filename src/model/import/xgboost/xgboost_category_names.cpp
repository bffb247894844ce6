#include "model/import/xgboost/xgboost_category_names.h"

#include "wire/utf8.h"

#include <algorithm>

namespace ringmaker::model {
namespace {

constexpr std::string_view kLost = wire::kReplacementCharacter;

/// The characters of a text, each with the bytes that continue it; kLost for one that is cut off.
std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> characters;
  for (size_t at = 0, next = 0; at < text.size(); at = next) {
    next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) {
      ++next;
    }
    const std::string_view character = text.substr(at, next - at);
    characters.push_back(wire::is_utf8(character) ? character : kLost);
  }
  return characters;
}

}  // namespace

std::vector<std::string> names_between(const std::vector<int32_t>& offsets, std::string_view text) {
  const std::vector<std::string_view> characters = characters_of(text);
  std::vector<std::string> by_bytes;
  std::vector<std::string> by_characters;
  for (size_t i = 0; i + 1 < offsets.size(); ++i) {
    const auto begin = static_cast<size_t>(offsets[i]);
    const auto end = static_cast<size_t>(offsets[i + 1]);
    by_bytes.emplace_back(text.substr(begin, end - begin));
    std::string& name = by_characters.emplace_back();
    for (size_t c = begin; c < end; ++c) {
      name += c < characters.size() ? characters[c] : kLost;
    }
  }
  const bool whole =
      std::ranges::all_of(by_bytes, [](const std::string& name) { return wire::is_utf8(name); });
  const bool unsorts = std::ranges::is_sorted(by_characters) && !std::ranges::is_sorted(by_bytes);
  return whole && !unsorts ? by_bytes : by_characters;
}

}  // namespace ringmaker::model
