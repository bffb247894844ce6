// What rows and scores are.
#include "data/schema.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace ringmaker::data {
namespace {

TEST(Schema, OneScoreARowButForManyClasses) {
  EXPECT_EQ(OutputSchema{}.score_columns(), 1U);
  EXPECT_EQ((OutputSchema{.task = Task::kBinary, .class_names = {"0", "1"}}.score_columns()), 1U);
  EXPECT_EQ(
      (OutputSchema{.task = Task::kMulticlass, .class_names = {"a", "b", "c"}}.score_columns()),
      3U);
}

TEST(Schema, SeveralValuesAreAList) {
  const OutputSchema output{.value_names = {"low", "high"}};
  EXPECT_EQ(output.score_columns(), 2U);
  EXPECT_TRUE(output.scores_are_list());
  EXPECT_FALSE(OutputSchema{}.scores_are_list());
}

TEST(Schema, AClassIndexIsOneScoreThatNamesItsClass) {
  const OutputSchema output{
      .task = Task::kMulticlass, .class_names = {"a", "b", "c"}, .class_index = true};
  EXPECT_EQ(output.score_columns(), 1U);
  EXPECT_FALSE(output.scores_are_list());
  const std::array<float, 4> scores{2, 3, -1, std::nanf("")};
  EXPECT_EQ(output.predicted_class(scores.data()), 2U);
  for (size_t i = 1; i < scores.size(); ++i) {
    EXPECT_EQ(output.predicted_class(&scores.at(i)), std::nullopt) << scores.at(i);
  }
}

TEST(Schema, OfScoresTheLargestSpeaksForItsClassTheFirstOfEquals) {
  const OutputSchema output{.task = Task::kMulticlass, .class_names = {"a", "b", "c"}};
  const std::array<float, 3> clear{0.1F, 0.2F, 0.7F};
  const std::array<float, 3> equal{0.2F, 0.4F, 0.4F};
  EXPECT_EQ(output.predicted_class(clear.data()), 2U);
  EXPECT_EQ(output.predicted_class(equal.data()), 1U);
}

TEST(Schema, AboveTheThresholdIsClassOne) {
  const OutputSchema output{
      .task = Task::kBinary, .class_names = {"no", "yes"}, .threshold = 0.25F};
  const float above = 0.26F;
  EXPECT_EQ(output.predicted_class(&above), 1U);
  EXPECT_EQ(output.predicted_class(&output.threshold), 0U);
}

TEST(Schema, NoClassFollowsFromNan) {
  const OutputSchema output{.task = Task::kMulticlass, .class_names = {"a", "b"}};
  const std::array<float, 2> scores{0.5F, std::nanf("")};
  EXPECT_EQ(output.predicted_class(scores.data()), std::nullopt);
}

TEST(Schema, EachTaskHasItsName) {
  EXPECT_EQ(name(Task::kRegression), "regression");
  EXPECT_EQ(name(Task::kBinary), "binary");
  EXPECT_EQ(name(Task::kMulticlass), "multiclass");
}

}  // namespace
}  // namespace ringmaker::data
