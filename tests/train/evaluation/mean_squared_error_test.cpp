#include "train/evaluation/mean_squared_error.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(MeanSquaredError, OfValues) {
  EXPECT_DOUBLE_EQ(mean_squared_error(Values{1, 2, 3}, Values{1, 4, 1}), 8.0 / 3);
}

}  // namespace
}  // namespace ringmaker::train
