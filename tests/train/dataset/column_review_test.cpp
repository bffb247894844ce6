#include "train/dataset/column_review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;

/// Columns of three values each, the last two rows repeated until there are enough of them.
Dataset columns(const std::vector<std::vector<float>>& values, size_t rows = 3) {
  Dataset dataset{data::DenseBlock(values.size(), rows), {}, {}, {}, {}};
  dataset.features.resize(rows);
  for (size_t j = 0; j < values.size(); ++j) {
    for (size_t i = 0; i < rows; ++i) {
      dataset.features.span().row(i)[j] = values[j][i < 3 ? i : 1 + i % 2];
    }
    dataset.schema.feature_names.push_back(std::string(1, static_cast<char>('a' + j)));
  }
  return dataset;
}

TEST(ColumnReview, ColumnsThatSaySomethingAreNotMentioned) {
  EXPECT_THAT(review_columns(columns({{1, 2, 3}, {1e-29F, 3e-29F, 0}, {0, NAN, 1}})),
              ElementsAre());
}

TEST(ColumnReview, EachKindIsOneSentenceWithItsColumns) {
  const float denormal = 1e-40F;
  EXPECT_THAT(
      review_columns(columns({{7, 7, 7},
                              {NAN, NAN, NAN},
                              {denormal, 2 * denormal, 0},
                              {NAN, 5, 5},
                              {1, 2, 3},
                              {0, 0, -0.0F}})),
      ElementsAre("1 column has no value in any row: \"b\"",
                  "3 columns have the same value in every row: \"a\", \"d\", \"f\"",
                  "1 column has values less than 1e-30 apart, too close to learn from; in another "
                  "unit they would count: \"c\""));
}

TEST(ColumnReview, WhatLiesTooFarFromZeroForItsSpreadIsTold) {
  const std::string subtract =
      "; subtract the same number from all of them, such as the first, before training and in "
      "every request: ";
  const std::string rounded =
      "values so far from zero that 32-bit floats hold little of what they differ by";
  // Seconds of a few minutes, which floats there take 128 at a time; thousandths by the million.
  EXPECT_THAT(review_columns(columns({{1700000000, 1700000128, 1700000896},
                                      {1e6F, 1000000.0625F, 1000000.5F},
                                      {-1e9F, -1000000064, -1000000192}})),
              ElementsAre("3 columns have " + rounded + subtract + "\"a\", \"b\", \"c\""));
  EXPECT_THAT(review_columns(columns({{1700000000, 1700000000, NAN}, {5, 5, 5}})),
              ElementsAre("1 column has the same value in every row: \"b\"",
                          "1 column has one value in every row, so far from zero that 32-bit "
                          "floats would not tell others near it apart; if there are others, " +
                              subtract.substr(2) + "\"a\""));
}

TEST(ColumnReview, WhatFloatsHoldAsItIsLosesNothingHoweverFarItLies) {
  EXPECT_THAT(review_columns(columns({{1000000, 1000001, 1000000},           // codes
                                      {100001, 100005, 100003},              // codes
                                      {2023, 2024, 2025},                    // years
                                      {10000001, 10000003, 10000002},        // all of them floats
                                      {1700000000, 1710000000, 1720000000},  // seconds of months
                                      {1e30F, 2e30F, -1e30F},
                                      {100000.25F, 100000.5F, 100000.75F}})),
              ElementsAre());
}

TEST(ColumnReview, ALongListIsCut) {
  EXPECT_THAT(
      review_columns(columns(std::vector<std::vector<float>>(11, {1, 1, 1}))),
      ElementsAre("11 columns have the same value in every row: \"a\", \"b\", \"c\", \"d\", "
                  "\"e\", \"f\", \"g\", \"h\" and 3 more"));
}

TEST(ColumnReview, TheLastRowMayBeTheOnlyOneThatDiffers) {
  Dataset dataset = columns({{1, 1, 1}, {1, 2, 3}}, 100'000);
  EXPECT_EQ(review_columns(dataset).size(), 1U);
  dataset.features.span().row(99'999)[0] = 2;
  EXPECT_THAT(review_columns(dataset), ElementsAre());
}

}  // namespace
}  // namespace ringmaker::train
