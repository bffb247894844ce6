#include "train/objective/eps_insensitive_absolute_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(EpsInsensitiveAbsoluteLoss, NothingWithinTheTubeAndTheDistanceBeyond) {
  const EpsInsensitiveAbsoluteLoss loss(0.5);
  EXPECT_DOUBLE_EQ(loss_at(loss, 1.25, 1), 0);
  EXPECT_DOUBLE_EQ(loss_at(loss, 3, 1), 1.5);
  EXPECT_DOUBLE_EQ(loss_at(loss, -1, 1), 1.5);
}

TEST(EpsInsensitiveAbsoluteLoss, SlopesAreDifferences) {
  for (const double width : {0.0, 0.3}) {
    expect_slopes_are_differences(EpsInsensitiveAbsoluteLoss(0.5), 1, 0, width);
  }
  expect_smoothing_stays_near(EpsInsensitiveAbsoluteLoss(0.5), 1, false);
}

TEST(EpsInsensitiveAbsoluteLoss, IsLeastWhereAsManyRowsPullUpAsDown) {
  // Of 0, 1 and 5 the outer two pull against each other; 1 must come to lie within the tube.
  const double best = best_constant(EpsInsensitiveAbsoluteLoss(0.25), {0, 1, 5})[0];
  EXPECT_GE(best, 0.75 - 1e-3);
  EXPECT_LE(best, 1.25 + 1e-3);
}

}  // namespace
}  // namespace ringmaker::train
