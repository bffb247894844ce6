// Small models that the tests of this room share.
#pragma once

#include "base/random.h"
#include "model/model.h"

#include <fmt/core.h>

namespace ringmaker::model {

inline float normal_like(base::Random& random) {
  return static_cast<float>(random.uniform() + random.uniform() + random.uniform() - 1.5);
}

inline std::vector<float> random_values(size_t count, base::Random& random, float scale = 1.0F) {
  std::vector<float> values(count);
  for (float& value : values) {
    value = scale * normal_like(random);
  }
  return values;
}

/// A binary model whose score is a margin.
inline Model margin_linear() {
  Model model;
  model.schema.feature_names = {"a", "b"};
  model.output = {.task = data::Task::kBinary,
                  .class_names = {"no", "yes"},
                  .numeric_classes = false,
                  .threshold = 0.25F,
                  .margin = true};
  model.parameters = LinearParameters{.weights = {1, -2}, .bias = {3}, .fill = {0, 0}};
  return model;
}

inline Model random_linear(Link link, size_t features, size_t outputs, uint64_t seed) {
  base::Random random(seed);
  Model model;
  for (size_t j = 0; j < features; ++j) {
    model.schema.feature_names.push_back(fmt::format("x{}", j));
  }
  model.output.task = link == Link::kSoftmax    ? data::Task::kMulticlass
                      : link == Link::kLogistic ? data::Task::kBinary
                                                : data::Task::kRegression;
  const size_t classes = link == Link::kSoftmax ? outputs : link == Link::kLogistic ? 2 : 0;
  for (size_t k = 0; k < classes; ++k) {
    model.output.class_names.push_back(fmt::format("{}", k));
  }
  LinearParameters linear{.link = link,
                          .outputs = outputs,
                          .weights = random_values(features * outputs, random),
                          .bias = {},
                          .fill = random_values(features, random, 3)};
  for (size_t k = 0; k < outputs; ++k) {
    linear.bias.push_back(static_cast<double>(normal_like(random)));
  }
  model.parameters = std::move(linear);
  return model;
}

}  // namespace ringmaker::model
