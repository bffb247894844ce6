#include "codec/feature_index.h"

#include <algorithm>
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
  const auto place = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [&](uint32_t feature, std::string_view n) { return schema_.feature_names[feature] < n; });
  if (place == by_name_.end() || schema_.feature_names[*place] != name) {
    return std::nullopt;
  }
  return *place;
}

}  // namespace ringmaker::codec
