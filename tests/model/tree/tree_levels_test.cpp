#include "model/tree/tree_levels.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

std::vector<uint32_t> ids_of(const TreeLevels& levels) {
  return {levels.ids().begin(), levels.ids().end()};
}

TEST(TreeLevels, NodesStandByLevelAndWhatNothingReachesIsNotThere) {
  TreeEnsemble ensemble;
  // Node 0 has 3 and 1 below it, 1 has 4 on its right; 2 is reached by nothing.
  ensemble.nodes = {{.left = 3, .right = 1},
                    {.left = ~0, .right = 4},
                    {.left = ~1, .right = ~2},
                    {.left = ~3, .right = ~4},
                    {.left = ~5, .right = ~6}};
  const Tree tree{.node_count = 5, .leaf_count = 7};
  TreeLevels levels;
  levels.look_at(ensemble, tree);
  EXPECT_EQ(ids_of(levels), (std::vector<uint32_t>{0, 3, 1, 4}));
  EXPECT_EQ(levels.depth(), 3U);
}

TEST(TreeLevels, ASingleLeafHasNone) {
  TreeEnsemble ensemble;
  ensemble.nodes = {{.left = ~0, .right = ~1}};
  TreeLevels levels;
  levels.look_at(ensemble, {.node_count = 1, .leaf_count = 2});
  levels.look_at(ensemble, {.node_begin = 1, .leaf_begin = 2, .leaf_count = 1});
  EXPECT_TRUE(levels.ids().empty());
  EXPECT_EQ(levels.depth(), 0U);
}

}  // namespace
}  // namespace ringmaker::model
