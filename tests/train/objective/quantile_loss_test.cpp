#include "train/objective/quantile_loss.h"

#include "tests/train/objective/loss_test_support.h"

namespace ringmaker::train {
namespace {

TEST(QuantileLoss, LabelsAboveCostTheQuantileAndThoseBelowTheRest) {
  EXPECT_DOUBLE_EQ(loss_at(QuantileLoss(0.9), 0, 2), 1.8);
  EXPECT_NEAR(loss_at(QuantileLoss(0.9), 2, 0), 0.2, 1e-12);
}

TEST(QuantileLoss, SlopesAreDifferences) {
  for (const double quantile : {0.1, 0.5, 0.9}) {
    expect_slopes_are_differences(QuantileLoss(quantile), 1, 0, 0);
    expect_slopes_are_differences(QuantileLoss(quantile), 1, 0, 0.5);
    expect_smoothing_stays_near(QuantileLoss(quantile), 1, false);
  }
}

TEST(QuantileLoss, IsLeastAtTheQuantile) {
  std::vector<double> labels;
  for (int i = 0; i <= 100; ++i) {
    labels.push_back(i * 0.05);
  }
  EXPECT_NEAR(best_constant(QuantileLoss(0.255), labels)[0], 1.25, 1e-3);
  EXPECT_NEAR(best_constant(QuantileLoss(0.895), labels)[0], 4.5, 1e-3);
}

}  // namespace
}  // namespace ringmaker::train
