#include "train/objective/pieces.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

TEST(Pieces, AKinkIsTheGreaterOfTwoLines) {
  EXPECT_EQ(kink(2, 1, 3, 0).value, 6);
  EXPECT_EQ(kink(2, 1, 3, 0).slope, 3);
  EXPECT_EQ(kink(-2, 1, 3, 0).value, 2);
  EXPECT_EQ(kink(-2, 1, 3, 0).slope, -1);
  EXPECT_EQ(kink(0, 1, 3, 0).slope, 0);
}

TEST(Pieces, ASmoothedKinkIsContinuousWhereItsPartsMeet) {
  constexpr double kWidth = 0.5;
  for (const double meet : {3 * kWidth, -1 * kWidth}) {
    const Piece below = kink(meet - 1e-9, 1, 3, kWidth);
    const Piece above = kink(meet + 1e-9, 1, 3, kWidth);
    EXPECT_NEAR(below.value, above.value, 1e-7);
    EXPECT_NEAR(below.slope, above.slope, 1e-7);
  }
  EXPECT_EQ(kink(0, 1, 3, kWidth).slope, 0);
}

TEST(Pieces, ResidualsAreSummedByTheirShare) {
  const double raw[] = {1, 5};
  const double labels[] = {0, 7};
  const float weights[] = {3, 1};
  float slopes[2];
  const LossBlock block{.rows = 2,
                        .raw = raw,
                        .labels = labels,
                        .weights = weights,
                        .weight_sum = 4,
                        .slopes = slopes};
  const double total = sum_over_residuals(block, [](double r) { return Piece{r * r, 2 * r}; });
  EXPECT_DOUBLE_EQ(total, 0.75 * 1 + 0.25 * 4);
  EXPECT_FLOAT_EQ(slopes[0], 1.5F);
  EXPECT_FLOAT_EQ(slopes[1], -1);
}

}  // namespace
}  // namespace ringmaker::train
