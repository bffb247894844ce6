// RowSource: the files of a channel as pieces of whole rows, each with what its parser must know.
//
// Looks at the first row of each file, which tells the separator and, of the first, the columns.
#pragma once

#include "base/result.h"
#include "codec/csv/csv_lexer.h"
#include "train/channel/channel_files.h"
#include "train/reader/csv_layout.h"
#include "train/reader/row_chunker.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace ringmaker::train {

/// The index-th piece of a channel. Its memory is used again by the next call of RowSource::next().
struct RowPiece {
  RowChunk chunk;
  std::string_view text;  // of the chunk: whole rows, without a header
  char separator = ',';
  size_t index = 0;
  size_t file = 0;
  size_t lines_before = 0;           // of the file between the pieces before and this one's text
  std::optional<base::Error> error;  // in place of text: where the data ends
  bool error_of_row = false;         // the error is of the row behind lines_before
};

/// Not thread-safe.
class RowSource {
 public:
  /// `files` and `options` outlive it; so does `of`, if given: the layout to take instead of
  /// looking for one.
  RowSource(std::span<const DataFile> files, const CsvOptions& options,
            const TextSourceOptions& text_options, const CsvLayout* of);

  /// False at the end of the last file, or after an error.
  [[nodiscard]] bool next(RowPiece& piece);

  /// Once next() has given a piece of text; unchanged from then on.
  [[nodiscard]] const CsvLayout& layout() const noexcept { return *layout_; }
  [[nodiscard]] bool has_layout() const noexcept { return layout_.has_value(); }
  /// Files that begin with a row of values though the layout has a header.
  [[nodiscard]] const std::vector<size_t>& headerless_files() const noexcept {
    return headerless_files_;
  }

 private:
  [[nodiscard]] base::Result<bool> next_text(RowPiece& piece);
  [[nodiscard]] base::Result<bool> take_start(RowPiece& piece);
  [[nodiscard]] base::Result<bool> is_header(const FirstRow& row, const FirstRow& behind,
                                             size_t line);
  [[nodiscard]] FirstRow row_behind(RowPiece& piece, size_t begin, codec::CsvLexer& lexer);
  [[nodiscard]] bool extend(RowPiece& piece);

  std::span<const DataFile> files_;
  const CsvOptions& options_;
  TextSourceOptions text_options_;
  std::optional<CsvLayout> layout_;
  codec::FieldConverter converter_;
  std::optional<RowChunker> chunker_;
  size_t file_ = 0;
  size_t pieces_ = 0;
  char separator_ = ',';
  bool at_start_ = true;   // no text of this file was seen
  bool first_row_ = true;  // no row of this file was seen that is not blank
  size_t lines_skipped_ = 0;
  std::vector<size_t> headerless_files_;
  std::optional<base::Error> error_ahead_;  // behind the piece that was given last
  bool ended_ = false;
};

}  // namespace ringmaker::train
