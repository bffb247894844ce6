#include "train/evaluation/top_k_accuracy.h"

#include "tests/train/evaluation/standings.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

TEST(TopKAccuracy, CountsRowsWhoseClassIsAmongTheFirst) {
  const auto rows = standings_of({0.7, 0.2, 0.1, 0.3, 0.2, 0.5}, {1, 1}, 3);
  EXPECT_DOUBLE_EQ(top_k_accuracy(rows, 1), 0);
  EXPECT_DOUBLE_EQ(top_k_accuracy(rows, 2), 0.5);
  EXPECT_DOUBLE_EQ(top_k_accuracy(rows, 3), 1);
}

}  // namespace
}  // namespace ringmaker::train
