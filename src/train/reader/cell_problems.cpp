#include "train/reader/cell_problems.h"

#include "base/check.h"
#include "train/reader/column_advice.h"
#include "train/reader/printable.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ringmaker::train {
namespace {

/// At most 40 bytes, whole characters, nothing that a terminal would obey.
std::string shortened(std::string_view text) {
  constexpr size_t kShown = 40;
  std::string_view start = text.substr(0, kShown);
  while (text.size() > kShown && !start.empty() && !wire::is_utf8(start)) {
    start.remove_suffix(1);
  }
  std::string shown = printable(start);
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

/// Where else something stands in the way.
std::string others(const CellProblems& problems, const CsvLayout& layout) {
  std::vector<std::string> columns;
  for (const auto& [column, found] : problems.columns()) {
    if (column != problems.first().column) {
      columns.push_back(column_text(layout, column));
    }
  }
  return columns.empty()
             ? std::string()
             : fmt::format(" Nor can cells of {} be used.", joined(std::move(columns), ", "));
}

/// Such a value may be written for a missing one, and can be listed as such: na_values is a list
/// with commas.
bool may_mean_missing(CellProblemKind kind, std::string_view value, bool altered) {
  return !altered && value.find(',') == std::string_view::npos &&
         (kind == CellProblemKind::kNotANumber || kind == CellProblemKind::kTooLarge ||
          kind == CellProblemKind::kNotFinite);
}

void add_value(ColumnProblems& column, std::string value) {
  if (column.many || std::ranges::find(column.values, value) != column.values.end()) {
    return;
  }
  column.many = column.values.size() == ColumnProblems::kValuesMax;
  if (!column.many) {
    column.values.push_back(std::move(value));
  }
}

}  // namespace

void CellProblems::note(CellProblemKind kind, size_t line, size_t column, std::string_view value) {
  std::string shown = shortened(value);
  const bool altered = shown != value;
  if (empty() || std::pair(line, column) < std::pair(first_.line, first_.column)) {
    first_ = {kind, line, column, shown};
  }
  ++counts_[static_cast<size_t>(kind)];
  ColumnProblems& of_column = columns_[column];
  ++of_column.cells;
  of_column.texts |= kind == CellProblemKind::kNotANumber && !wire::is_decimal_comma(value);
  of_column.spoiled |= !may_mean_missing(kind, value, altered);
  add_value(of_column, std::move(shown));
}

void CellProblems::append(const CellProblems& later) {
  if (empty()) {
    first_ = later.first_;
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] += later.counts_[i];
  }
  for (const auto& [column, of_later] : later.columns_) {
    ColumnProblems& of_column = columns_[column];
    of_column.cells += of_later.cells;
    of_column.texts |= of_later.texts;
    of_column.spoiled |= of_later.spoiled;
    for (const std::string& value : of_later.values) {
      add_value(of_column, value);
    }
    of_column.many |= of_later.many;
  }
}

size_t CellProblems::count() const noexcept {
  return empty() ? 0 : counts_[static_cast<size_t>(first_.kind)];
}

base::Error describe(const CellProblems& problems, data::DenseView features, std::string_view file,
                     size_t line, const CsvLayout& layout) {
  RM_CHECK(!problems.empty());
  const CellProblem& first = problems.first();
  const size_t count = problems.count();
  return {base::ErrorCode::kInvalidInput,
          fmt::format("{}:{}, {}: {}.{}{}{}", file, line, column_text(layout, first.column),
                      what_is_wrong(first), count > 1 ? fmt::format(" {} such cells.", count) : "",
                      others(problems, layout), advice(problems, features, layout))};
}

}  // namespace ringmaker::train
