// CsvDecoder: a CSV payload to rows, whatever its dialect, wherever it is cut.
//
// The first line tells the dialect: the separator and whether it is a header. Whole rows of a piece
// are read where they lie, many at a time; only a row that the end of a piece cuts is copied.
//
//   - Separator: `,` `;` tab or `|`, the one that makes the first line as wide as the model.
//   - Header: a first line that is no row of numbers, and either names every feature or has no
//     number in it, or one of numbers that are the names of three features or more in their order.
//     What its columns are then, CsvColumns knows. The media type may say that the first line is a
//     header, numbers (0, 1, ... as pandas counts) and all, or that it is a row.
//   - A category's text stands for its code, where the model knows texts, though it reads as a
//     number or as missing.
//   - A feature that is a text is taken as it stands, but for blanks outside of quotes. Where all
//     are, a first line in which no text is known and one is a feature's name is a header, too.
//   - Blank lines are skipped, wherever they are and however wide the model; a row of a single
//     missing value is written "" or nan. But see PayloadOptions.
//   - Missing values: see FieldConverter. A byte order mark is skipped.
//
// Where every line is a row, lines end at LF whatever the quotes: a quote that is open there is
// that line's error, and a header is one of its own. Where errors are marked as well, a line says
// nothing about others: each one in error is marked, a header too, and each may have a separator of
// its own.
#pragma once

#include "codec/category_index.h"
#include "codec/csv/csv_columns.h"
#include "codec/csv/csv_lexer.h"
#include "codec/csv/field_converter.h"
#include "codec/decoder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

class CsvDecoder final : public Decoder {
 public:
  explicit CsvDecoder(const data::Schema& schema);

  using Decoder::reset;
  void reset(const PayloadOptions& options) noexcept override;
  DecodeProgress decode(std::string_view piece, bool last, size_t rows_max,
                        data::BlockWriter& writer) override;
  [[nodiscard]] const DecodeError& error() const noexcept override { return error_; }
  [[nodiscard]] MarkedRecords* marked() noexcept override { return &marked_; }
  [[nodiscard]] bool ignored_columns() const noexcept override { return columns_.some_ignored(); }

  /// A row may have this many bytes: enough for the model's numbers and much foreign text.
  [[nodiscard]] static size_t row_bytes_max(size_t features) noexcept {
    return (size_t{1} << 20U) + features * 1024;
  }

 private:
  /// What take_rows() works on: text whose rows the lexer has found.
  struct Source {
    std::string_view text;
    bool last = false;
    uint64_t payload_byte = 0;  // where the text begins in the payload
    size_t row = 0;             // the next one
  };
  struct Sink {
    data::BlockWriter& writer;
    size_t rows_max = 0;
    size_t rows = 0;
  };

  /// kNeedMore when every row found was taken.
  DecodeStatus take_rows(Source& source, Sink& sink);
  DecodeStatus take_carried_row(std::string_view piece, bool last, size_t& at, Sink& sink);
  DecodeStatus finish();

  void index(Source& source);
  /// Where every line is a row: quotes have made fewer rows than there are lines.
  [[nodiscard]] bool has_joined_lines(const Source& source) const noexcept;
  /// Leaves out what is to come of a line that was too long.
  void skip_line(std::string_view piece, size_t& at) noexcept;
  void skip_byte_order_mark(Source& source);
  [[nodiscard]] bool is_blank(size_t row) const noexcept;
  /// Of a width of one, a blank line may be a row.
  [[nodiscard]] bool is_skipped(size_t row) const noexcept {
    return !every_line_is_a_row_ && !(blank_lines_are_rows_ && columns_.count() == 1) &&
           is_blank(row);
  }
  [[nodiscard]] bool is_too_long(size_t row) const noexcept;
  void learn_separator(Source& source);
  /// The row in error has a separator of its own, with which it is as wide as it should be.
  bool relearn_separator(Source& source);
  void expect_features() noexcept;
  /// Rows from source.row on, at most `rows_max`, that are as wide as they should be.
  [[nodiscard]] size_t well_formed_rows(const Source& source, size_t rows_max) const noexcept;
  /// Converts and commits; returns the rows done, fewer than `rows` when the next one is in error.
  size_t convert_rows(const Source& source, size_t rows, data::BlockWriter& writer);
  size_t convert_numbers(const Source& source, size_t rows, float* out);
  /// Fields that were converted to the values of `feature` and those behind it, row by row.
  void narrow(const char* text, const uint32_t* marks, size_t count, size_t feature, float* out);
  /// One row, of numbers and categories.
  bool convert_texts(size_t row, float* out);
  [[nodiscard]] DecodeErrorCode convert_field(std::string_view raw, size_t feature, float& value);
  [[nodiscard]] bool is_header(const Source& source);
  /// One that would pass for a row: where it is declared, where all is text or names are numbers.
  [[nodiscard]] bool is_header_like_row(const Source& source);
  /// Of texts alone: the line has the name of a feature, or of all but for case, and nothing in it
  /// is a text that the model knows.
  [[nodiscard]] bool names_rather_than_texts(const Source& source);
  /// The first line holds the names of the features and nothing else.
  [[nodiscard]] bool names_all_in_order(const Source& source);
  /// False when columns cannot be told from it.
  bool learn_header(const Source& source);
  [[nodiscard]] bool take_header(Source& source, Sink& sink);
  /// Nothing else is worth saying of a first line in another encoding or with other separators.
  /// True when it is one.
  bool fail_dialect(const Source& source);
  /// The same of a line of several rows.
  bool fail_bare_return(const Source& source);
  /// Finds out what is wrong with the row at source.row.
  DecodeStatus fail_row(const Source& source);
  [[nodiscard]] bool mark_row(Source& source, Sink& sink);
  void fail_value(const Source& source, size_t column, size_t feature, DecodeErrorCode code);
  size_t extend_carry(std::string_view more);

  const data::Schema& schema_;
  CsvColumns columns_;  // of the payload
  CategoryIndex categories_;
  CsvLexer lexer_;
  FieldConverter converter_;
  size_t row_bytes_max_;
  bool texts_first_;            // what reads as a number may be a text
  bool texts_only_;             // no feature is a number
  bool numeric_names_ = false;  // the names of features are
  std::vector<std::string> header_names_;
  std::string scratch_;

  std::string carry_;  // the start of a row whose end is still to come
  bool carry_quoted_ = false;
  bool carry_complete_ = false;
  bool skips_line_ = false;
  uint64_t carry_byte_ = 0;

  std::optional<bool> header_declared_;
  bool every_line_is_a_row_ = false;
  bool blank_lines_are_rows_ = false;
  bool lines_alone_ = false;  // and errors are marked
  bool marks_have_no_place_ = false;
  bool first_line_ = true;  // no row and no header was taken
  bool header_ = false;
  uint64_t payload_bytes_ = 0;  // taken by earlier calls
  uint64_t rows_ = 0;
  DecodeError error_;
  MarkedRecords marked_;
};

}  // namespace ringmaker::codec
