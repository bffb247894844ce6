#include "train/evaluation/error_rate.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(ErrorRate, IsTheShareOnTheWrongSide) {
  EXPECT_DOUBLE_EQ(error_rate(Values{0.9, 0.2, 0.6, 0.1}, Values{1, 0, 0, 1}, 0.5), 0.5);
}

TEST(ErrorRate, FollowsTheThreshold) {
  EXPECT_DOUBLE_EQ(error_rate(Values{0.9, 0.2, 0.6, 0.1}, Values{1, 0, 0, 1}, 0.7), 0.25);
  EXPECT_DOUBLE_EQ(error_rate(Values{-2, 3, 0}, Values{0, 1, 0}, 0), 0);
}

}  // namespace
}  // namespace ringmaker::train
