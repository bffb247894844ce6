#include "train/reader/column_advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace ringmaker::train {
namespace {

constexpr size_t kNamedMax = 16;

size_t feature_of(size_t column, const CsvLayout& layout) {
  const auto run = std::ranges::find_if(
      layout.runs, [&](const ColumnRun& one) { return column < one.column + one.count; });
  return run->feature + (column - run->column);
}

size_t numbers_in(size_t feature, data::DenseView features) {
  size_t numbers = 0;
  for (size_t i = 0; i < features.rows; ++i) {
    numbers += std::isnan(features.row(i)[feature]) ? 0 : 1;
  }
  return numbers;
}

/// As options name it.
std::string option_name(size_t column, const CsvLayout& layout) {
  return layout.header ? layout.names[column] : std::to_string(column);
}

/// What is wrong with the features, sorted by what can be done.
struct Cures {
  std::vector<std::string> all;     // columns
  std::vector<std::string> texts;   // columns that hold texts rather than numbers
  std::vector<std::string> values;  // of columns of numbers: they may stand for missing ones
  std::optional<size_t> last_of_texts;
  bool spoiled = false;
  bool many = false;  // more values than can be listed
};

Cures sort_out(const CellProblems& problems, data::DenseView features, const CsvLayout& layout) {
  Cures cures;
  for (const auto& [column, found] : problems.columns()) {
    if (layout.roles[column] != ColumnRole::kFeature) {
      continue;
    }
    cures.all.push_back(option_name(column, layout));
    if (found.texts && numbers_in(feature_of(column, layout), features) <= found.cells) {
      cures.texts.push_back(cures.all.back());
      cures.last_of_texts = column;
      continue;
    }
    cures.spoiled |= found.spoiled;
    cures.many |= found.many;
    for (const std::string& value : found.values) {
      if (std::ranges::find(cures.values, value) == cures.values.end()) {
        cures.values.push_back(value);
      }
    }
  }
  cures.many |= cures.values.size() > kNamedMax;
  return cures;
}

/// A column of texts may be the label that nobody has named: said before any advice that would lose
/// it. Labels stand at an end of the row. Empty where the label was named.
std::string label_hint(const Cures& cures, const CsvLayout& layout) {
  if (layout.label_told || !cures.last_of_texts) {
    return {};
  }
  const size_t text = *cures.last_of_texts;
  return fmt::format(
      " No label was named, so {} was taken for it; if {} is the label, say label={}{}.",
      column_text(layout, layout.label_column), column_text(layout, text),
      option_name(text, layout), layout.header ? "" : " (counted from 0)");
}

std::string drop(std::vector<std::string> columns, const CsvLayout& layout) {
  const std::string_view plural = columns.size() > 1 ? "s" : "";
  return fmt::format("drop the column{} with drop_columns={}{}", plural,
                     joined(std::move(columns), ","), layout.header ? "" : " (counted from 0)");
}

std::string cure(const Cures& cures, const CsvLayout& layout) {
  if (cures.spoiled) {
    return fmt::format("mend the file, or {}.", drop(cures.all, layout));
  }
  if (cures.texts.size() == layout.feature_names.size()) {
    return "write the texts as numbers: no column of numbers would be left to learn from.";
  }
  if (cures.many) {
    return fmt::format("{}, or list in na_values what stands for a missing value.",
                       drop(cures.all, layout));
  }
  const std::string add = fmt::format("add na_values={}", joined(cures.values, ","));
  if (cures.texts.empty()) {
    return fmt::format("{}, or {}.", add, drop(cures.all, layout));
  }
  return cures.values.empty() ? fmt::format("{}.", drop(cures.texts, layout))
                              : fmt::format("{}, and {}.", drop(cures.texts, layout), add);
}

}  // namespace

std::string joined(std::vector<std::string> parts, std::string_view separator) {
  const size_t left_out = parts.size() - std::min(parts.size(), kNamedMax);
  parts.resize(parts.size() - left_out);
  return fmt::format("{}{}", fmt::join(parts, separator),
                     left_out > 0 ? fmt::format(" and {} more", left_out) : "");
}

std::string advice(const CellProblems& problems, data::DenseView features,
                   const CsvLayout& layout) {
  const Cures cures = sort_out(problems, features, layout);
  if (cures.all.empty()) {
    return {};
  }
  const std::string hint = label_hint(cures, layout);
  std::string what = cure(cures, layout);
  if (hint.empty()) {
    what.front() = static_cast<char>(what.front() - 'a' + 'A');
  }
  return fmt::format("{} {}{}", hint, hint.empty() ? "" : "Otherwise ", what);
}

}  // namespace ringmaker::train
