#include "train/evaluation/root_mean_squared_error.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(RootMeanSquaredError, OfValues) {
  EXPECT_DOUBLE_EQ(root_mean_squared_error(Values{1, 2, 3}, Values{1, 4, 1}), std::sqrt(8.0 / 3));
}

}  // namespace
}  // namespace ringmaker::train
