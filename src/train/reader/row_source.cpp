#include "train/reader/row_source.h"

#include "base/text.h"
#include "codec/csv/csv_dialect.h"
#include "train/reader/file_format.h"
#include "wire/utf8.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace ringmaker::train {
namespace {

/// What the first row says of a file that is no CSV of ours, and how it becomes one.
std::string other_dialect(std::string_view row) {
  if (codec::looks_like_utf16(row)) {
    return "the file looks like UTF-16 (its first line begins with FF FE or FE FF, or every second "
           "byte is NUL); CSV is expected in UTF-8: iconv -f UTF-16 -t UTF-8 <old >new";
  }
  if (codec::holds_nul(row)) {
    return "the file is not text: its first line holds NUL bytes; CSV in UTF-8 is expected";
  }
  if (codec::has_bare_return(row)) {
    return "the rows end in CR alone, as on old Macs; "
           "end them with LF or CR LF: tr '\\r' '\\n' <old >new";
  }
  if (const size_t values = codec::blank_separated_values(row); values > 0) {
    return fmt::format(
        "the first row holds {} values separated by blanks; columns are expected to be separated "
        "by commas, semicolons, tabs or |: tr -s ' ' ',' <old >new",
        values);
  }
  return "";
}

/// Of the first row found.
std::vector<std::string_view> fields_of(const codec::CsvLexer& lexer) {
  std::vector<std::string_view> fields;
  for (size_t k = 0; k < lexer.row(0).fields; ++k) {
    fields.push_back(lexer.field(0, k));
  }
  return fields;
}

}  // namespace

RowSource::RowSource(std::span<const DataFile> files, const CsvOptions& options,
                     const TextSourceOptions& text_options, const CsvLayout* of)
    : files_(files),
      options_(options),
      text_options_(text_options),
      converter_(options.missing_markers) {
  if (of != nullptr) {
    layout_ = *of;
  }
}

bool RowSource::next(RowPiece& piece) {
  piece.error.reset();
  piece.error_of_row = false;
  if (ended_) {
    return false;
  }
  const base::Result<bool> more = next_text(piece);
  piece.index = pieces_++;
  piece.file = file_;
  if (!more) {
    piece.error = more.error();
  }
  ended_ = !more || !*more;
  return !more || *more;
}

base::Result<bool> RowSource::next_text(RowPiece& piece) {
  while (file_ < files_.size()) {
    const DataFile& file = files_[file_];
    if (!chunker_) {
      RM_ASSIGN(TextSource source, TextSource::open(file.path, text_options_));
      chunker_.emplace(std::move(source));
      at_start_ = true;
      first_row_ = true;
      lines_skipped_ = 0;
    }
    auto more = error_ahead_ ? base::fail(*error_ahead_) : chunker_->next(piece.chunk);
    if (!more) {
      piece.error_of_row = more.error().code() == base::ErrorCode::kInvalidInput;
      piece.lines_before = lines_skipped_;
      return base::fail(more.error());
    }
    if (!*more) {
      chunker_.reset();
      ++file_;
      continue;
    }
    piece.text = piece.chunk.text;
    if (first_row_) {
      RM_ASSIGN(const bool rows_left, take_start(piece));
      if (!rows_left) {
        continue;
      }
    }
    piece.lines_before = std::exchange(lines_skipped_, 0);
    piece.separator = separator_;
    return true;
  }
  return false;
}

/// Takes blank rows and a header off the start of a file. False when nothing of `piece` is left.
base::Result<bool> RowSource::take_start(RowPiece& piece) {
  std::string_view& text = piece.text;
  if (std::exchange(at_start_, false)) {
    if (const std::string_view format = foreign_format(text); !format.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}: the file looks like {}; CSV is expected: convert it",
                                    files_[file_].name, format));
    }
    text = wire::without_byte_order_mark(text);
  }
  codec::CsvLexer lexer;
  while (!text.empty()) {
    separator_ =
        codec::sniff_separator(text.substr(0, text.find('\n')), layout_ ? layout_->columns() : 0);
    lexer.set_separator(separator_);
    lexer.index(text, true, 1);
    if (lexer.unclosed_quote()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{}:{}: a quoted field is not closed", files_[file_].name,
                                    lines_skipped_ + 1));
    }
    const std::string_view row_text = lexer.row_text(0);
    const size_t row_bytes = row_text.size();
    const size_t row_lines = 1 + static_cast<size_t>(std::ranges::count(row_text, '\n'));
    if (!codec::is_blank_line(row_text)) {
      first_row_ = false;
      if (const std::string found = other_dialect(row_text); !found.empty()) {
        return base::fail(base::ErrorCode::kInvalidInput,
                          fmt::format("{}: {}", files_[file_].name, found));
      }
      const FirstRow row = read_first_row(fields_of(lexer), converter_);
      const FirstRow behind = row_behind(piece, row_bytes, lexer);
      RM_ASSIGN(const bool header, is_header(row, behind, lines_skipped_ + 1));
      if (!header) {
        if (layout_->header) {
          headerless_files_.push_back(file_);
        }
        return true;
      }
    }
    lines_skipped_ += row_lines;
    text.remove_prefix(std::min(text.size(), row_bytes + 1));
    if (!first_row_) {
      return !text.empty();
    }
  }
  return false;
}

/// The first row behind `begin` bytes of the piece that is not blank, whatever the size of a block:
/// more of the file is taken into the piece where it is not there yet. Empty at the end of the
/// file.
FirstRow RowSource::row_behind(RowPiece& piece, size_t begin, codec::CsvLexer& lexer) {
  do {
    while (begin < piece.text.size()) {
      lexer.index(piece.text.substr(begin), true, 1);
      if (!codec::is_blank_line(lexer.row_text(0))) {
        return read_first_row(fields_of(lexer), converter_);
      }
      begin += lexer.row_text(0).size() + 1;
    }
  } while (extend(piece));
  return {};
}

/// Puts the next rows of the file behind those of the piece; false when there are none. Why not, if
/// that is an error, is told where they would have come.
bool RowSource::extend(RowPiece& piece) {
  std::string rows(piece.text);
  const base::Result<bool> more = chunker_->next(piece.chunk);
  if (!more) {
    error_ahead_ = more.error();
  } else if (*more) {
    rows += piece.chunk.text;
  }
  piece.chunk.own = std::move(rows);
  piece.text = piece.chunk.text = piece.chunk.own;
  return more && *more;
}

base::Result<bool> RowSource::is_header(const FirstRow& row, const FirstRow& behind, size_t line) {
  const std::string& name = files_[file_].name;
  const std::string place = fmt::format("{}:{}", name, line);
  if (!layout_) {
    RM_ASSIGN(layout_, make_layout(row, options_, place, behind));
    return layout_->header;
  }
  if (row.texts.size() != layout_->columns()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} has {}; the training data has {}", place,
                                  base::counted(row.texts.size(), "column"), layout_->columns()));
  }
  return repeats_header(row, *layout_, place, behind);
}

}  // namespace ringmaker::train
