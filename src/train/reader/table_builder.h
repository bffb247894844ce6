// TableBuilder: what many parsers found, put together in the order of the text.
//
// Each piece waits for its turn and is given its place under a lock; copying rows to that place,
// which is most of the work, happens outside of it.
#pragma once

#include "base/result.h"
#include "train/reader/csv_table.h"
#include "train/reader/row_parser.h"
#include "train/reader/row_source.h"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace ringmaker::train {

/// add() from any thread; finish() when all have done.
class TableBuilder {
 public:
  explicit TableBuilder(std::span<const DataFile> files);

  /// Waits until all pieces before `piece` are in. False when an error has ended the table: nothing
  /// more is wanted then.
  [[nodiscard]] bool add(const RowPiece& piece, const ParsedRows& rows, const CsvLayout* layout);
  /// Ends the table with an error that belongs to no piece.
  void give_up(const base::Error& error);
  [[nodiscard]] base::Result<CsvTable> finish(const CsvLayout* layout);

 private:
  void note_lines(const RowPiece& piece, const ParsedRows& rows, const CsvLayout& layout);
  void note_runs(const ParsedRows& rows);
  [[nodiscard]] base::Error error_of(const RowPiece& piece) const;
  [[nodiscard]] base::Error stop_error(const ParsedRows& rows, const CsvLayout& layout) const;
  void make_room(const RowPiece& piece, const ParsedRows& rows);
  void add_labels(const ParsedRows& rows);
  void name_number_labels();
  void sort_label_texts();
  [[nodiscard]] size_t place_of(const std::string& text);

  std::span<const DataFile> files_;
  size_t bytes_ = 0;  // of all files
  std::mutex mutex_;
  std::condition_variable turn_passed_;
  std::condition_variable copies_done_;
  size_t turn_ = 0;
  size_t copies_ = 0;  // under way
  std::optional<base::Error> error_;

  CsvTable table_;
  std::vector<uint8_t> label_is_text_;  // one a row, or empty
  std::unordered_map<std::string, size_t> text_places_;
  size_t file_ = 0;
  size_t line_ = 0;  // lines of this file in the pieces before
  CellProblems problems_;
  size_t problem_file_ = 0;
  size_t problem_line_ = 0;
};

}  // namespace ringmaker::train
