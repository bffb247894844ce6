#include "train/objective/hinge_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(HingeLoss, IsWhatIsMissingToTheMargin) {
  EXPECT_DOUBLE_EQ(loss_at(HingeLoss(1), 0.25, 1), 0.75);
  EXPECT_DOUBLE_EQ(loss_at(HingeLoss(1), 0.25, 0), 1.25);
  EXPECT_DOUBLE_EQ(loss_at(HingeLoss(1), 2, 1), 0);
  EXPECT_DOUBLE_EQ(loss_at(HingeLoss(3), 2, 1), 1);
}

TEST(HingeLoss, SlopesAreDifferences) {
  for (const double width : {0.0, 0.4}) {
    expect_slopes_are_differences(HingeLoss(1), 1, 2, width);
    expect_slopes_are_differences(HingeLoss(2), 1, 2, width);
  }
  expect_smoothing_stays_near(HingeLoss(1), 1, true);
}

TEST(HingeLoss, IsLeastAtTheMarginOfTheMajority) {
  EXPECT_NEAR(best_constant(HingeLoss(1), {1, 1, 1, 0})[0], 1, 1e-4);
  EXPECT_NEAR(best_constant(HingeLoss(1), {0, 1, 0, 0})[0], -1, 1e-4);
  EXPECT_NEAR(best_constant(HingeLoss(1), {0, 1, 0, 0}, {1, 5, 1, 1})[0], 1, 1e-4);
}

}  // namespace
}  // namespace ringmaker::train
