// CsvLexer: text to rows of fields, for payloads and training files alike.
//
// The caller owns the text and gives it from the start of a row on; the lexer finds the whole rows
// in it, a cache-sized run at a time, and says how much they were. What follows the last whole row
// is given again, with more text behind it. Fields are views of the text, still in their quotes.
//
//   for (;;) {
//     lexer.index(buffer, end_of_file);
//     if (lexer.rows() == 0) { read more behind `buffer`, or stop; }
//     for each row: lexer.row(i), lexer.field(i, k)
//     buffer.remove_prefix(lexer.consumed());
//   }
//
// Grammar: RFC 4180 with LF or CR LF, any one-byte separator. A quote opens and closes quoting
// wherever it stands; field_text() refuses fields whose quotes stand where they may not.
#pragma once

#include "base/cpu.h"
#include "wire/delimiter_scan.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::codec {

/// Field k is text[marks[k] + 1 .. marks[k + 1]), as wire::FieldsParser takes it.
struct CsvRow {
  const uint32_t* marks = nullptr;
  size_t fields = 0;
};

/// Not thread-safe. Keeps its memory from one text to the next.
class CsvLexer {
 public:
  /// Enough to make the cost of a call vanish, little enough to stay in the first-level cache.
  static constexpr size_t kRunBytes = 8192;

  explicit CsvLexer(char separator = ',',
                    base::InstructionSet set = base::detect_instruction_set());

  [[nodiscard]] char separator() const noexcept { return scan_.separator; }
  void set_separator(char separator) noexcept { scan_.separator = separator; }

  /// Finds the whole rows of about the first `run_bytes` of `text`, at least one if `text` holds a
  /// whole row. With `last` the end of the text ends a row too. Forgets what was found before.
  void index(std::string_view text, bool last, size_t run_bytes = kRunBytes);

  [[nodiscard]] size_t rows() const noexcept { return scan_.rows_count; }
  [[nodiscard]] CsvRow row(size_t i) const noexcept {
    const size_t first = i == 0 ? 0 : rows_[i - 1];
    return {marks_.data() + first, rows_[i] - first};
  }
  /// Where row i begins and, with i = rows(), where the rows found end.
  [[nodiscard]] size_t row_begin(size_t i) const noexcept {
    if (i == rows()) {
      return consumed_;
    }
    return i == 0 ? 0 : size_t{marks_[rows_[i - 1]]} + 1;
  }
  [[nodiscard]] std::string_view row_text(size_t i) const noexcept {
    const size_t begin = row_begin(i);
    return text_.substr(begin, marks_[rows_[i]] - begin);
  }
  [[nodiscard]] std::string_view field(size_t i, size_t k) const noexcept {
    const uint32_t* marks = row(i).marks + k;
    const uint32_t begin = marks[0] + 1;
    return text_.substr(begin, marks[1] - begin);
  }
  /// Bytes of the text that the rows found take, line ends included.
  [[nodiscard]] size_t consumed() const noexcept { return consumed_; }
  /// The text ended (`last`) inside of quotes; its last row ends with it.
  [[nodiscard]] bool unclosed_quote() const noexcept { return unclosed_quote_; }
  /// The text given ended inside of quotes. Says nothing unless all of it was looked at, as is the
  /// case where no row was found.
  [[nodiscard]] bool quoted_at_end() const noexcept { return scan_.quoted != 0; }
  /// Some row found may hold quotes.
  [[nodiscard]] bool quotes_seen() const noexcept { return scan_.quotes_seen != 0; }

 private:
  void make_room(size_t bytes);

  wire::DelimiterScanner scanner_;
  wire::DelimiterScan scan_;
  std::vector<uint32_t> marks_;  // marks_[0] stands before the text
  std::vector<uint32_t> rows_;
  std::string_view text_;
  size_t consumed_ = 0;
  bool unclosed_quote_ = false;
};

/// Without spaces, tabs and carriage returns around it.
[[nodiscard]] std::string_view without_blanks(std::string_view text) noexcept;

struct CsvText {
  std::string_view text;
  bool quoted = false;
  bool well_formed = true;  // false: a quote inside unquoted text, or text after a closing quote
};

/// What a field says: blanks around it and a carriage return at its end are not part of it, quotes
/// come off, doubled quotes become one. Lives as long as `raw` and `scratch`.
[[nodiscard]] CsvText field_text(std::string_view raw, std::string& scratch);

}  // namespace ringmaker::codec
