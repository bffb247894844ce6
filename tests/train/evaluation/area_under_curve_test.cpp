#include "train/evaluation/area_under_curve.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(AreaUnderCurve, CountsOrderedPairsAndHalfOfTies) {
  EXPECT_DOUBLE_EQ(area_under_curve(Values{0.1, 0.4, 0.35, 0.8}, Values{0, 0, 1, 1}), 0.75);
  EXPECT_DOUBLE_EQ(area_under_curve(Values{0.5, 0.5, 0.5}, Values{0, 1, 0}), 0.5);
  EXPECT_DOUBLE_EQ(area_under_curve(Values{0.1, 0.9}, Values{1, 0}), 0);
  EXPECT_TRUE(std::isnan(area_under_curve(Values{0.1, 0.9}, Values{1, 1})));
}

TEST(AreaUnderCurve, AgreesWithCountingPairs) {
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

}  // namespace
}  // namespace ringmaker::train
