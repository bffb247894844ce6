#include "train/reader/csv_layout.h"

#include "base/nearest_name.h"
#include "base/text.h"
#include "codec/csv/csv_dialect.h"
#include "codec/csv/csv_lexer.h"
#include "codec/csv/unnamed_column.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>

namespace ringmaker::train {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

std::optional<size_t> position(std::string_view text) {
  size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

using Kind = FirstRow::Kind;

constexpr std::string_view kLastColumn = "-1";

/// Text for a label, and features that are 0, 1, 2, ... or 1, 2, 3, ... Two of them might as well
/// be values.
bool is_numbered(const FirstRow& row, size_t label, const std::vector<bool>& no_feature) {
  constexpr size_t kFeaturesMin = 3;
  if (label >= row.kinds.size() || row.kinds[label] != Kind::kText) {
    return false;
  }
  std::vector<size_t> places;
  for (size_t k = 0; k < row.texts.size(); ++k) {
    if (k >= no_feature.size() || !no_feature[k]) {
      places.push_back(position(row.texts[k]).value_or(SIZE_MAX));
    }
  }
  const auto in_order = [](size_t one, size_t next) { return next == one + 1; };
  return places.size() >= kFeaturesMin && places.front() <= 1 &&
         std::ranges::adjacent_find(places, std::not_fn(in_order)) == places.end();
}

/// 0, 1, 2, ..., the label's column as well; an index before them, which is no label, has no name.
bool is_counted(const FirstRow& row, size_t label) {
  constexpr size_t kColumnsMin = 4;
  const size_t index = label != 0 && !row.texts.empty() && row.texts.front().empty() ? 1 : 0;
  for (size_t k = index; k < row.texts.size(); ++k) {
    if (position(row.texts[k]) != k - index) {
      return false;
    }
  }
  return row.texts.size() >= kColumnsMin;
}

/// Places alone, as each row of rankings holds: the first of them might as well be in order.
bool holds_places_alone(const FirstRow& row) {
  return std::ranges::all_of(row.texts, [&](const std::string& text) {
    return position(text).value_or(SIZE_MAX) < row.texts.size();
  });
}

/// How pandas writes columns that have no names. A class in such a place would come again.
bool is_numbered_header(const FirstRow& row, size_t label, const std::vector<bool>& no_feature,
                        const FirstRow& behind) {
  if (is_counted(row, label)) {
    return !holds_places_alone(behind);
  }
  return is_numbered(row, label, no_feature) && !is_numbered(behind, label, no_feature) &&
         (label >= behind.texts.size() || behind.texts[label] != row.texts[label]);
}

/// Several texts where features would be, or one and nothing else, and then not beside a number for
/// a label: that would be a row with a bad cell.
bool looks_like_header(const FirstRow& row, size_t label, const std::vector<bool>& no_feature,
                       const FirstRow& behind) {
  if (is_numbered_header(row, label, no_feature, behind)) {
    return true;
  }
  size_t texts = 0;
  size_t numbers = 0;
  for (size_t k = 0; k < row.kinds.size(); ++k) {
    const bool feature = k >= no_feature.size() || !no_feature[k];
    const bool text = row.kinds[k] == Kind::kText;
    const bool name = text && codec::names_something(row.texts[k]);
    texts += feature && name ? 1 : 0;
    numbers += feature && (row.kinds[k] == Kind::kNumber || (text && !name)) ? 1 : 0;
  }
  const bool label_is_number = label < row.kinds.size() && row.kinds[label] == Kind::kNumber;
  return texts > 1 || (texts == 1 && numbers == 0 && !label_is_number);
}

/// The columns that the options name by position and that hold no feature.
std::vector<bool> told_by_position(const CsvOptions& options, size_t label, size_t columns) {
  std::vector<bool> told(columns, false);
  const auto tell = [&told](size_t column) {
    if (column < told.size()) {
      told[column] = true;
    }
  };
  tell(label);
  for (const std::string& dropped : options.drop_columns) {
    tell(position(dropped).value_or(columns));
  }
  if (options.weights) {
    tell(1);
  }
  return told;
}

Result<void> name_columns(CsvLayout& layout, const FirstRow& row, std::string_view place) {
  std::map<std::string, size_t> seen;
  for (size_t k = 0; k < row.texts.size(); ++k) {
    const bool named = layout.header && !row.texts[k].empty();
    const std::string text = named ? row.texts[k] : codec::unnamed_column(k);
    if (!wire::is_utf8(text)) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}, column {}: the name is not valid UTF-8", place, k + 1));
    }
    if (const auto [twin, added] = seen.try_emplace(text, k); !added) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}: columns {} and {} are both named \"{}\"", place,
                              twin->second + 1, k + 1, text));
    }
    layout.names.push_back(text);
  }
  return {};
}

