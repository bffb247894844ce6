#include "model/tree/first_rounds.h"

#include "model/tree/validate_trees.h"
#include "tests/model/tree/tree_test_support.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

TEST(FirstRounds, KeepsTheTreesOfTheseRounds) {
  for (size_t rounds = 0; rounds <= 2; ++rounds) {
    const TreeEnsemble trees = first_rounds(small_trees(), rounds);
    EXPECT_EQ(trees.rounds(), rounds);
    EXPECT_EQ(trees.trees.size(), rounds);
    EXPECT_TRUE(validate_trees(trees));
  }
}

}  // namespace
}  // namespace ringmaker::model
