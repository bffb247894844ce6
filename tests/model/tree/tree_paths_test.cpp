#include "model/tree/tree_paths.h"

#include "model/tree/split_columns.h"
#include "tests/model/tree/tree_test_support.h"

#include <gmock/gmock.h>

namespace ringmaker::model {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;

class TreePathsTest : public testing::Test {
 protected:
  explicit TreePathsTest(TreeEnsemble ensemble = small_trees())
      : ensemble_(std::move(ensemble)),
        walk_(ensemble_, SplitColumns(ensemble_)),
        slots_(walk_, ensemble_.features),
        builder_(walk_, slots_) {}

  std::vector<PathStep> steps(const TreePaths& paths) const {
    std::vector<PathStep> steps;
    for (const PathMove& move : paths.moves) {
      steps.push_back(move.step);
    }
    return steps;
  }

  TreeEnsemble ensemble_;
  TreeWalk walk_;
  PathSlots slots_;
  PathBuilder builder_;
};

TEST_F(TreePathsTest, GoDownLeftAndRightAndUp) {
  TreePaths paths;
  builder_.build(0, paths);
  EXPECT_THAT(steps(paths),
              ElementsAre(PathStep::kAskThenLeft, PathStep::kLeaveFork, PathStep::kLeaveRightLeaf));
  EXPECT_EQ(paths.levels, 2U);
  EXPECT_EQ(paths.points, 1U);  // of two features, a polynomial of the first degree
  EXPECT_THAT(paths.values, ElementsAre(10, 20, 30));
  EXPECT_DOUBLE_EQ(paths.nodes[0].share_left, 4.0 / 6);
  EXPECT_DOUBLE_EQ(paths.nodes[1].share_right, 3.0 / 4);
  EXPECT_EQ(paths.nodes[1].above, 0U);
  EXPECT_THAT(builder_.means(), ElementsAre(DoubleEq((10.0 + 3 * 20 + 2 * 30) / 6)));
}

TEST_F(TreePathsTest, OfASingleLeafAreNoMoves) {
  TreePaths paths;
  builder_.build(1, paths);
  EXPECT_TRUE(paths.moves.empty());
  EXPECT_THAT(builder_.means(), ElementsAre(0.5));
}

class RepeatedFeature : public TreePathsTest {
 protected:
  RepeatedFeature() : TreePathsTest(ensemble()) {}
  static TreeEnsemble ensemble() {
    TreeEnsemble trees = small_trees();
    trees.nodes[1].feature = 0;
    return trees;
  }
};

TEST_F(RepeatedFeature, KnowsWhereItWasAskedForAndWhatItLetPassThere) {
  TreePaths paths;
  builder_.build(0, paths);
  EXPECT_EQ(paths.nodes[1].above, 1U);
  EXPECT_DOUBLE_EQ(paths.nodes[1].z, 4.0 / 6);
  EXPECT_DOUBLE_EQ(paths.nodes[1].z_left, 1.0 / 6);
  EXPECT_EQ(paths.points, 1U);
  EXPECT_THAT(slots_.features, ElementsAre(0U));
}

}  // namespace
}  // namespace ringmaker::model
