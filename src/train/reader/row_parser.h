// RowParser: whole rows of text to numbers, labels and weights.
//
// The fields of all rows of a cache-sized run are converted by one sweep, eight at a time where the
// CPU can, whatever the width of the rows; only what that leaves (empty, quoted, exponents, texts)
// is looked at one by one. Rows do not depend on each other, so that any number of parsers may work
// on the pieces of a file.
#pragma once

#include "base/cpu.h"
#include "codec/csv/csv_lexer.h"
#include "codec/csv/field_converter.h"
#include "data/dense_block.h"
#include "train/reader/cell_problems.h"
#include "train/reader/csv_layout.h"
#include "wire/number_fields.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ringmaker::train {

/// From here on not every whole number is a double: labels that differ may be read as one.
inline constexpr double kWholeMax = 9007199254740992;  // 2^53

/// A label is a number or a text; texts are kept once, in the order in which they came.
struct Label {
  double value = 0;  // the number, or the text's place in ParsedRows::texts
  bool is_text = false;
};

struct ParsedRows {
  /// rows() x features; memory is kept from one use to the next.
  data::DenseBlock features{1, 0};
  std::vector<double> labels;
  std::vector<uint8_t> label_is_text;  // one a row, or empty when no label is a text
  std::vector<std::string> texts;
  size_t first_text_line = 0;  // of the first label that is a text, where there is one
  std::string vast_label;      // the first from kWholeMax on, as it stands; empty without
  size_t vast_label_line = 0;
  std::string zero_label;  // the first number with zeros in front; empty without
  size_t zero_label_line = 0;
  /// Where rows begin, both from 0: a run ends where a line does not count as a row.
  struct Run {
    size_t row = 0;
    size_t line = 0;
  };
  std::vector<Run> runs;
  std::vector<float> weights;  // one a row, or empty
  size_t lines = 0;            // of text, blank ones and those within quotes included
  CellProblems problems;

  /// Why nothing behind line `lines` was looked at.
  enum class Stop : uint8_t { kNone, kColumnCount, kUnclosedQuote };
  Stop stop = Stop::kNone;
  size_t stop_fields = 0;    // of the row with the wrong column count
  bool stop_at_end = false;  // it is the last of the text, and nothing ends it

  [[nodiscard]] size_t rows() const noexcept { return features.rows(); }
};

/// Not thread-safe. `layout` and `options` outlive it.
class RowParser {
 public:
  RowParser(const CsvLayout& layout, const CsvOptions& options,
            base::InstructionSet set = base::detect_instruction_set());

  /// Replaces what `out` holds. `text` begins with a row; its end ends one.
  void parse(std::string_view text, char separator, ParsedRows& out);

 private:
  void take_run(const char* text, ParsedRows& out);
  [[nodiscard]] size_t lines_within(size_t row) const;
  void take_rows(const char* text, size_t first, size_t count, ParsedRows& out);
  void sweep(const char* text, const uint32_t* marks, size_t fields);
  void convert_leftovers(const char* text, const uint32_t* marks, size_t fields, size_t line,
                         ParsedRows& out);
  void convert_leftover(std::string_view raw, size_t field, size_t line, ParsedRows& out);
  void copy_features(size_t count, ParsedRows& out) const;
  void take_labels(const char* text, const uint32_t* marks, size_t count, size_t line,
                   ParsedRows& out);
  void take_label(std::string_view raw, size_t line, ParsedRows& out);
  void take_weights(const char* text, const uint32_t* marks, size_t count, size_t line,
                    ParsedRows& out);
  void add_text_label(std::string_view text, size_t line, ParsedRows& out);
  [[nodiscard]] bool swept(size_t field) const noexcept {
    return (left_[field / 64] >> (field % 64) & 1U) == 0;
  }

  const CsvLayout& layout_;
  bool has_markers_ = false;
  codec::CsvLexer lexer_;
  codec::FieldConverter converter_;
  wire::FieldsParser parse_;
  std::vector<float> marker_values_;
  std::vector<float> values_;   // of the run's fields, all columns
  std::vector<uint64_t> left_;  // a bit a field: not converted by the sweep
  std::unordered_map<std::string, size_t> text_places_;
  std::string scratch_;
};

}  // namespace ringmaker::train
