#include "train/evaluation/log_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(LogLoss, IsTheMeanSurprise) {
  EXPECT_NEAR(log_loss(Values{0.9, 0.2}, Values{1, 0}), -(std::log(0.9) + std::log(0.8)) / 2,
              1e-12);
}

TEST(LogLoss, OneCertainMistakeIsNotInfinite) {
  EXPECT_TRUE(std::isfinite(log_loss(Values{0, 1}, Values{1, 0})));
}

}  // namespace
}  // namespace ringmaker::train
