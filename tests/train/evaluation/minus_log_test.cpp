#include "train/evaluation/minus_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(MinusLog, IsBoundedAtZero) {
  EXPECT_DOUBLE_EQ(minus_log(0.5), std::log(2.0));
  EXPECT_DOUBLE_EQ(minus_log(1), 0);
  EXPECT_NEAR(minus_log(0), 34.5, 0.1);
}

}  // namespace
}  // namespace ringmaker::train
