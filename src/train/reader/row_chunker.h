// RowChunker: cuts the text of a file behind its last whole row, so that pieces can be parsed by
// themselves, in any order, on any thread.
//
// A newline ends a row unless it lies in quotes, and what lies in quotes is known by counting them
// from the start of the file. This is all that has to be done in order, and it is cheap: most
// blocks hold no quote, and then the last newline is the cut. What follows the cut is put into the
// headroom of the next block; nothing else is copied.
#pragma once

#include "base/result.h"
#include "train/reader/text_source.h"

#include <string>
#include <string_view>

namespace ringmaker::train {

/// Whole rows. `text` lives in `block` or, when a row is longer than a block, in `own`.
struct RowChunk {
  std::string_view text;
  io::FileBlock block;
  std::string own;
};

/// Not thread-safe.
class RowChunker {
 public:
  /// A longer row is an error: it is a quote that nobody closed.
  static constexpr size_t kRowBytesMax = size_t{64} << 20U;

  explicit RowChunker(TextSource source) noexcept : source_(std::move(source)) {}

  /// The next rows, and false at the end. What `chunk` held is given back first. Only the last
  /// chunk may end without a newline.
  [[nodiscard]] base::Result<bool> next(RowChunk& chunk);

 private:
  TextSource source_;
  std::string carry_;  // the start of a row whose end has not come yet
  bool quoted_ = false;
};

/// Where the last row that ends in `text` ends, behind its newline; 0 when none does. `quoted`
/// says whether the text begins, and then whether it ends, inside of quotes.
[[nodiscard]] size_t last_row_end(std::string_view text, bool& quoted) noexcept;

}  // namespace ringmaker::train
