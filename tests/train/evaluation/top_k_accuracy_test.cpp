#include "train/evaluation/top_k_accuracy.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::train {
namespace {

using Values = std::vector<double>;

TEST(TopKAccuracy, CountsRowsWhoseClassIsAmongTheFirst) {
  const Values predicted{0.7, 0.2, 0.1, 0.3, 0.2, 0.5};
  const Values labels{1, 1};
  EXPECT_DOUBLE_EQ(top_k_accuracy(predicted, labels, 3, 1), 0);
  EXPECT_DOUBLE_EQ(top_k_accuracy(predicted, labels, 3, 2), 0.5);
  EXPECT_DOUBLE_EQ(top_k_accuracy(predicted, labels, 3, 3), 1);
}

}  // namespace
}  // namespace ringmaker::train
