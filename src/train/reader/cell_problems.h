// CellProblems: cells of a training file that cannot be used, gathered so that one sentence can
// name the first and say how many more there are.
#pragma once

#include "base/error.h"
#include "train/reader/csv_layout.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

class CellProblems {
 public:
  /// `value` as it stands in the file, quotes off.
  void note(CellProblemKind kind, size_t line, size_t column, std::string_view value);
  /// Problems that come later in the data, `lines` further down.
  void append(const CellProblems& later);
  void clear() { *this = {}; }

  [[nodiscard]] const std::optional<CellProblem>& first() const noexcept { return first_; }
  /// Of the kind of the first.
  [[nodiscard]] size_t count() const noexcept;

 private:
  std::optional<CellProblem> first_;
  std::array<size_t, 8> counts_{};
};

/// "train/part-3.csv:1841, column 7 "age": "n/a" is not a number. 212 such cells. Add ..."
[[nodiscard]] base::Error describe(const CellProblem& problem, size_t count, std::string_view file,
                                   size_t line, const CsvLayout& layout);

}  // namespace ringmaker::train
