#include "model/tree/walk_layout.h"

#include "tests/model/tree/random_ensemble.h"

#include <gtest/gtest.h>

#include <map>
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

/// Of each node that the root reaches, the place of its right child.
std::map<uint32_t, uint32_t> children_of(const WalkLayout& layout) {
  std::map<uint32_t, uint32_t> children;
  for (const WalkLayout::Inner& inner : layout.inner) {
    children[inner.id] = inner.children;
  }
  return children;
}

TEST(WalkLayout, NoPlaceIsTakenTwiceAndChildrenStandBehindTheirParents) {
  const TreeEnsemble ensemble = random_ensemble({.trees = 20, .depth_max = 10}, 1);
  for (const Tree& tree : ensemble.trees) {
    const WalkLayout layout = WalkPlacer(ensemble).place(tree);
    EXPECT_EQ(layout.inner.size(), tree.node_count);
    std::set<uint32_t> taken{0};
    std::map<uint32_t, uint32_t> nodes{{0, 0}};
    std::map<uint32_t, uint32_t> leaves;
    if (tree.node_count == 0) {
      leaves[0] = 0;
    }
    for (const auto& [id, at, children] : layout.inner) {
      const TreeNode& node = ensemble.nodes[tree.node_begin + id];
      EXPECT_TRUE(taken.insert(children).second);
      EXPECT_TRUE(taken.insert(children + 1).second);
      EXPECT_EQ(line_of(children), line_of(children + 1));
      EXPECT_GT(children, at);
      const auto stand = [&](int32_t child, uint32_t place) {
        child < 0 ? leaves[place] = static_cast<uint32_t>(~child)
                  : nodes[static_cast<uint32_t>(child)] = place;
      };
      stand(node.right, children);
      stand(node.left, children + 1);
    }
    for (const WalkLayout::Inner& inner : layout.inner) {
      EXPECT_EQ(inner.at, nodes[inner.id]);
    }
    EXPECT_EQ(layout.leaves.size(), leaves.size());
    for (const WalkLayout::Leaf& leaf : layout.leaves) {
      EXPECT_EQ(leaf.id, leaves[leaf.at]);
    }
    EXPECT_LT(*taken.rbegin(), layout.places);
    EXPECT_EQ(layout.places % kWalkLine, 0U);
  }
}

TEST(WalkLayout, TheOrderOfTheNodesInTheFileMakesNoDifference) {
  const TreeEnsemble forward = random_ensemble({.trees = 1, .depth_max = 10}, 1);
  const Tree& tree = forward.trees[0];
  const uint32_t last = tree.node_count - 1;
  // The root stays the first node, all others stand in reverse.
  const auto turned = [&](uint32_t id) { return id == 0 ? 0 : last + 1 - id; };
  TreeEnsemble backward = forward;
  for (uint32_t id = 0; id <= last; ++id) {
    TreeNode node = forward.nodes[tree.node_begin + id];
    for (int32_t* child : {&node.left, &node.right}) {
      *child = *child < 0 ? *child : static_cast<int32_t>(turned(static_cast<uint32_t>(*child)));
    }
    backward.nodes[tree.node_begin + turned(id)] = node;
  }
  const WalkLayout expected = WalkPlacer(forward).place(tree);
  const WalkLayout found = WalkPlacer(backward).place(tree);
  EXPECT_EQ(found.depth, expected.depth);
  EXPECT_EQ(found.inner.size(), expected.inner.size());
  EXPECT_EQ(found.leaves.size(), expected.leaves.size());
}

TEST(WalkLayout, ALineHoldsAPairAndThoseBelowItThatMostLeavesAreUnder) {
  const TreeEnsemble ensemble = vine(12);
  const WalkLayout layout = WalkPlacer(ensemble).place(ensemble.trees[0]);
  const auto children = children_of(layout);
  EXPECT_EQ(layout.depth, 12U);
  // The root and three pairs, then four pairs a line.
  for (uint32_t id = 0; id < 12; ++id) {
    EXPECT_EQ(line_of(children.at(id)), id < 3 ? 0 : (id + 1) / 4) << id;
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
  EXPECT_FALSE(children_of(layout).contains(1));
  EXPECT_EQ(layout.depth, 1U);
}

}  // namespace
}  // namespace ringmaker::model
