#include "train/dataset/column_review.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace ringmaker::train {
namespace {

constexpr size_t kColumnsNamedMax = 8;

struct Ranges {
  std::vector<float> least;
  std::vector<float> greatest;
};

/// NaN compares as false, so that what is missing leaves both ends alone.
void widen(data::DenseView rows, Ranges& ranges) noexcept {
  float* const least = ranges.least.data();
  float* const greatest = ranges.greatest.data();
  for (size_t i = 0; i < rows.rows; ++i) {
    const float* row = rows.row(i);
    for (size_t j = 0; j < rows.columns; ++j) {
      least[j] = row[j] < least[j] ? row[j] : least[j];
      greatest[j] = row[j] > greatest[j] ? row[j] : greatest[j];
    }
  }
}

bool tells_apart(float least, float greatest) noexcept {
  return static_cast<double>(greatest) - static_cast<double>(least) > kSpreadMin;
}

/// A few thousand rows settle it for most data; then the rest is not looked at.
Ranges ranges_of(data::DenseView rows) {
  constexpr size_t kRowsAtOnce = 4096;
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Ranges ranges{std::vector<float>(rows.columns, kInfinity),
                std::vector<float>(rows.columns, -kInfinity)};
  for (size_t i = 0; i < rows.rows; i += kRowsAtOnce) {
    widen(rows.slice(i, std::min(kRowsAtOnce, rows.rows - i)), ranges);
    if (std::equal(ranges.least.begin(), ranges.least.end(), ranges.greatest.begin(),
                   tells_apart)) {
      break;
    }
  }
  return ranges;
}

/// `1 column has no value in any row: "a"`, `12 columns have ...: "a", "b" and 10 more`.
std::string sentence(const std::vector<std::string>& names, std::string_view what) {
  const size_t named = std::min(names.size(), kColumnsNamedMax);
  std::string list;
  for (size_t i = 0; i < named; ++i) {
    list += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > named) {
    list += fmt::format(" and {} more", names.size() - named);
  }
  return fmt::format("{} {} {}: {}", names.size(),
                     names.size() == 1 ? "column has" : "columns have", what, list);
}

}  // namespace

std::vector<std::string> review_columns(const Dataset& dataset) {
  std::vector<std::string> empty;
  std::vector<std::string> constant;
  std::vector<std::string> close;
  const Ranges ranges = ranges_of(dataset.features.view());
  for (size_t j = 0; j < dataset.features.columns(); ++j) {
    const float least = ranges.least[j];
    const float greatest = ranges.greatest[j];
    if (!tells_apart(least, greatest)) {
      (least > greatest    ? empty
       : least == greatest ? constant
                           : close)
          .push_back(dataset.schema.feature_names[j]);
    }
  }
  std::vector<std::string> sentences;
  if (!empty.empty()) {
    sentences.push_back(sentence(empty, "no value in any row"));
  }
  if (!constant.empty()) {
    sentences.push_back(sentence(constant, "the same value in every row"));
  }
  if (!close.empty()) {
    sentences.push_back(sentence(
        close, fmt::format("values less than {} apart, too close to learn from; in another unit "
                           "they would count",
                           kSpreadMin)));
  }
  return sentences;
}

}  // namespace ringmaker::train
