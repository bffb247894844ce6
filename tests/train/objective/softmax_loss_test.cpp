#include "train/objective/softmax_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(SoftmaxLoss, IsTheSurpriseHoweverLargeTheScores) {
  std::vector<float> slopes;
  EXPECT_NEAR(loss_of_row(SoftmaxLoss(), {0, 0, 0}, 2, 0, slopes), std::log(3.0), 1e-7);
  EXPECT_NEAR(loss_of_row(SoftmaxLoss(), {900, 0, 0}, 1, 0, slopes), 900, 1e-6);
  EXPECT_NEAR(slopes[0], 1, 1e-6);
  EXPECT_NEAR(slopes[1], -1, 1e-6);
}

TEST(SoftmaxLoss, SlopesAreDifferences) {
  expect_slopes_are_differences(SoftmaxLoss(), 3, 3, 0);
  expect_slopes_are_differences(SoftmaxLoss(), 5, 5, 0);
}

TEST(SoftmaxLoss, IsLeastAtTheLogOfTheShares) {
  const std::vector<double> best = best_constant(SoftmaxLoss(), {0, 0, 0, 1, 2, 2}, {}, 3);
  EXPECT_NEAR(best[0] - best[1], std::log(3.0), 1e-5);
  EXPECT_NEAR(best[2] - best[1], std::log(2.0), 1e-5);
}

}  // namespace
}  // namespace ringmaker::train
