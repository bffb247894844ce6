// CsvTable: the CSV files of a channel become rows of numbers and labels.
//
// Files are streamed in blocks; the text is never held whole. One thread reads ahead; any number of
// threads cut blocks at whole rows (in turn, which is cheap) and parse them (at once, which is
// not); what they found is appended in the order of the text. So neither table nor error depends on
// the number of threads or on the size of a block.
#pragma once

#include "base/result.h"
#include "data/dense_block.h"
#include "train/channel/channel_files.h"
#include "train/reader/csv_layout.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ringmaker::train {

/// Rows from `row` on are the lines from `line` on, counted from 1, of the file-th file.
struct RowRun {
  size_t row = 0;
  size_t file = 0;
  size_t line = 0;
};

struct CsvTable {
  data::DenseBlock features{1, 0};
  /// Numeric labels; for text labels their place in label_texts.
  std::vector<double> labels;
  /// Sorted; empty when all labels are numbers. Where only some are, the numbers are classes too,
  /// by the shortest text of each.
  std::vector<std::string> label_texts;
  /// The first text among the labels and its place, as sentences name them; empty without.
  std::string first_text_label;
  /// The same of the first number from kWholeMax on, where neighbours become equal.
  std::string first_vast_label;
  /// The same of the first number with zeros in front, "007".
  std::string first_zero_label;
  std::vector<float> weights;  // one a row, or empty when every row weighs 1
  CsvLayout layout;
  std::vector<std::string> files;  // as errors call them
  /// Of these, those that begin with a row of values though the layout has a header.
  std::vector<size_t> headerless_files;
  std::vector<RowRun> runs;  // in order, the first from row 0

  /// "train/part-3.csv:1841", of a row that it has.
  [[nodiscard]] std::string place_of(size_t row) const;
};

struct ReadOptions {
  size_t threads = 0;  // 0: as many as the machine has and the data is worth
  size_t block_bytes = 1024 * 1024;
  size_t headroom_bytes = 64 * 1024;
  /// Asked between blocks; true ends the reading with kCancelled.
  std::function<bool()> stop_requested = nullptr;
};

/// `of`: the layout of a table that was read before, for further data of the same kind. Errors name
/// file, line, column and value; of cells that are no numbers the first and how many there are.
[[nodiscard]] base::Result<CsvTable> read_csv_table(const std::vector<DataFile>& files,
                                                    const CsvOptions& options,
                                                    const ReadOptions& read = {},
                                                    const CsvLayout* of = nullptr);

}  // namespace ringmaker::train
