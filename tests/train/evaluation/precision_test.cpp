#include "train/evaluation/precision.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::train {
namespace {

constexpr ClassCounts kCounts{.found = 6, .mistaken = 2, .missed = 4};
constexpr std::array kClasses{kCounts, ClassCounts{}};

TEST(Precision, IsTheShareOfThoseTaken) {
  EXPECT_DOUBLE_EQ(precision(kCounts), 0.75);
  EXPECT_DOUBLE_EQ(precision({}), 0);
  EXPECT_DOUBLE_EQ(macro_precision(kClasses), 0.375);
}

}  // namespace
}  // namespace ringmaker::train
