// Networks, support vector machines and k-means models that tests make.
#pragma once

#include "model/artifact.h"
#include "tests/model/model_test_support.h"
#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::model {

inline Model model_of_regression(size_t features) {
  Model model;
  for (size_t j = 0; j < features; ++j) {
    model.schema.feature_names.push_back(fmt::format("x{}", j));
  }
  return model;
}

inline FeatureScaling random_scaling(size_t features, base::Random& random) {
  return {.center = random_values(features, random, 10), .factor = random_values(features, random)};
}

/// Widths from the first hidden layer to the outputs, all of the same activation but the last.
inline Model random_mlp(size_t features, const std::vector<size_t>& widths, Activation activation,
                        uint64_t seed) {
  base::Random random(seed);
  Model model = model_of_regression(features);
  MlpParameters mlp{.scaling = random_scaling(features, random)};
  size_t inputs = features;
  for (const size_t width : widths) {
    mlp.layers.push_back({.outputs = width,
                          .activation = activation,
                          .weights = random_values(inputs * width, random, 0.5F),
                          .bias = random_values(width, random)});
    inputs = width;
  }
  mlp.layers.back().activation = Activation::kNone;
  if (inputs > 1) {
    model.output.task = data::Task::kMulticlass;
    mlp.link = Link::kSoftmax;
    for (size_t k = 0; k < inputs; ++k) {
      model.output.class_names.push_back(fmt::format("{}", k));
    }
  }
  model.parameters = std::move(mlp);
  return model;
}

inline Model random_machine(KernelFunction kernel, size_t features, size_t vectors, uint64_t seed) {
  base::Random random(seed);
  Model model = model_of_regression(features);
  model.parameters = SupportVectorParameters{.scaling = random_scaling(features, random),
                                             .kernel = kernel,
                                             .vectors = random_values(vectors * features, random),
                                             .coefficients = random_values(vectors, random),
                                             .bias = {static_cast<double>(normal_like(random))}};
  return model;
}

inline Model random_kmeans(size_t features, size_t clusters, uint64_t seed) {
  base::Random random(seed);
  Model model = model_of_regression(features);
  model.output.value_names = {std::string(kClosestCluster), std::string(kDistanceToCluster)};
  model.parameters = KMeansParameters{.scaling = random_scaling(features, random),
                                      .centroids = random_values(clusters * features, random)};
  return model;
}

/// Rows around the centers, one value in ten missing.
inline std::vector<float> random_rows(size_t rows, size_t features, uint64_t seed) {
  base::Random random(seed);
  std::vector<float> values = random_values(rows * features, random, 10);
  for (float& value : values) {
    value = random.chance(0.1) ? NAN : value;
  }
  return values;
}

/// The raw values of rows, so many at a time.
inline std::vector<float> raw_of(const Model& model, base::InstructionSet set,
                                 const std::vector<float>& rows, size_t at_a_time) {
  const auto predictor = compile(model, set);
  if (!predictor) {
    ADD_FAILURE() << predictor.error().message();
    return {};
  }
  const size_t features = model.schema.feature_count();
  const size_t width = model.output.score_columns();
  const size_t count = rows.size() / features;
  std::vector<float> raw(count * width);
  for (size_t first = 0; first < count; first += at_a_time) {
    const size_t some = std::min(at_a_time, count - first);
    (*predictor)
        ->predict_raw({&rows[first * features], some, features},
                      {&raw[first * width], some, width});
  }
  return raw;
}

inline std::string error_of(const Model& model) {
  const auto valid = validate(model);
  return valid ? std::string() : valid.error().message();
}

/// Whether a model comes back from its file, byte for byte; every shorter file is an error.
inline void expect_kept_by_its_file(const Model& model) {
  const auto bytes = encode_artifact(model);
  const auto back = decode_artifact(bytes);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(kind(*back), kind(model));
  EXPECT_EQ(encode_artifact(*back), bytes);
  for (size_t size = 0; size < bytes.size(); size += 13) {
    EXPECT_FALSE(decode_artifact(std::span(bytes).first(size))) << size;
  }
}

}  // namespace ringmaker::model
