// CellProblems: cells of a training file that cannot be used, gathered so that one sentence can
// name the first and say how many more there are.
#pragma once

#include "base/error.h"
#include "train/reader/csv_layout.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::train {

enum class CellProblemKind : uint8_t {
  kNotANumber,
  kTooLarge,
  kTooLong,
  kNotFinite,
  kNotUtf8,
  kBadQuotes,
  kLabelMissing,
  kBadWeight,
};

struct CellProblem {
  CellProblemKind kind = CellProblemKind::kNotANumber;
  size_t line = 0;  // from 0, within what was parsed together
  size_t column = 0;
  std::string value;     // shortened, printable
  bool altered = false;  // value is not what stands in the file
};

/// Which cell is the first does not depend on the order in which they are noted.
class CellProblems {
 public:
  /// `value` as it stands in the file, quotes off.
  void note(CellProblemKind kind, size_t line, size_t column, std::string_view value);
  /// Problems that come later in the data.
  void append(const CellProblems& later);
  void clear() { *this = {}; }

  [[nodiscard]] bool empty() const noexcept { return first_row_.empty(); }
  /// All problems of the first row that has any, by column.
  [[nodiscard]] std::span<const CellProblem> first_row() const noexcept { return first_row_; }
  /// Of the kind of the first, in all rows.
  [[nodiscard]] size_t count() const noexcept;

 private:
  std::vector<CellProblem> first_row_;
  std::array<size_t, 8> counts_{};
};

/// "train/part-3.csv:1841, column 7 "age": "n/a" is not a number. 212 such cells. Add ..." Names
/// the other columns of the row as well, so that a file of many texts is mended at one go.
/// `row` is not empty; `line` counts from 1.
[[nodiscard]] base::Error describe(std::span<const CellProblem> row, size_t count,
                                   std::string_view file, size_t line, const CsvLayout& layout);

}  // namespace ringmaker::train
