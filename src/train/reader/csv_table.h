// CsvTable: the CSV files of a channel become rows of numbers and labels.
//
// Files are streamed in blocks; the text is never held whole. A header is recognised by its texts
// where numbers would be, in every file. Labels may be any text; which column they are in is told
// by name, by position, or is the first.
#pragma once

#include "base/result.h"
#include "data/dense_block.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::train {

struct CsvTableOptions {
  /// A column's name, or its position from 0; empty: the first column.
  std::string label;
  std::vector<std::string> drop_columns;  // names or positions
  std::vector<std::string> missing_markers;
  /// Of a training channel, when a validation channel is read: same columns, in the same order.
  std::optional<size_t> columns_expected;
};

struct CsvTable {
  data::DenseBlock features{1, 0};
  std::vector<std::string> feature_names;  // of the header, or feature_0, feature_1, ...
  /// Numeric labels; for text labels their place in label_texts.
  std::vector<double> labels;
  std::vector<std::string> label_texts;  // empty when all labels are numbers
  bool header = false;
  size_t columns = 0;  // of the files, label and dropped columns included
  size_t label_column = 0;
};

/// Errors name file, line, column and value.
[[nodiscard]] base::Result<CsvTable> read_csv_table(const std::vector<std::string>& files,
                                                    const CsvTableOptions& options);

}  // namespace ringmaker::train
