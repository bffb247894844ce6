#include "train/evaluation/multiclass_log_loss.h"

#include "tests/train/evaluation/standings.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(MulticlassLogLoss, IsTheMeanSurpriseOfTheOwnClass) {
  const Values predicted{0.7, 0.2, 0.1, 0.3, 0.3, 0.4};
  EXPECT_NEAR(multiclass_log_loss(standings_of(predicted, {0, 1}, 3)),
              -(std::log(0.7) + std::log(0.3)) / 2, 1e-12);
}

}  // namespace
}  // namespace ringmaker::train