/// A column that is told by name where there are no names.
tl::unexpected<base::Error> no_names(size_t columns, std::string_view wanted, std::string_view what,
                                     std::string_view place) {
  return fail(ErrorCode::kInvalidInput,
              fmt::format("{}: there is no {} column \"{}\", and the file has no header: give its "
                          "position, 0 to {}",
                          place, what, wanted, columns - 1));
}

Result<size_t> find_column(const CsvLayout& layout, const std::string& wanted,
                           std::string_view what, std::string_view place) {
  const auto at = position(wanted);
  for (size_t k = 0; layout.header && k < layout.columns(); ++k) {
    if (layout.names[k] == wanted) {
      if (at && *at < layout.columns() && *at != k) {
        return fail(ErrorCode::kInvalidInput,
                    fmt::format("{}: the {} column \"{}\" is unclear: it is the name of column {} "
                                "and, counted from 0, the position of column {}, \"{}\"",
                                place, what, wanted, k + 1, *at + 1, layout.names[*at]));
      }
      return k;
    }
  }
  if (at && *at < layout.columns()) {
    return *at;
  }
  if (!at && !layout.header) {
    return no_names(layout.columns(), wanted, what, place);
  }
  const std::string columns = base::counted(layout.columns(), "column");
  const std::string known =
      !layout.header ? fmt::format("the file has no header, and {}, counted from 0", columns)
      : at           ? fmt::format("the file has {}, counted from 0", columns)
                     : fmt::format("the file has {}", columns);
  return fail(ErrorCode::kInvalidInput,
              fmt::format("{}: there is no {} column \"{}\"; {}{}", place, what, wanted, known,
                          layout.header ? base::did_you_mean(wanted, layout.names) : ""));
}

Result<void> give_roles(CsvLayout& layout, const CsvOptions& options, std::string_view place) {
  layout.roles.assign(layout.columns(), ColumnRole::kFeature);
  for (const std::string& dropped : options.drop_columns) {
    RM_ASSIGN(const size_t column, find_column(layout, dropped, "dropped", place));
    if (column == layout.label_column) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}: drop_columns names {}, which is the label", place,
                              column_text(layout, column)));
    }
    layout.roles[column] = ColumnRole::kDropped;
  }
  if (options.weights) {
    if (layout.columns() < 2 || layout.label_column == 1) {
      return fail(
          ErrorCode::kInvalidInput,
          fmt::format("{}: csv_weights=1 says that the second column holds weights, but {}", place,
                      layout.columns() < 2 ? "there is only one" : "it is the label"));
    }
    layout.weight_column = 1;
    layout.roles[1] = ColumnRole::kWeight;
  }
  layout.roles[layout.label_column] = ColumnRole::kLabel;
  return {};
}

/// What a file that is no CSV looks like, where its first line is one column.
std::string_view other_format(const FirstRow& row) {
  const std::string_view text = row.texts.empty() ? std::string_view() : row.texts.front();
  // "1 1:0.5 7:2": a number, then pairs with a colon.
  const size_t blank = text.find(' ');
  if (blank != std::string_view::npos && text.find(':', blank) != std::string_view::npos) {
    return "; the file looks like libsvm: convert it to CSV";
  }
  return "";
}

void list_features(CsvLayout& layout) {
  for (size_t k = 0; k < layout.columns(); ++k) {
    if (layout.roles[k] != ColumnRole::kFeature) {
      continue;
    }
    if (layout.runs.empty() || layout.runs.back().column + layout.runs.back().count != k) {
      layout.runs.push_back({k, 0, layout.feature_names.size()});
    }
    ++layout.runs.back().count;
    layout.feature_names.push_back(
        layout.header ? layout.names[k] : fmt::format("feature_{}", layout.feature_names.size()));
  }
}

}  // namespace

