#include "train/learner/row_weights.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace ringmaker::train {
namespace {

/// As much as makes every class of the labels count the same.
std::vector<double> balanced_weights(const Dataset& train) {
  std::vector<double> weights(train.output.class_names.size(), 0.0);
  for (const double label : train.labels) {
    weights[static_cast<size_t>(label)] += 1;
  }
  const auto rows = static_cast<double>(train.rows());
  const auto classes = static_cast<double>(weights.size());
  for (double& weight : weights) {
    weight = weight > 0 ? rows / (classes * weight) : 1;
  }
  return weights;
}

}  // namespace

base::Result<void> check_weights(const Dataset& dataset, std::string_view channel,
                                 bool every_class) {
  if (dataset.weights.empty()) {
    return {};
  }
  if (std::ranges::all_of(dataset.weights, [](float weight) { return weight == 0; })) {
    return base::fail(base::ErrorCode::kInvalidInput,
                      fmt::format("all {} weights of the {} data are 0: no row counts",
                                  dataset.weights.size(), channel));
  }
  const std::vector<std::string>& names = dataset.output.class_names;
  std::vector<bool> counts(names.size(), !every_class);
  for (size_t i = 0; every_class && !names.empty() && i < dataset.labels.size(); ++i) {
    if (dataset.weights[i] > 0) {
      counts[static_cast<size_t>(dataset.labels[i])] = true;
    }
  }
  const auto idle = std::ranges::find(counts, false);
  if (idle != counts.end()) {
    return base::fail(
        base::ErrorCode::kInvalidInput,
        fmt::format(
            "every row of the {} data with the label \"{}\" weighs 0: nothing can be learnt "
            "of that class, so leave these rows out or let them count",
            channel, names[static_cast<size_t>(idle - counts.begin())]));
  }
  return {};
}

std::vector<float> row_weights(const Dataset& train, const ClassWeights& classes) {
  const bool binary = train.output.task == data::Task::kBinary;
  const bool multiclass = train.output.task == data::Task::kMulticlass;
  std::vector<double> of_class;
  if ((binary && classes.positive < 0) || (multiclass && classes.balanced)) {
    of_class = balanced_weights(train);
  } else if (binary && classes.positive != 1) {
    of_class = {1.0, classes.positive};
  } else {
    return train.weights;
  }
  std::vector<float> weights(train.rows());
  for (size_t i = 0; i < weights.size(); ++i) {
    const double own = train.weights.empty() ? 1 : static_cast<double>(train.weights[i]);
    weights[i] = static_cast<float>(own * of_class[static_cast<size_t>(train.labels[i])]);
  }
  return weights;
}

}  // namespace ringmaker::train
