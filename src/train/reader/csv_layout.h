// CsvLayout: what the columns of a channel's files are, decided once, by the first row of the first
// file.
//
// A header is recognised by its texts where features have numbers, in every file or only in the
// first, unless the options tell; or by features that are named 0, 1, 2, ... beside a label that is
// text, or by columns that are all named so, before a row that is no order of these numbers. Labels
// and columns that are dropped may be text in any row, so they say nothing. Without one, columns
// are named column_0, column_1, ... and features feature_0, ...; with one, columns that it does not
// name are named so as well.
#pragma once

#include "base/result.h"
#include "codec/csv/field_converter.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

struct CsvOptions {
  /// A column's name, or its position from 0, "-1" the last; empty: the first column.
  std::string label;
  std::vector<std::string> drop_columns;  // names or positions
  std::vector<std::string> missing_markers;
  /// The first row is a header; empty: as its texts say.
  std::optional<bool> header = std::nullopt;
  /// The second column holds what each row weighs.
  bool weights = false;
};

enum class ColumnRole : uint8_t { kFeature, kLabel, kWeight, kDropped };

/// Neighbouring features: `count` columns from `column` on are features from `feature` on.
struct ColumnRun {
  size_t column = 0;
  size_t count = 0;
  size_t feature = 0;
};

struct CsvLayout {
  std::vector<std::string> names;  // one a column
  std::vector<ColumnRole> roles;   // one a column
  std::vector<ColumnRun> runs;
  std::vector<std::string> feature_names;
  size_t label_column = 0;
  std::optional<size_t> weight_column;
  bool header = false;
  bool label_told = false;  // by the options; else the first column was taken
  /// The header does not name the first column, as pandas does not name an index.
  bool first_unnamed = false;
  /// The first row is 0, 1, 2, ... and was taken for values, though it may be a header.
  bool numbered_row = false;
  /// How many names of the first row are numbers, where it was taken for a header by its looks.
  size_t numbers_for_names = 0;

  [[nodiscard]] size_t columns() const noexcept { return names.size(); }
};

/// A column as sentences name it: `column 2 "age"`, and where there is no header `column 2 (counted
/// from 1)`, because options count from 0.
[[nodiscard]] std::string column_text(const CsvLayout& layout, size_t column);

/// The first row of a file that is not blank: what its fields say, quotes off.
struct FirstRow {
  enum class Kind : uint8_t { kText, kNumber, kMissing };
  std::vector<std::string> texts;
  std::vector<Kind> kinds;  // one a text
};
[[nodiscard]] FirstRow read_first_row(const std::vector<std::string_view>& raw_fields,
                                      codec::FieldConverter& converter);

/// Of the first file. `place` is "file:line", for errors; `behind` the row behind that is not
/// blank, empty where none is in sight.
[[nodiscard]] base::Result<CsvLayout> make_layout(const FirstRow& row, const CsvOptions& options,
                                                  std::string_view place,
                                                  const FirstRow& behind = {});

/// Of every further file: whether its first row repeats the header. An error when it is a header,
/// but another one.
[[nodiscard]] base::Result<bool> repeats_header(const FirstRow& row, const CsvLayout& layout,
                                                std::string_view place,
                                                const FirstRow& behind = {});

}  // namespace ringmaker::train