std::string column_text(const CsvLayout& layout, size_t column) {
  return layout.header ? fmt::format("column {} \"{}\"", column + 1, layout.names[column])
                       : fmt::format("column {} (counted from 1)", column + 1);
}

FirstRow read_first_row(const std::vector<std::string_view>& raw_fields,
                        codec::FieldConverter& converter) {
  FirstRow row;
  std::string scratch;
  for (const std::string_view raw : raw_fields) {
    row.texts.emplace_back(codec::field_text(raw, scratch).text);
    float value = 0;
    const bool number = converter.convert_one(raw, value) == codec::DecodeErrorCode::kNone;
    row.kinds.push_back(wire::is_decimal_comma(row.texts.back()) ? Kind::kNumber
                        : !number                                ? Kind::kText
                        : std::isnan(value)                      ? Kind::kMissing
                                                                 : Kind::kNumber);
  }
  return row;
}

Result<CsvLayout> make_layout(const FirstRow& row, const CsvOptions& options,
                              std::string_view place, const FirstRow& behind) {
  CsvLayout layout;
  const size_t columns = row.texts.size();
  layout.label_told = !options.label.empty();
  const bool last = options.label == kLastColumn;
  const size_t label = last                ? columns - 1
                       : layout.label_told ? position(options.label).value_or(SIZE_MAX)
                                           : 0;
  // A label that is told by name needs a header to be found in.
  const bool by_name = label == SIZE_MAX;
  const bool names_label =
      by_name && std::ranges::find(row.texts, options.label) != row.texts.end();
  layout.header = options.header.value_or(
      names_label ||
      looks_like_header(row, label, told_by_position(options, label, columns), behind));
  if (by_name && !layout.header) {
    return no_names(columns, options.label, "label", place);
  }
  layout.first_unnamed = layout.header && row.texts.front().empty();
  if (layout.header && !options.header && !names_label) {
    layout.numbers_for_names = static_cast<size_t>(std::ranges::count(row.kinds, Kind::kNumber));
  }
  layout.numbered_row = !layout.header && !options.header && is_counted(row, label);
  RM_TRY(name_columns(layout, row, place));
  if (last) {
    layout.label_column = label;
  } else if (layout.label_told) {
    RM_ASSIGN(layout.label_column, find_column(layout, options.label, "label", place));
  }
  RM_TRY(give_roles(layout, options, place));
  list_features(layout);
  if (layout.feature_names.empty()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("{}: there is no column besides the label{}",
                                                      place, other_format(row)));
  }
  return layout;
}

Result<bool> repeats_header(const FirstRow& row, const CsvLayout& layout, std::string_view place,
                            const FirstRow& behind) {
  if (row.texts.size() != layout.columns()) {
    return false;
  }
  std::vector<bool> no_feature(layout.columns());
  for (size_t k = 0; k < layout.columns(); ++k) {
    no_feature[k] = layout.roles[k] != ColumnRole::kFeature;
  }
  const bool numbered = is_numbered_header(row, layout.label_column, no_feature, behind);
  const bool is_header = looks_like_header(row, layout.label_column, no_feature, behind);
  if (!layout.header) {
    // Else of text alone: with a number it is a row with bad cells.
    const bool number =
        std::find(row.kinds.begin(), row.kinds.end(), Kind::kNumber) != row.kinds.end();
    if (numbered || (is_header && !number)) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{}: this file has a header, and the first one has none; give all "
                              "of them one, or none",
                              place));
    }
    return false;
  }
  std::optional<size_t> different;
  for (size_t k = row.texts.size(); k-- > 0;) {
    const bool same = row.texts[k].empty() ? layout.names[k] == codec::unnamed_column(k)
                                           : row.texts[k] == layout.names[k];
    different = same ? different : k;
  }
  if (!different) {
    return true;
  }
  if (is_header) {
    return fail(
        ErrorCode::kInvalidInput,
        fmt::format("{}: the header differs from the first one: column {} is \"{}\", "
                    "there it is \"{}\"",
                    place, *different + 1, row.texts[*different], layout.names[*different]));
  }
  return false;
}

}  // namespace ringmaker::train
