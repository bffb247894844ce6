#include "train/evaluation/scores.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(Scores, OfValues) {
  EXPECT_DOUBLE_EQ(root_mean_squared_error(Values{1, 2, 3}, Values{1, 4, 1}), std::sqrt(8.0 / 3));
  EXPECT_DOUBLE_EQ(mean_absolute_error(Values{1, 2, 3}, Values{1, 4, 1}), 4.0 / 3);
}

TEST(Scores, LogLossIsTheMeanSurprise) {
  EXPECT_NEAR(log_loss(Values{0.9, 0.2}, Values{1, 0}), -(std::log(0.9) + std::log(0.8)) / 2,
              1e-12);
  EXPECT_TRUE(std::isfinite(log_loss(Values{0, 1}, Values{1, 0})));
}

TEST(Scores, ErrorIsTheShareOnTheWrongSide) {
  EXPECT_DOUBLE_EQ(error_rate(Values{0.9, 0.2, 0.6, 0.1}, Values{1, 0, 0, 1}), 0.5);
}

TEST(Scores, AreaUnderCurveCountsOrderedPairsAndHalfOfTies) {
  EXPECT_DOUBLE_EQ(area_under_curve(Values{0.1, 0.4, 0.35, 0.8}, Values{0, 0, 1, 1}), 0.75);
  EXPECT_DOUBLE_EQ(area_under_curve(Values{0.5, 0.5, 0.5}, Values{0, 1, 0}), 0.5);
  EXPECT_DOUBLE_EQ(area_under_curve(Values{0.1, 0.9}, Values{1, 0}), 0);
  EXPECT_TRUE(std::isnan(area_under_curve(Values{0.1, 0.9}, Values{1, 1})));
}

TEST(Scores, AreaUnderCurveAgreesWithCountingPairs) {
  uint32_t state = 1;
  Values predicted;
  Values labels;
  for (int i = 0; i < 700; ++i) {
    state = state * 1664525 + 1013904223;
    predicted.push_back(static_cast<double>(state >> 20) / 1024 - 2);  // negative ones and ties
    labels.push_back((state >> 7) % 3 == 0 ? 1 : 0);
  }
  double ordered = 0;
  double pairs = 0;
  for (size_t i = 0; i < predicted.size(); ++i) {
    for (size_t j = 0; j < predicted.size(); ++j) {
      if (labels[i] > labels[j]) {
        ordered += predicted[i] > predicted[j] ? 1 : predicted[i] == predicted[j] ? 0.5 : 0;
        pairs += 1;
      }
    }
  }
  EXPECT_NEAR(area_under_curve(predicted, labels), ordered / pairs, 1e-12);
}

TEST(Scores, OfClasses) {
  const Values predicted{0.7, 0.2, 0.1, 0.3, 0.3, 0.4};
  EXPECT_NEAR(multiclass_log_loss(predicted, Values{0, 1}, 3), -(std::log(0.7) + std::log(0.3)) / 2,
              1e-12);
  EXPECT_DOUBLE_EQ(multiclass_error_rate(predicted, Values{0, 1}, 3), 0.5);
}

}  // namespace
}  // namespace ringmaker::train
