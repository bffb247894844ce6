#include "train/dataset/build_dataset.h"

#include "base/check.h"
#include "base/nearest_name.h"
#include "train/dataset/distinct_labels.h"
#include "train/dataset/inferred_task.h"
#include "wire/number_format.h"
#include "wire/number_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>
#include <string_view>

namespace ringmaker::train {
namespace {

std::string name_of(double number) {
  std::string text;
  wire::append_number(text, number);
  return text;
}

base::Result<void> check_class_count(const data::OutputSchema& output) {
  if (output.task == data::Task::kBinary && output.class_names.size() > 2) {
    constexpr size_t kNamed = 3;
    const auto named = std::span(output.class_names).first(kNamed);
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format("a binary classifier needs 2 classes; the labels are {} different values "
                    "({}{}). Is it a multiclass_classifier or a regressor?",
                    output.class_names.size(), fmt::join(named, ", "),
                    output.class_names.size() > kNamed ? ", ..." : ""));
  }
  return {};
}

/// Classes that differ in their last digits would be one.
base::Error not_told_apart(const CsvTable& table) {
  return {
      base::ErrorCode::kInvalidInput,
      fmt::format("{} is a class beyond 2^53, where numbers are not told apart to the last digit; "
                  "let the labels be texts, such as \"id 7\", or say predictor_type=regressor",
                  table.first_vast_label)};
}

/// Many numbers that are not whole were measured: they name no classes.
base::Result<void> check_are_classes(std::span<const double> values) {
  const auto fraction = std::find_if(values.begin(), values.end(),
                                     [](double value) { return std::floor(value) != value; });
  if (values.size() <= kInferredClassesMax || fraction == values.end()) {
    return {};
  }
  return base::fail(
      base::ErrorCode::kInvalidInput,
      fmt::format("the labels are {} different numbers, and not all of them whole ({}, for one): "
                  "they look like measurements, not like classes. predictor_type=regressor "
                  "predicts numbers",
                  values.size(), name_of(*fraction)));
}

/// Numbers that are classes become their place in `values`.
void number_classes(std::vector<double>& labels, const std::vector<double>& values) {
  for (double& label : labels) {
    label =
        static_cast<double>(std::lower_bound(values.begin(), values.end(), label) - values.begin());
  }
}

/// The label of a row, as a class is called.
std::string label_of(const CsvTable& table, size_t row) {
  const double label = table.labels[row];
  return table.label_texts.empty() ? name_of(label) : table.label_texts[static_cast<size_t>(label)];
}

base::Error unknown_label(const CsvTable& table, size_t row, const Dataset& train,
                          std::string_view channel) {
  const std::string label = label_of(table, row);
  return {base::ErrorCode::kInvalidInput,
          fmt::format("{}, {}: the {} data has the label \"{}\", which the training data has not{}",
                      table.place_of(row), column_text(table.layout, table.layout.label_column),
                      channel, label,
                      train.output.numeric_classes
                          ? std::string()
                          : base::did_you_mean(label, train.output.class_names))};
}

/// Labels become their place among the classes of the training data.
base::Result<void> place_among_classes(CsvTable& table, const Dataset& train,
                                       std::string_view channel) {
  std::map<std::string_view, double> places;
  for (const std::string& name : train.output.class_names) {
    places.emplace(name, static_cast<double>(places.size()));
  }
  std::map<double, double> known;  // labels that came before
  std::vector<double> placed(table.labels.size());
  for (size_t i = 0; i < placed.size(); ++i) {
    const auto [found, added] = known.try_emplace(table.labels[i]);
    if (added) {
      const auto place = places.find(label_of(table, i));
      if (place == places.end()) {
        return base::fail(unknown_label(table, i, train, channel));
      }
      found->second = place->second;
    }
    placed[i] = found->second;
  }
  table.labels = std::move(placed);
  return {};
}

}  // namespace

base::Result<Dataset> build_training_set(CsvTable table, data::Task task) {
  constexpr size_t kRowsMin = 2;
  if (table.labels.size() < kRowsMin) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      "the training data has 1 row; there is nothing to learn from fewer than 2");
  }
  data::OutputSchema output;
  output.task = task;
  if (output.task == data::Task::kRegression) {
    if (!table.label_texts.empty()) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{} is no number, and a regressor needs numbers as labels",
                                    table.first_text_label));
    }
  } else if (!table.first_vast_label.empty()) {
    return base::fail(not_told_apart(table));
  } else if (!table.label_texts.empty()) {
    output.class_names = std::move(table.label_texts);
    output.numeric_classes = false;
  } else {
    constexpr size_t kClassesMax = 100'000;
    const std::set<double> found = distinct_labels(table.labels, kClassesMax);
    if (found.size() > kClassesMax) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("the labels are more than {} different numbers; is it a "
                                    "regressor?",
                                    kClassesMax));
    }
    const std::vector<double> values(found.begin(), found.end());
    if (output.task == data::Task::kMulticlass) {
      RM_TRY(check_are_classes(values));
    }
    for (const double value : values) {
      output.class_names.push_back(name_of(value));
    }
    number_classes(table.labels, values);
  }
  RM_TRY(check_class_count(output));
  // Two classes are told apart by one score, whatever the job calls them.
  if (output.task == data::Task::kMulticlass && output.class_names.size() == 2) {
    output.task = data::Task::kBinary;
  }
  data::Schema schema;
  schema.feature_names = std::move(table.layout.feature_names);
  schema.features_named = table.layout.header;
  return Dataset{std::move(table.features), std::move(table.labels), std::move(table.weights),
                 std::move(schema), std::move(output)};
}

base::Result<Dataset> build_further_set(CsvTable table, const Dataset& train,
                                        std::string_view channel) {
  RM_CHECK(table.layout.feature_names.size() == train.schema.feature_count());
  if (train.output.task != data::Task::kRegression) {
    RM_TRY(place_among_classes(table, train, channel));
  } else if (!table.label_texts.empty()) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("{} is no number, and the labels of the training data are",
                                  table.first_text_label));
  }
  return Dataset{std::move(table.features), std::move(table.labels), std::move(table.weights),
                 train.schema, train.output};
}

}  // namespace ringmaker::train
