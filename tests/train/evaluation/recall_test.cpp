#include "train/evaluation/recall.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::train {
namespace {

constexpr ClassCounts kCounts{.found = 6, .mistaken = 2, .missed = 4};
constexpr std::array kClasses{kCounts, ClassCounts{}};

TEST(Recall, IsTheShareOfThoseThere) {
  EXPECT_DOUBLE_EQ(recall(kCounts), 0.6);
  EXPECT_DOUBLE_EQ(recall({}), 0);
  EXPECT_DOUBLE_EQ(macro_recall(kClasses), 0.3);
}

}  // namespace
}  // namespace ringmaker::train
