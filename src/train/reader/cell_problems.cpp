#include "train/reader/cell_problems.h"

#include "base/check.h"
#include "train/reader/printable.h"
#include "wire/number_parse.h"
#include "wire/utf8.h"

#include <fmt/format.h>

#include <algorithm>

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

constexpr size_t kColumnsNamedMax = 16;

/// The parts that are named, and how many are not.
std::string joined(std::vector<std::string> parts, std::string_view separator) {
  const size_t left_out = parts.size() - std::min(parts.size(), kColumnsNamedMax);
  parts.resize(parts.size() - left_out);
  return fmt::format("{}{}", fmt::join(parts, separator),
                     left_out > 0 ? fmt::format(" and {} more", left_out) : "");
}

/// What else stands in the way in the row of the first cell.
std::string others(std::span<const CellProblem> row, const CsvLayout& layout) {
  std::vector<std::string> columns;
  for (const CellProblem& problem : row.subspan(1)) {
    columns.push_back(column_text(layout, problem.column));
  }
  return columns.empty() ? std::string()
                         : fmt::format(" In this row {} cannot be used either.",
                                       joined(std::move(columns), ", "));
}

/// And can be listed as such: na_values is a list with commas.
bool may_mean_missing(const CellProblem& problem) {
  if (problem.altered || problem.value.find(',') != std::string::npos) {
    return false;
  }
  return problem.kind == CellProblemKind::kNotANumber ||
         problem.kind == CellProblemKind::kTooLarge || problem.kind == CellProblemKind::kNotFinite;
}

/// A text among the features may be the label that nobody has named: said before any advice that
/// would lose it. Empty where the label was named.
std::string label_hint(std::span<const CellProblem> row, const CsvLayout& layout) {
  const auto is_text = [&](const CellProblem& problem) {
    return problem.kind == CellProblemKind::kNotANumber &&
           layout.roles[problem.column] == ColumnRole::kFeature &&
           !wire::is_decimal_comma(problem.value);
  };
  // Of several the last: labels stand at an end of the row.
  const auto text = std::find_if(row.rbegin(), row.rend(), is_text);
  if (layout.label_told || text == row.rend()) {
    return {};
  }
  return fmt::format(
      " No label was named, so {} was taken for it; if {} is the label, say label={}{}.",
      column_text(layout, layout.label_column), column_text(layout, text->column),
      layout.header ? layout.names[text->column] : std::to_string(text->column),
      layout.header ? "" : " (counted from 0)");
}

/// Labels and weights have to be right; a feature may be missing, or left out.
std::string cure(std::span<const CellProblem> row, const CsvLayout& layout, bool second_advice) {
  std::vector<std::string> columns;
  bool missing = true;
  bool same = true;
  const CellProblem* first = nullptr;
  for (const CellProblem& problem : row) {
    if (layout.roles[problem.column] != ColumnRole::kFeature) {
      continue;
    }
    first = first == nullptr ? &problem : first;
    missing = missing && may_mean_missing(problem);
    same = same && problem.value == first->value;
    columns.push_back(layout.header ? layout.names[problem.column]
                                    : std::to_string(problem.column));
  }
  if (columns.empty()) {
    return {};
  }
  const auto begun = [&](std::string_view capital, std::string_view small) {
    return fmt::format(" {}{}", second_advice ? "Otherwise " : "", second_advice ? small : capital);
  };
  const std::string_view plural = columns.size() > 1 ? "s" : "";
  const std::string drop =
      fmt::format("rop the column{} with drop_columns={}{}", plural,
                  joined(std::move(columns), ","), layout.header ? "" : " (counted from 0)");
  if (!missing) {
    return fmt::format("{} the file, or d{}.", begun("Mend", "mend"), drop);
  }
  return same ? fmt::format("{} na_values={}, or d{}.", begun("Add", "add"), first->value, drop)
              : fmt::format("{}{}, or list in na_values what stands for a missing value.",
                            begun("D", "d"), drop);
}

}  // namespace

void CellProblems::note(CellProblemKind kind, size_t line, size_t column, std::string_view value) {
  ++counts_[static_cast<size_t>(kind)];
  if (!empty() && line > first_row_.front().line) {
    return;
  }
  if (!empty() && line < first_row_.front().line) {
    first_row_.clear();
  }
  const auto place =
      std::upper_bound(first_row_.begin(), first_row_.end(), column,
                       [](size_t wanted, const CellProblem& one) { return wanted < one.column; });
  std::string shown = shortened(value);
  const bool altered = shown != value;
  first_row_.insert(place, {kind, line, column, std::move(shown), altered});
}

void CellProblems::append(const CellProblems& later) {
  if (empty()) {
    first_row_ = later.first_row_;
  }
  for (size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] += later.counts_[i];
  }
}

size_t CellProblems::count() const noexcept {
  return empty() ? 0 : counts_[static_cast<size_t>(first_row_.front().kind)];
}

base::Error describe(std::span<const CellProblem> row, size_t count, std::string_view file,
                     size_t line, const CsvLayout& layout) {
  RM_CHECK(!row.empty());
  const CellProblem& first = row.front();
  const std::string hint = label_hint(row, layout);
  return {base::ErrorCode::kInvalidInput,
          fmt::format("{}:{}, {}: {}.{}{}{}{}", file, line, column_text(layout, first.column),
                      what_is_wrong(first), count > 1 ? fmt::format(" {} such cells.", count) : "",
                      others(row, layout), hint, cure(row, layout, !hint.empty()))};
}

}  // namespace ringmaker::train
