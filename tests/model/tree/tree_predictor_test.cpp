#include "model/tree/tree_predictor.h"

#include "model/artifact.h"
#include "tests/model/tree/tree_test_support.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace ringmaker::model {
namespace {

std::unique_ptr<Predictor> compiled(const Model& model) {
  auto predictor = compile(model, base::InstructionSet::kPortable);
  EXPECT_TRUE(predictor) << predictor.error().message();
  return std::move(*predictor);
}

/// As many classes as there are trees of one leaf, each of its own value.
Model classes(std::vector<double> leaves, Link link) {
  TreeEnsemble trees;
  trees.features = 1;
  trees.outputs = leaves.size();
  trees.leaf_values = leaves;
  trees.base_values.assign(leaves.size(), 0);
  trees.round_begins = {0, static_cast<uint32_t>(leaves.size())};
  Model model;
  for (uint32_t k = 0; k < leaves.size(); ++k) {
    trees.trees.push_back({.leaf_begin = k, .leaf_count = 1, .output = k});
    model.output.class_names.push_back(std::to_string(k));
  }
  model.schema.feature_names = {"x"};
  model.output.task = data::Task::kMulticlass;
  model.output.class_index = link == Link::kClassIndex;
  TreeParameters parameters{.link = link, .objective = "multi", .rounds = 1};
  parameters.ensemble = std::move(trees);
  model.parameters = std::move(parameters);
  return model;
}

TEST(TreePredictor, StartsFromTheBaseAndUsesItsRounds) {
  Model model = model_of(small_trees());
  const std::array<float, 2> row{0, 3};
  float score = 0;
  compiled(model)->predict({row.data(), 1, 2}, {&score, 1, 1});
  EXPECT_EQ(score, 110.5F);
  std::get<TreeParameters>(model.parameters).rounds = 1;
  compiled(model)->predict({row.data(), 1, 2}, {&score, 1, 1});
  EXPECT_EQ(score, 110);
  std::get<TreeParameters>(model.parameters).rounds = 3;
  EXPECT_FALSE(compile(model, base::InstructionSet::kPortable));
}

TEST(TreePredictor, ProbabilitiesComeFromAllOutputs) {
  const float row = 0;
  std::array<float, 3> scores{};
  compiled(classes({0, std::log(2.0), 0}, Link::kSoftmax))
      ->predict({&row, 1, 1}, {scores.data(), 1, 3});
  EXPECT_NEAR(scores[1], 0.5, 1e-6);
}

TEST(TreePredictor, AClassIndexIsOneScoreHoweverManyRows) {
  const auto predictor = compiled(classes({1, 3, 3}, Link::kClassIndex));
  const std::vector<float> rows(5000);
  std::vector<float> scores(rows.size());
  predictor->predict({rows.data(), rows.size(), 1}, {scores.data(), rows.size(), 1});
  EXPECT_EQ(scores, std::vector<float>(rows.size(), 1.0F));
}

TEST(TreePredictor, AClassIndexHasAMarginAClass) {
  const auto predictor = compiled(classes({1, 3, 2}, Link::kClassIndex));
  ASSERT_EQ(predictor->output().margin_columns(), 3U);
  const float row = 0;
  std::array<float, 3> margins{};
  predictor->margins({&row, 1, 1}, {margins.data(), 1, 3});
  EXPECT_EQ(margins, (std::array<float, 3>{1, 3, 2}));
  float score = 0;
  predictor->scores_of({margins.data(), 1, 3}, {&score, 1, 1});
  EXPECT_EQ(score, 1);
}

TEST(TreePredictor, AModelIsTheSameBehindItsArtifact) {
  Model model = model_of(small_trees());
  model.schema.absent_value = NAN;
  model.schema.features_named = false;
  model.schema.category_names = {{}, {"a", "b,\"c\"", "d", "e"}};
  const auto bytes = encode_artifact(model);
  const auto back = decode_artifact(bytes);
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(encode_artifact(*back), bytes);
  EXPECT_TRUE(std::isnan(back->schema.absent_value));
  EXPECT_FALSE(back->schema.features_named);
  EXPECT_EQ(back->schema.category_names, model.schema.category_names);
  EXPECT_EQ(std::get<TreeParameters>(back->parameters).objective, "reg:squarederror");
  const std::array<float, 2> row{0, 3};
  float score = 0;
  compiled(*back)->predict({row.data(), 1, 2}, {&score, 1, 1});
  EXPECT_EQ(score, 110.5F);
}

TEST(TreePredictor, ALinkThatTheOutputDoesNotMeanIsRefused) {
  Model model = classes({1, 2}, Link::kSoftmax);
  model.output.class_index = true;
  EXPECT_FALSE(validate(model));
  model = model_of(small_trees());
  model.output.value_names = {"a", "b"};
  EXPECT_FALSE(validate(model));
  model = model_of(small_trees());
  model.schema.category_names = {{}};
  EXPECT_FALSE(validate(model));
}

}  // namespace
}  // namespace ringmaker::model
