#include "train/evaluation/discounted_cumulative_gain.h"

#include "tests/train/evaluation/standings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(DiscountedCumulativeGain, FallsWithTheLogarithmOfTheRank) {
  const Values predicted{0.7, 0.2, 0.1, 0.3, 0.2, 0.5};
  EXPECT_DOUBLE_EQ(discounted_cumulative_gain(standings_of(predicted, {0, 2}, 3)), 1);
  EXPECT_DOUBLE_EQ(discounted_cumulative_gain(standings_of(predicted, {1, 1}, 3)),
                   (1 / std::log2(3) + 1 / std::log2(4)) / 2);
}

}  // namespace
}  // namespace ringmaker::train
