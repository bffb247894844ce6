#include "train/evaluation/f_beta.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::train {
namespace {

constexpr ClassCounts kCounts{.found = 6, .mistaken = 2, .missed = 4};
constexpr std::array kClasses{kCounts, ClassCounts{}};

TEST(FBeta, IsBetweenPrecisionAndRecallAndLeansToRecall) {
  EXPECT_DOUBLE_EQ(f_beta(kCounts, 1), 2 * 0.75 * 0.6 / (0.75 + 0.6));
  EXPECT_DOUBLE_EQ(f_beta(kCounts, 2), 5 * 0.75 * 0.6 / (4 * 0.75 + 0.6));
  EXPECT_DOUBLE_EQ(f_beta({}, 1), 0);
  EXPECT_DOUBLE_EQ(macro_f_beta(kClasses, 1), f_beta(kCounts, 1) / 2);
}

}  // namespace
}  // namespace ringmaker::train
