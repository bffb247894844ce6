#include "train/reader/cell_problems.h"

#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <fmt/format.h>

namespace ringmaker::train {
namespace {

/// At most 40 bytes, whole characters, nothing that a terminal would obey.
std::string shortened(std::string_view text) {
  constexpr size_t kShown = 40;
  std::string_view start = text.substr(0, kShown);
  while (text.size() > kShown && !start.empty() && !wire::is_utf8(start)) {
    start.remove_suffix(1);
  }
  std::string shown;
  const bool utf8 = wire::is_utf8(start);
  for (const char c : start) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !utf8) ? '?' : c;
  }
  return text.size() > kShown ? shown + "..." : shown;
}

std::string what_is_wrong(const CellProblem& problem) {
  switch (problem.kind) {
    case CellProblemKind::kNotANumber:
      return fmt::format(
          "\"{}\" is not a number{}", problem.value,
          wire::is_decimal_comma(problem.value) ? ": decimals are written with a point" : "");
    case CellProblemKind::kTooLarge:
      return fmt::format("\"{}\" is too large for a number", problem.value);
    case CellProblemKind::kTooLong:
      return fmt::format("\"{}\" is longer than {} characters", problem.value,
                         wire::kNumberLengthMax);
    case CellProblemKind::kNotFinite:
      return fmt::format("\"{}\" is not a finite number", problem.value);
    case CellProblemKind::kNotUtf8:
      return fmt::format("\"{}\" is not valid UTF-8", problem.value);
    case CellProblemKind::kBadQuotes:
      return fmt::format("{} has a quote where none may stand", problem.value);
    case CellProblemKind::kLabelMissing:
      return "the label is missing";
    case CellProblemKind::kBadWeight:
      return fmt::format("\"{}\" is not a weight, a number that is not negative", problem.value);
  }
  return {};
}

std::string cure(const CellProblem& problem, const CsvLayout& layout) {
  if (layout.roles[problem.column] != ColumnRole::kFeature) {
    return {};
  }
  const std::string drop =
      fmt::format("drop the column with drop_columns={}",
                  layout.header ? layout.names[problem.column] : std::to_string(problem.column));
  const bool may_mean_missing = problem.kind == CellProblemKind::kNotANumber ||
                                problem.kind == CellProblemKind::kTooLarge ||
                                problem.kind == CellProblemKind::kNotFinite;
  return may_mean_missing ? fmt::format(" Add na_values={}, or {}.", problem.value, drop)
                          : fmt::format(" Mend the file, or {}.", drop);
}

}  // namespace

void CellProblems::note(CellProblemKind kind, size_t line, size_t column, std::string_view value) {
  ++counts_[static_cast<size_t>(kind)];
  if (!first_) {
    first_ = CellProblem{kind, line, column, shortened(value)};
  }
}

void CellProblems::append(const CellProblems& later) {
  if (!first_) {
    first_ = later.first_;
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] += later.counts_[i];
  }
}

size_t CellProblems::count() const noexcept {
  return first_ ? counts_[static_cast<size_t>(first_->kind)] : 0;
}

base::Error describe(const CellProblem& problem, size_t count, std::string_view file, size_t line,
                     const CsvLayout& layout) {
  return {
      base::ErrorCode::kInvalidInput,
      fmt::format("{}:{}, column {} \"{}\": {}.{}{}", file, line, problem.column + 1,
                  layout.names[problem.column], what_is_wrong(problem),
                  count > 1 ? fmt::format(" {} such cells.", count) : "", cure(problem, layout))};
}

}  // namespace ringmaker::train
