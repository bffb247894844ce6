#include "codec/feature_index.h"

#include <algorithm>
#include <compare>
#include <numeric>

namespace ringmaker::codec {

FeatureIndex::FeatureIndex(const data::Schema& schema)
    : schema_(schema), by_name_(schema.feature_count()) {
  std::iota(by_name_.begin(), by_name_.end(), 0U);
  // Of equal names the first feature comes first, and is the one found.
  std::sort(by_name_.begin(), by_name_.end(), [&](uint32_t a, uint32_t b) {
    const int order = schema.feature_names[a].compare(schema.feature_names[b]);
    return order != 0 ? order < 0 : a < b;
  });
}

std::optional<size_t> FeatureIndex::find(std::string_view name) const noexcept {
  const auto before = [&](uint32_t feature, std::string_view n) {
    return schema_.feature_names[feature] < n;
  };
  const auto place = std::lower_bound(by_name_.begin(), by_name_.end(), name, before);
  if (place != by_name_.end() && schema_.feature_names[*place] == name) {
    return *place;
  }
  return schema_.blanks_as_underscores ? find_blanks(name) : std::nullopt;
}

std::optional<size_t> FeatureIndex::find_blanks(std::string_view name) const noexcept {
  const auto order = [](std::string_view known, std::string_view given) {
    return std::lexicographical_compare_three_way(
        known.begin(), known.end(), given.begin(), given.end(), [](char of_known, char of_given) {
          const char read = of_given == ' ' ? '_' : of_given;
          return static_cast<unsigned char>(of_known) <=> static_cast<unsigned char>(read);
        });
  };
  const auto before = [&](uint32_t feature, std::string_view given) {
    return order(schema_.feature_names[feature], given) < 0;
  };
  const auto place = std::lower_bound(by_name_.begin(), by_name_.end(), name, before);
  const bool found = place != by_name_.end() && order(schema_.feature_names[*place], name) == 0;
  return found ? std::optional<size_t>(*place) : std::nullopt;
}

}  // namespace ringmaker::codec
