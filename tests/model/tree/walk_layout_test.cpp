#include "model/tree/walk_layout.h"

#include "tests/model/tree/random_ensemble.h"

#include <gtest/gtest.h>

#include <set>

namespace ringmaker::model {
namespace {

/// A tree whose node `i` has a leaf on its left and node i + 1 on its right.
TreeEnsemble vine(uint32_t nodes) {
  TreeEnsemble ensemble;
  ensemble.features = 1;
  ensemble.base_values = {0};
  for (uint32_t i = 0; i < nodes; ++i) {
    const auto next = static_cast<int32_t>(i + 1);
    ensemble.nodes.push_back(
        {.left = ~static_cast<int32_t>(i), .right = i + 1 < nodes ? next : ~next});
  }
  ensemble.leaf_values.assign(nodes + 1, 0);
  ensemble.trees = {{.node_count = nodes, .leaf_count = nodes + 1}};
  return ensemble;
}

uint32_t line_of(uint32_t place) { return place / kWalkLine; }

TEST(WalkLayout, NoPlaceIsTakenTwiceAndChildrenStandBehindTheirParents) {
  const TreeEnsemble ensemble = random_ensemble({.trees = 20, .depth_max = 10}, 1);
  for (const Tree& tree : ensemble.trees) {
    const WalkLayout layout = WalkPlacer(ensemble).place(tree);
    std::set<uint32_t> taken{0};
    std::vector<uint32_t> places(tree.node_count, 0);
    for (uint32_t id = 0; id < tree.node_count; ++id) {
      const TreeNode& node = ensemble.nodes[tree.node_begin + id];
      EXPECT_TRUE(taken.insert(layout.children[id]).second);
      EXPECT_TRUE(taken.insert(layout.children[id] + 1).second);
      EXPECT_EQ(line_of(layout.children[id]), line_of(layout.children[id] + 1));
      if (node.right >= 0) {
        places[static_cast<uint32_t>(node.right)] = layout.children[id];
      }
      if (node.left >= 0) {
        places[static_cast<uint32_t>(node.left)] = layout.children[id] + 1;
      }
    }
    for (uint32_t id = 0; id < tree.node_count; ++id) {
      EXPECT_GT(layout.children[id], places[id]);
    }
    EXPECT_LT(*taken.rbegin(), layout.places);
    EXPECT_EQ(layout.places % kWalkLine, 0U);
  }
}

TEST(WalkLayout, ALineHoldsAPairAndThoseBelowItThatMostLeavesAreUnder) {
  const TreeEnsemble ensemble = vine(12);
  const WalkLayout layout = WalkPlacer(ensemble).place(ensemble.trees[0]);
  EXPECT_EQ(layout.depth, 12U);
  // The root and three pairs, then four pairs a line.
  for (uint32_t id = 0; id < 12; ++id) {
    EXPECT_EQ(line_of(layout.children[id]), id < 3 ? 0 : (id + 1) / 4) << id;
  }
}

TEST(WalkLayout, EmptyPlacesAreFew) {
  const TreeEnsemble ensemble =
      random_ensemble({.trees = 20, .depth_max = 14, .early_leaf = 0.2}, 1);
  size_t places = 0;
  size_t taken = 0;
  for (const Tree& tree : ensemble.trees) {
    places += WalkPlacer(ensemble).place(tree).places;
    taken += tree.node_count + tree.leaf_count;
  }
  EXPECT_LT(places, taken + taken / 4 + kWalkLine * ensemble.trees.size());
}

TEST(WalkLayout, ASingleLeafTakesALineAndUnreachedNodesTakeNothing) {
  TreeEnsemble ensemble = vine(2);
  ensemble.trees[0].node_count = 0;
  EXPECT_EQ(WalkPlacer(ensemble).place(ensemble.trees[0]).places, kWalkLine);
  ensemble.trees[0].node_count = 2;
  ensemble.nodes[0].right = ~1;
  const WalkLayout layout = WalkPlacer(ensemble).place(ensemble.trees[0]);
  EXPECT_EQ(layout.children[1], WalkLayout::kNowhere);
  EXPECT_EQ(layout.depth, 1U);
}

}  // namespace
}  // namespace ringmaker::model
