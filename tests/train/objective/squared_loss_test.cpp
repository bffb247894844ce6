#include "train/objective/squared_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(SquaredLoss, IsHalfTheSquareOfTheResidual) {
  EXPECT_DOUBLE_EQ(loss_at(SquaredLoss(), 3, 1), 2);
  EXPECT_DOUBLE_EQ(loss_at(SquaredLoss(), -1, 1), 2);
}

TEST(SquaredLoss, SlopesAreDifferences) { expect_slopes_are_differences(SquaredLoss(), 1, 0, 0); }

TEST(SquaredLoss, IsLeastAtTheMean) {
  EXPECT_NEAR(best_constant(SquaredLoss(), {1, 2, 6, 11})[0], 5, 1e-6);
  EXPECT_NEAR(best_constant(SquaredLoss(), {1, 5}, {3, 1})[0], 2, 1e-6);
}

}  // namespace
}  // namespace ringmaker::train
