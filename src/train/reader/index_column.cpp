#include "train/reader/index_column.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

/// Up by one from row to row, from the start again in a further file.
bool count_rows(const std::vector<float>& values) {
  for (size_t i = 1; i < values.size(); ++i) {
    if (values[i] != values[i - 1] + 1 && values[i] != values.front()) {
      return false;
    }
  }
  return values.front() == 0 || values.front() == 1;
}

/// As the index of rows that were shuffled, or of which some were left out.
bool are_different(std::vector<float> values) {
  std::ranges::sort(values);
  return std::ranges::adjacent_find(values) == values.end();
}

bool are_whole(const std::vector<float>& values) {
  return std::ranges::all_of(values,
                             [](float value) { return value >= 0 && value == std::trunc(value); });
}

bool is_index(const std::vector<float>& values) {
  constexpr size_t kRowsMin = 3;
  return values.size() >= kRowsMin && are_whole(values) &&
         (count_rows(values) || are_different(values));
}

std::vector<float> first_column(const CsvTable& table) {
  std::vector<float> values(table.labels.size());
  const data::DenseView features = table.features.view();
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] =
        table.layout.label_column == 0 ? static_cast<float>(table.labels[i]) : features.row(i)[0];
  }
  return values;
}

}  // namespace

std::string index_note(const CsvTable& table, const CsvOptions& options) {
  const CsvLayout& layout = table.layout;
  const bool label = layout.roles.front() == ColumnRole::kLabel;
  const bool guessed = label && !layout.label_told && table.label_texts.empty();
  if (!layout.first_unnamed || !(guessed || layout.roles.front() == ColumnRole::kFeature) ||
      !is_index(first_column(table))) {
    return {};
  }
  const std::string& name = layout.names.front();
  const std::string drop = options.drop_columns.empty()
                               ? fmt::format("drop it with drop_columns={}", name)
                               : fmt::format("add {} to drop_columns", name);
  constexpr std::string_view kLooks =
      "the first column has no name and looks like an index of the rows";
  return guessed ? fmt::format(
                       "{}, and was taken for the label because none was named: name the "
                       "label with label=NAME, and {}",
                       kLooks, drop)
                 : fmt::format("{}, which is nothing to learn from: {}", kLooks, drop);
}

}  // namespace ringmaker::train
