// What a row says about each field.
#include "codec/selected/field_reader.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringmaker::codec {
namespace {

TEST(FieldReader, ListsAreListsEvenOfOne) {
  const data::OutputSchema one{.value_names = {"only"}};
  const FieldReader reader(one);
  EXPECT_TRUE(reader.is_list(OutputField::kPredictedScore));
  EXPECT_EQ(reader.elements(OutputField::kPredictedScore), 1U);
  const data::OutputSchema value;
  EXPECT_FALSE(FieldReader(value).is_list(OutputField::kPredictedScore));
}

TEST(FieldReader, AClassIsItsNumber) {
  const data::OutputSchema output{.task = data::Task::kMulticlass, .class_names = {"5", "6", "8"}};
  const FieldReader reader(output);
  const float scores[] = {0.1F, 0.2F, 0.7F};
  const auto row = reader.row(scores, nullptr);
  EXPECT_EQ(row.predicted, 2U);
  EXPECT_EQ(reader.number_at(OutputField::kPredictedLabel, 0, row), 8);
  EXPECT_EQ(reader.number_at(OutputField::kLabels, 1, row), 6);
  EXPECT_EQ(reader.number_at(OutputField::kProbability, 0, row), 0.7F);
  EXPECT_EQ(reader.elements(OutputField::kLabels), 3U);
}

TEST(FieldReader, OfARowWithoutScoresNothingIsKnown) {
  const data::OutputSchema output{.task = data::Task::kMulticlass, .class_names = {"5", "6"}};
  const FieldReader reader(output);
  const float scores[] = {std::numeric_limits<float>::quiet_NaN(), 1};
  const auto row = reader.row(scores, scores);
  EXPECT_EQ(FieldReader::class_at(OutputField::kPredictedLabel, 0, row), std::nullopt);
  EXPECT_TRUE(std::isnan(reader.number_at(OutputField::kPredictedLabel, 0, row)));
  EXPECT_TRUE(std::isnan(reader.number_at(OutputField::kRawScore, 0, row)));
}

}  // namespace
}  // namespace ringmaker::codec
