#include "codec/csv/csv_columns.h"

#include "base/nearest_name.h"
#include "codec/csv/unnamed_column.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace ringmaker::codec {
namespace {

/// The place that a library's name for a column without one tells: 3 for "f3", "Column_3" and "3".
std::optional<size_t> named_place(std::string_view name) noexcept {
  for (const std::string_view prefix : {"f", "Column_", ""}) {
    if (name.starts_with(prefix)) {
      size_t place = 0;
      const char* const end = name.data() + name.size();
      const auto [stop, error] = std::from_chars(name.data() + prefix.size(), end, place);
      return error == std::errc() && stop == end ? std::optional(place) : std::nullopt;
    }
  }
  return std::nullopt;
}

/// A column of the header that may be the one that is lacking; empty where none is near.
std::string nearest_column(const CsvColumns& columns, std::span<const std::string> header,
                           std::string_view lacking) {
  constexpr size_t kLookedAtMax = 256;
  constexpr size_t kNameBytesMax = 64;
  std::vector<std::string> names;
  for (size_t k = 0; k < header.size() && names.size() < kLookedAtMax; ++k) {
    if (header[k].size() <= kNameBytesMax && !columns.feature_of(header[k], k)) {
      names.push_back(header[k]);
    }
  }
  return lacking.size() <= kNameBytesMax ? base::nearest_name(lacking, names) : std::string();
}

}  // namespace

CsvColumns::CsvColumns(const data::Schema& schema) : schema_(schema), features_(schema) {
  segments_.reserve(std::max<size_t>(1, schema.feature_count()));
  expect_features();
}

void CsvColumns::expect_features() noexcept {
  count_ = schema_.feature_count();
  segments_.assign(1, {0, 0, count_});  // never beyond what the constructor reserved
  ignored_ = false;
  names_features_ = false;
}

std::optional<size_t> CsvColumns::feature_of(std::string_view name, size_t column) const {
  const auto found = features_.find(name);
  return found || !name.empty() ? found : features_.find(unnamed_column(column));
}

bool CsvColumns::learn(std::span<const std::string> names, DecodeError& error) {
  const size_t width = schema_.feature_count();
  count_ = names.size();
  const bool by_place = !schema_.features_named;
  if (by_place && !all_are_places(names)) {
    return learn_positions(error);
  }
  seen_.assign(width, false);
  segments_.clear();
  names_features_ = false;
  size_t matched = 0;
  bool names_places = true;
  for (size_t k = 0; k < count_; ++k) {
    const std::string& name = names[k];
    names_places &= named_place(name) == k;
    auto feature = feature_of(name, k);
    if (!feature && by_place) {
      feature = named_place(name);
    }
    if (!feature) {
      continue;
    }
    names_features_ = true;
    if (seen_[*feature]) {
      error.code = DecodeErrorCode::kDuplicateColumn;
      error.column = static_cast<uint32_t>(k + 1);
      error.set_text(name);
      return false;
    }
    seen_[*feature] = true;
    ++matched;
    append(k, *feature);
  }
  ignored_ = matched < count_;
  const auto lacking = std::find(seen_.begin(), seen_.end(), false);
  if (lacking == seen_.end()) {
    return true;
  }
  if (names_places && matched == 0 && count_ == width) {
    return learn_positions(error);
  }
  const std::string& name = schema_.feature_names[static_cast<size_t>(lacking - seen_.begin())];
  error.code = DecodeErrorCode::kUnknownColumn;
  error.set_text(name);
  error.set_near(nearest_column(*this, names, name));
  return false;
}

bool CsvColumns::learn_positions(DecodeError& error) {
  const size_t width = schema_.feature_count();
  names_features_ = false;
  ignored_ = false;
  if (count_ == width) {
    segments_.assign(1, {0, 0, count_});
    return true;
  }
  error.code = count_ < width ? DecodeErrorCode::kTooFewColumns : DecodeErrorCode::kTooManyColumns;
  error.found = static_cast<uint32_t>(count_);
  error.expected = static_cast<uint32_t>(width);
  return false;
}

/// As many as there are features, each a place among them: in any other header, numbers and letters
/// that look like places may be names of the client's own.
bool CsvColumns::all_are_places(std::span<const std::string> names) const {
  return names.size() == schema_.feature_count() &&
         std::ranges::all_of(names, [&](const std::string& name) {
           return features_.find(name) || named_place(name).value_or(SIZE_MAX) < names.size();
         });
}

void CsvColumns::append(size_t column, size_t feature) {
  Segment* const previous = segments_.empty() ? nullptr : &segments_.back();
  if (previous != nullptr && previous->column + previous->count == column &&
      previous->feature + previous->count == feature) {
    ++previous->count;
  } else {
    segments_.push_back({column, feature, 1});
  }
}

}  // namespace ringmaker::codec
