#include "train/evaluation/multiclass_error_rate.h"

#include "tests/train/evaluation/standings.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(MulticlassErrorRate, CountsRowsWhoseClassDoesNotWin) {
  const Values predicted{0.7, 0.2, 0.1, 0.3, 0.3, 0.4};
  EXPECT_DOUBLE_EQ(multiclass_error_rate(standings_of(predicted, {0, 1}, 3)), 0.5);
  EXPECT_DOUBLE_EQ(multiclass_error_rate(standings_of(predicted, {0, 2}, 3)), 0);
}

}  // namespace
}  // namespace ringmaker::train
