#include "train/objective/huber_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(HuberLoss, IsSquaredNearAndLinearFar) {
  EXPECT_DOUBLE_EQ(loss_at(HuberLoss(1), 0.5, 0), 0.125);
  EXPECT_DOUBLE_EQ(loss_at(HuberLoss(1), 3, 0), 2.5);
  EXPECT_DOUBLE_EQ(loss_at(HuberLoss(2), -3, 0), 4);
}

TEST(HuberLoss, SlopesAreDifferences) { expect_slopes_are_differences(HuberLoss(0.7), 1, 0, 0); }

TEST(HuberLoss, AnOutlierPullsNoHarderThanDelta) {
  // Slopes of the three near zero and of the outlier cancel: 3 x = 1.
  EXPECT_NEAR(best_constant(HuberLoss(1), {0, 0, 0, 100})[0], 1.0 / 3, 1e-6);
}

}  // namespace
}  // namespace ringmaker::train
