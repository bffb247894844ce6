#include "train/objective/eps_insensitive_squared_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(EpsInsensitiveSquaredLoss, NothingWithinTheTubeAndHalfTheSquareBeyond) {
  const EpsInsensitiveSquaredLoss loss(0.5);
  EXPECT_DOUBLE_EQ(loss_at(loss, 1.25, 1), 0);
  EXPECT_DOUBLE_EQ(loss_at(loss, 3, 1), 1.125);
  EXPECT_DOUBLE_EQ(loss_at(loss, -1, 1), 1.125);
}

TEST(EpsInsensitiveSquaredLoss, SlopesAreDifferences) {
  expect_slopes_are_differences(EpsInsensitiveSquaredLoss(0.5), 1, 0, 0);
}

TEST(EpsInsensitiveSquaredLoss, IsLeastWhereTheTubesEndsBalance) {
  // (x - 0.5 - 0) = (4 - 0.5 - x) + (4 - 0.5 - x)
  EXPECT_NEAR(best_constant(EpsInsensitiveSquaredLoss(0.5), {0, 4, 4})[0], 2.5, 1e-6);
}

}  // namespace
}  // namespace ringmaker::train
