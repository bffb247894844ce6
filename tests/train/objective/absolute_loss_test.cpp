#include "train/objective/absolute_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(AbsoluteLoss, IsTheDistance) {
  EXPECT_DOUBLE_EQ(loss_at(AbsoluteLoss(), 3, 1), 2);
  EXPECT_DOUBLE_EQ(loss_at(AbsoluteLoss(), -1, 1), 2);
  EXPECT_DOUBLE_EQ(loss_at(AbsoluteLoss(), 1, 1), 0);
}

TEST(AbsoluteLoss, SlopesAreDifferences) {
  expect_slopes_are_differences(AbsoluteLoss(), 1, 0, 0);
  expect_slopes_are_differences(AbsoluteLoss(), 1, 0, 0.5);
  expect_smoothing_stays_near(AbsoluteLoss(), 1, false);
}

TEST(AbsoluteLoss, IsLeastAtTheMedian) {
  EXPECT_NEAR(best_constant(AbsoluteLoss(), {-1, 0.25, 0.5, 40, 1})[0], 0.5, 1e-4);
}

}  // namespace
}  // namespace ringmaker::train
