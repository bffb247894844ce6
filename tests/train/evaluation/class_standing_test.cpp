#include "train/evaluation/class_standing.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(ClassStanding, EqualScoresStandInTheOrderOfTheirClasses) {
  const Values scores{0.2, 0.3, 0.3, 0.2};
  EXPECT_EQ(standing_of(scores, 1).taken, 1U);
  EXPECT_EQ(standing_of(scores, 1).rank, 0U);
  EXPECT_EQ(standing_of(scores, 2).rank, 1U);
  EXPECT_EQ(standing_of(scores, 0).rank, 2U);
  EXPECT_EQ(standing_of(scores, 3).rank, 3U);
}

TEST(ClassStanding, IsOfTheOwnClass) {
  const ClassStanding standing = standing_of(Values{0.2, 0.7, 0.1}, 2);
  EXPECT_EQ(standing.own, 2U);
  EXPECT_EQ(standing.taken, 1U);
  EXPECT_EQ(standing.probability, 0.1);
}

}  // namespace
}  // namespace ringmaker::train
