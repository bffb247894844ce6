#include "train/evaluation/class_counts.h"

#include "tests/train/evaluation/standings.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(ClassCounts, OfTwoClasses) {
  const ClassCounts counts =
      count_class(Values{0.9, 0.8, 0.3, 0.1, 0.7}, Values{1, 0, 1, 0, 1}, 0.5);
  EXPECT_EQ(counts.found, 2);
  EXPECT_EQ(counts.mistaken, 1);
  EXPECT_EQ(counts.missed, 1);
}

TEST(ClassCounts, OfSeveral) {
  const auto rows = standings_of({1, 0, 0, 1, 0, 0, 0, 0, 1}, {0, 1, 2}, 3);
  const auto counts = count_classes(rows, 3);
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].found, 1);
  EXPECT_EQ(counts[0].mistaken, 1);
  EXPECT_EQ(counts[1].missed, 1);
  EXPECT_EQ(counts[2].found, 1);
}

}  // namespace
}  // namespace ringmaker::train
