#include "train/objective/logistic_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(LogisticLoss, IsTheSurpriseHoweverLargeTheScore) {
  EXPECT_NEAR(loss_at(LogisticLoss(), 0, 1), std::log(2.0), 1e-7);
  EXPECT_NEAR(loss_at(LogisticLoss(), 2, 1), std::log1p(std::exp(-2)), 1e-7);
  EXPECT_NEAR(loss_at(LogisticLoss(), 500, 0), 500, 1e-9);
  EXPECT_NEAR(loss_at(LogisticLoss(), -500, 0), 0, 1e-9);
}

TEST(LogisticLoss, SlopesAreDifferences) { expect_slopes_are_differences(LogisticLoss(), 1, 2, 0); }

TEST(LogisticLoss, IsLeastAtTheLogOdds) {
  EXPECT_NEAR(best_constant(LogisticLoss(), {1, 1, 1, 0})[0], std::log(3.0), 1e-5);
  EXPECT_NEAR(best_constant(LogisticLoss(), {1, 0}, {1, 4})[0], -std::log(4.0), 1e-5);
}

}  // namespace
}  // namespace ringmaker::train
