#include "train/evaluation/class_rank.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(ClassRank, EqualScoresStandInTheOrderOfTheirClasses) {
  const Values scores{0.2, 0.3, 0.3, 0.2};
  EXPECT_EQ(winner_of(scores), 1U);
  EXPECT_EQ(rank_of(scores, 1), 0U);
  EXPECT_EQ(rank_of(scores, 2), 1U);
  EXPECT_EQ(rank_of(scores, 0), 2U);
  EXPECT_EQ(rank_of(scores, 3), 3U);
}

}  // namespace
}  // namespace ringmaker::train
