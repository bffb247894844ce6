#include "train/dataset/inferred_task.h"

#include "base/text.h"
#include "train/dataset/distinct_labels.h"
#include "wire/number_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <vector>

namespace ringmaker::train {
namespace {

InferredTask classes(const CsvTable& table, size_t count, std::string_view kind) {
  InferredTask inferred;
  inferred.task = count <= 2 ? data::Task::kBinary : data::Task::kMulticlass;
  inferred.doubtful = inferred.task == data::Task::kMulticlass && 2 * count > table.labels.size();
  std::vector<std::string_view> ways;
  if (table.label_texts.empty()) {
    ways.emplace_back("predictor_type=regressor predicts numbers");
  }
  if (inferred.doubtful && !table.layout.label_told) {
    ways.emplace_back("label=COLUMN takes another column for the label");
  }
  inferred.reason = fmt::format(
      "{}{}: taken for classes{}{}{}",
      base::counted(count, fmt::format("different {} as label", kind),
                    fmt::format("different {}s as labels", kind)),
      inferred.doubtful ? fmt::format(" of {}", base::counted(table.labels.size(), "row"))
                        : std::string(),
      inferred.doubtful ? ", though each has fewer than two rows on average" : "",
      ways.empty() ? "" : "; ", fmt::join(ways, ", "));
  return inferred;
}

InferredTask regression(const std::set<double>& values, std::set<double>::const_iterator fraction) {
  constexpr std::string_view kOtherwise = "predictor_type=multiclass_classifier takes";
  InferredTask inferred;
  const bool many = values.size() > kInferredClassesMax;
  if (fraction == values.end()) {
    inferred.reason = fmt::format(
        "more than {} different numbers as labels: numbers are predicted; {} whole ones for "
        "classes",
        kInferredClassesMax, kOtherwise);
    return inferred;
  }
  std::string number;
  wire::append_number(number, *fraction);
  inferred.reason =
      fmt::format("labels that are not all whole ({}, for one): numbers are predicted{}", number,
                  many ? std::string() : fmt::format("; {} them for classes", kOtherwise));
  return inferred;
}

}  // namespace

InferredTask infer_task(const CsvTable& table) {
  if (!table.label_texts.empty()) {
    return classes(table, table.label_texts.size(), "text");
  }
  const std::set<double> values = distinct_labels(table.labels, kInferredClassesMax);
  const auto fraction = std::find_if(values.begin(), values.end(),
                                     [](double value) { return std::floor(value) != value; });
  return fraction == values.end() && values.size() <= kInferredClassesMax
             ? classes(table, values.size(), "whole number")
             : regression(values, fraction);
}

}  // namespace ringmaker::train
