#include "train/dataset/column_review.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace ringmaker::train {
namespace {

constexpr size_t kColumnsNamedMax = 8;
/// From here on not every whole number is a float.
constexpr float kWholeFloatsMax = 16777216;  // 2^24
/// A column that spans fewer neighbouring floats loses more than a thousandth of its spread.
constexpr double kGrainsMin = 1000;
constexpr std::string_view kNearerToZero =
    "subtract the same number from all of them, such as the first, before training and in every "
    "request";

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

double distance(float least, float greatest) noexcept {
  return static_cast<double>(greatest) - static_cast<double>(least);
}

bool tells_apart(float least, float greatest) noexcept {
  return distance(least, greatest) > kSpreadMin;
}

/// How far apart the floats are where the column's values are greatest.
double grain_of(float least, float greatest) noexcept {
  const float end = std::max(std::abs(least), std::abs(greatest));
  return distance(std::nextafter(end, 0.0F), end);
}

/// The values lie on few enough floats for rounding to matter.
bool is_coarse(float least, float greatest) noexcept {
  return distance(least, greatest) < kGrainsMin * grain_of(least, greatest);
}

/// Values that need the last bit of their floats have most likely lost more, unless they are whole
/// numbers of which every one is a float.
bool uses_last_bit(data::DenseView rows, size_t column) noexcept {
  for (size_t i = 0; i < rows.rows; ++i) {
    const float value = rows.row(i)[column];
    const bool exact = std::abs(value) <= kWholeFloatsMax && std::trunc(value) == value;
    if (!std::isnan(value) && !exact && (std::bit_cast<uint32_t>(value) & 1U) != 0) {
      return true;
    }
  }
  return false;
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
                   [](float least, float greatest) {
                     return tells_apart(least, greatest) && !is_coarse(least, greatest);
                   })) {
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
  std::vector<std::string> rounded_to_one;
  std::vector<std::string> rounded;
  const Ranges ranges = ranges_of(dataset.features.view());
  for (size_t j = 0; j < dataset.features.columns(); ++j) {
    const float least = ranges.least[j];
    const float greatest = ranges.greatest[j];
    const std::string& name = dataset.schema.feature_names[j];
    if (least > greatest) {
      empty.push_back(name);
    } else if (least == greatest) {
      (std::abs(least) < kWholeFloatsMax ? constant : rounded_to_one).push_back(name);
    } else if (!tells_apart(least, greatest)) {
      close.push_back(name);
    } else if (is_coarse(least, greatest) && uses_last_bit(dataset.features.view(), j)) {
      rounded.push_back(name);
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
  if (!rounded_to_one.empty()) {
    sentences.push_back(sentence(
        rounded_to_one, fmt::format("one value in every row, so far from zero that 32-bit floats "
                                    "would not tell others near it apart; if there are others, {}",
                                    kNearerToZero)));
  }
  if (!rounded.empty()) {
    sentences.push_back(sentence(
        rounded, fmt::format("values so far from zero that 32-bit floats hold little of what they "
                             "differ by; {}",
                             kNearerToZero)));
  }
  return sentences;
}

}  // namespace ringmaker::train
