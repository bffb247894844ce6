#include "model/import/lightgbm/pandas_categories.h"

#include "base/text.h"
#include "wire/json_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace ringmaker::model {
namespace {

using base::Result;
using wire::JsonValue;

std::vector<size_t> named_by_parameter(const LightgbmFile& file) {
  std::vector<size_t> features;
  std::string_view list;
  if (file.categorical_features) {
    list = *file.categorical_features;
  }
  while (!list.empty()) {
    const std::string_view item = base::take_item(list);
    size_t feature = 0;
    const auto parsed = std::from_chars(item.data(), item.data() + item.size(), feature);
    if (parsed.ec != std::errc() || feature >= file.feature_names.size()) {
      return {};
    }
    features.push_back(feature);
  }
  std::ranges::sort(features);
  return features;
}

std::vector<size_t> named_by_infos(const LightgbmFile& file) {
  std::vector<size_t> features;
  for (size_t j = 0; j < std::min(file.feature_infos.size(), file.feature_names.size()); ++j) {
    const std::string& info = file.feature_infos[j];
    if (!info.starts_with('[') && info != "none") {
      features.push_back(j);
    }
  }
  return features;
}

bool are_texts(std::span<const JsonValue> values) {
  return std::ranges::all_of(values, [](const JsonValue& value) { return value.is_string(); });
}

}  // namespace

Result<std::vector<std::vector<std::string>>> pandas_categories(const LightgbmFile& file) {
  std::vector<std::vector<std::string>> names;
  if (file.pandas_categories.empty() || file.pandas_categories == "null") {
    return names;
  }
  const auto refused = [](const base::Error& error) {
    return base::fail(base::ErrorCode::kCorrupt, "pandas_categorical: " + error.message());
  };
  const auto document = JsonValue::parse(file.pandas_categories);
  if (!document) {
    return refused(document.error());
  }
  const auto lists = document->as_array();
  if (!lists) {
    return refused(lists.error());
  }
  std::vector<size_t> features = named_by_parameter(file);
  if (features.size() != lists->size()) {
    features = named_by_infos(file);
  }
  for (size_t i = 0; i < lists->size(); ++i) {
    const auto values = (*lists)[i].as_array();
    if (!values) {
      return refused(values.error());
    }
    if (features.size() != lists->size() || !are_texts(*values)) {
      continue;
    }
    names.resize(file.feature_names.size());
    for (const JsonValue& value : *values) {
      names[features[i]].emplace_back(value.text());
    }
  }
  const bool some = std::ranges::any_of(names, [](const auto& list) { return !list.empty(); });
  return some ? names : std::vector<std::vector<std::string>>();
}

}  // namespace ringmaker::model
