#include "model/import/gain_shares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GainShares, AddUpToOne) {
  EXPECT_THAT(gain_shares({1, 3}, 2), ElementsAre(0.25, 0.75));
  EXPECT_THAT(gain_shares({2}, 3), ElementsAre(1, 0, 0)) << "later features have no split";
}

TEST(GainShares, AreNotThereWhereNothingWasGained) {
  EXPECT_THAT(gain_shares({0, 0}, 2), IsEmpty());
  EXPECT_THAT(gain_shares({}, 2), IsEmpty());
  EXPECT_THAT(gain_shares({std::numeric_limits<double>::infinity()}, 1), IsEmpty());
}

}  // namespace
}  // namespace ringmaker::model
