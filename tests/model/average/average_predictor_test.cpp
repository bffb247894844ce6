#include "model/average/average_predictor.h"

#include "model/model.h"
#include "tests/model/tree/tree_test_support.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace ringmaker::model {
namespace {

/// A model that answers `value` whatever the row.
Model constant(float value) {
  Model model;
  model.schema.feature_names = {"x"};
  model.parameters = BoostedLinearParameters{.bias = {value}, .weights = {0}};
  return model;
}

Model average_of(std::vector<float> values, bool vote) {
  Model model = constant(0);
  AverageParameters average{.vote = vote, .members = {}};
  for (const float value : values) {
    average.members.push_back(constant(value));
  }
  model.parameters = std::move(average);
  return model;
}

float answer(const Model& model) {
  const auto predictor = compile(model, base::InstructionSet::kPortable);
  EXPECT_TRUE(predictor) << predictor.error().message();
  const std::vector<float> rows(5000);
  std::vector<float> scores(rows.size());
  (*predictor)->predict({rows.data(), rows.size(), 1}, {scores.data(), rows.size(), 1});
  EXPECT_EQ(scores, std::vector<float>(rows.size(), scores[0]));
  return scores[0];
}

TEST(AveragePredictor, AnswersTheMean) { EXPECT_EQ(answer(average_of({1, 2, 6}, false)), 3); }

TEST(AveragePredictor, AnswersWhatMostSayTheSmallestOfEquals) {
  EXPECT_EQ(answer(average_of({2, 1, 2, 0}, true)), 2);
  EXPECT_EQ(answer(average_of({3, 1, 3, 1}, true)), 1);
}

/// Raw values of `model` for a row of zeros, beside its scores.
std::vector<float> margins_of(const Predictor& predictor) {
  const std::vector<float> row(predictor.schema().feature_count());
  std::vector<float> margins(predictor.output().margin_columns());
  predictor.margins({row.data(), 1, row.size()}, {margins.data(), 1, margins.size()});
  return margins;
}

TEST(AveragePredictor, HasTheMeanOfTheMarginsBesideTheMeanOfTheScores) {
  Model model = average_of({-2, 4}, false);
  auto& average = std::get<AverageParameters>(model.parameters);
  for (Model* one : {&model, average.members.data(), &average.members[1]}) {
    one->output = {.task = data::Task::kBinary, .class_names = {"0", "1"}};
  }
  for (Model& member : average.members) {
    std::get<BoostedLinearParameters>(member.parameters).link = Link::kLogistic;
  }
  const auto predictor = compile(model, base::InstructionSet::kPortable).value();
  EXPECT_TRUE(predictor->output().margins_apart);
  EXPECT_EQ(margins_of(*predictor), std::vector<float>{1});
  EXPECT_NEAR(answer(model), (1 / (1 + std::exp(2.0)) + 1 / (1 + std::exp(-4.0))) / 2, 1e-6);
}

TEST(AveragePredictor, ThatVotesOnClassesHasAMarginAClass) {
  Model model;
  model.schema.feature_names = {"x"};
  model.output = {
      .task = data::Task::kMulticlass, .class_names = {"a", "b", "c"}, .class_index = true};
  AverageParameters average{.vote = true, .members = {}};
  for (const std::vector<float>& bias : {std::vector<float>{1, 2, 0}, {1, 2, 0}, {13, 2, 6}}) {
    Model member = model;
    member.parameters = BoostedLinearParameters{
        .link = Link::kClassIndex, .outputs = 3, .bias = bias, .weights = {0, 0, 0}};
    average.members.push_back(std::move(member));
  }
  model.parameters = std::move(average);
  const auto predictor = compile(model, base::InstructionSet::kPortable).value();
  EXPECT_EQ(margins_of(*predictor), (std::vector<float>{5, 2, 2}));
  EXPECT_EQ(answer(model), 1);
}

TEST(AveragePredictor, ExplainsTheMeanOfTheMarginsAndNamesTheLeavesOfAll) {
  AverageParameters average{.members = {model_of(small_trees()), model_of(small_trees())}};
  std::get<TreeParameters>(average.members[1].parameters).ensemble.base_values = {102};
  Model model = average.members[0];
  model.parameters = average;
  const auto predictor = compile(model, base::InstructionSet::kPortable).value();
  const auto member = compile(average.members[0], base::InstructionSet::kPortable).value();
  EXPECT_EQ(predictor->output().explanation.contributions(), 3U);
  EXPECT_EQ(predictor->output().explanation.leaves, 4U);
  const std::array<float, 4> rows{0, 3, 9, 9};
  std::array<double, 6> values{};
  std::array<double, 6> of_member{};
  std::array<uint32_t, 8> leaves{};
  predictor->contributions({rows.data(), 2, 2}, values.data());
  member->contributions({rows.data(), 2, 2}, of_member.data());
  predictor->leaves({rows.data(), 2, 2}, leaves.data());
  of_member[2] += 1;
  of_member[5] += 1;
  EXPECT_EQ(values, of_member);
  EXPECT_EQ(leaves, (std::array<uint32_t, 8>{3, 0, 3, 0, 2, 0, 2, 0}));
}

TEST(AveragePredictor, ExplainsNothingWhereAMemberDoesNot) {
  AverageParameters average{.members = {model_of(small_trees()), model_of(small_trees())}};
  auto& blank = std::get<TreeParameters>(average.members[1].parameters).ensemble;
  blank.node_covers.clear();
  blank.leaf_covers.clear();
  Model model = average.members[0];
  model.parameters = average;
  const auto predictor = compile(model, base::InstructionSet::kPortable).value();
  EXPECT_EQ(predictor->output().explanation.margins, 0U);
  EXPECT_NE(predictor->output().explanation.no_contributions.find("does not tell"),
            std::string::npos);
}

TEST(AveragePredictor, OnlyModelsOfTheSameColumnsAnswerAsOne) {
  EXPECT_FALSE(validate(average_of({}, false)));
  Model model = average_of({1, 2}, false);
  std::get<AverageParameters>(model.parameters).members[1].schema.feature_names = {"y"};
  EXPECT_FALSE(validate(model));
  model = average_of({1}, false);
  std::get<AverageParameters>(model.parameters).members[0] = average_of({1}, false);
  EXPECT_FALSE(validate(model));
}

}  // namespace
}  // namespace ringmaker::model
