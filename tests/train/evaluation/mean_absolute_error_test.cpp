#include "train/evaluation/mean_absolute_error.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(MeanAbsoluteError, OfValues) {
  EXPECT_DOUBLE_EQ(mean_absolute_error(Values{1, 2, 3}, Values{1, 4, 1}), 4.0 / 3);
}

}  // namespace
}  // namespace ringmaker::train
