// CellProblems: cells of a training file that cannot be used, gathered so that one sentence can
// name the first, say how many more there are, and give advice that mends all of the file.
#pragma once

#include "base/error.h"
#include "data/dense_block.h"
#include "train/reader/csv_layout.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
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
  std::string value;  // shortened, printable
};

/// Of one column, over all rows.
struct ColumnProblems {
  static constexpr size_t kValuesMax = 4;

  size_t cells = 0;
  bool texts = false;    // some of them are texts
  bool spoiled = false;  // some can stand for nothing: broken quotes, bytes, decimal commas
  bool many = false;     // there are more than kValuesMax different ones
  std::vector<std::string> values;  // the first different ones
};

/// Neither the first cell nor a column's values depend on the order in which cells of different
/// columns are noted. Memory is bounded by the columns.
class CellProblems {
 public:
  /// `value` as it stands in the file, quotes off. Lines of a column come in order.
  void note(CellProblemKind kind, size_t line, size_t column, std::string_view value);
  /// Problems that come later in the data.
  void append(const CellProblems& later);
  void clear() { *this = {}; }

  [[nodiscard]] bool empty() const noexcept { return columns_.empty(); }
  /// The first cell in the data; there must be one.
  [[nodiscard]] const CellProblem& first() const noexcept { return first_; }
  /// Of the kind of the first, in all rows.
  [[nodiscard]] size_t count() const noexcept;
  [[nodiscard]] const std::map<size_t, ColumnProblems>& columns() const noexcept {
    return columns_;
  }

 private:
  CellProblem first_;
  std::array<size_t, 8> counts_{};
  std::map<size_t, ColumnProblems> columns_;
};

/// "train/part-3.csv:1841, column 7 "age": "n/a" is not a number. 212 such cells. Add ..." Names
/// the other columns as well, so that a file of many texts is mended at one go. `problems` are not
/// empty; `features` are those of all rows, NaN where there is no number; `line` counts from 1.
[[nodiscard]] base::Error describe(const CellProblems& problems, data::DenseView features,
                                   std::string_view file, size_t line, const CsvLayout& layout);

}  // namespace ringmaker::train
