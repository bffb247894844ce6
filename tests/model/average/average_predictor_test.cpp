#include "model/average/average_predictor.h"

#include "model/model.h"

#include <gtest/gtest.h>

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
