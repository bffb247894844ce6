// What cannot be walked is refused, with the tree and node where it is.
#include "model/tree/validate_trees.h"

#include "tests/model/tree/tree_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace ringmaker::model {
namespace {

TEST(ValidateTrees, WhatCanBeWalkedIsFine) {
  EXPECT_TRUE(validate_trees(small_trees()));
  TreeEnsemble bare = small_trees();
  bare.leaf_ids.clear();
  bare.node_covers.clear();
  bare.leaf_covers.clear();
  EXPECT_TRUE(validate_trees(bare));
}

TEST(ValidateTrees, TreesOfOneLeafHaveCoversOfLeavesAlone) {
  TreeEnsemble trees = small_trees();
  trees.trees = {{.leaf_count = 1}};
  trees.round_begins = {0, 1};
  trees.nodes.clear();
  trees.node_covers.clear();
  EXPECT_TRUE(validate_trees(trees));
  trees.node_covers.push_back(1);
  EXPECT_FALSE(validate_trees(trees));
}

TEST(ValidateTrees, WhatCannotIsRefusedWhereItIs) {
  struct Case {
    std::string_view sentence;
    std::function<void(TreeEnsemble&)> damage;
  };
  const Case cases[] = {
      {"has 0 features", [](auto& trees) { trees.features = 0; }},
      {"features", [](auto& trees) { trees.features = kTreeFeaturesMax + 1; }},
      {"has 0 outputs", [](auto& trees) { trees.outputs = 0; }},
      {"outputs", [](auto& trees) { trees.outputs = kTreeOutputsMax + 1; }},
      {"leaves hold 2 values", [](auto& trees) { trees.leaf_width = 2; }},
      {"has 2 base values", [](auto& trees) { trees.base_values.push_back(0); }},
      {"base value 0 is NaN", [](auto& trees) { trees.base_values[0] = NAN; }},
      {"leaf value 2 is NaN", [](auto& trees) { trees.leaf_values[2] = NAN; }},
      {"has 3 leaf ids", [](auto& trees) { trees.leaf_ids.pop_back(); }},
      {"covers", [](auto& trees) { trees.leaf_covers.clear(); }},
      {"covers", [](auto& trees) { trees.node_covers.pop_back(); }},
      {"rounds", [](auto& trees) { trees.round_begins = {}; }},
      {"rounds", [](auto& trees) { trees.round_begins = {0, 1}; }},
      {"rounds", [](auto& trees) { trees.round_begins = {0, 3, 2}; }},
      {"tree 0 lies outside", [](auto& trees) { trees.trees[0].node_begin = 4000000000; }},
      {"tree 1 lies outside", [](auto& trees) { trees.trees[1].leaf_count = 4294967295; }},
      {"tree 1 has no leaf", [](auto& trees) { trees.trees[1].leaf_count = 0; }},
      {"tree 0 adds to output 1", [](auto& trees) { trees.trees[0].output = 1; }},
      {"tree 0, node 1: its child 7", [](auto& trees) { trees.nodes[1].left = 7; }},
      {"tree 0, node 1: its child -9", [](auto& trees) { trees.nodes[1].left = -9; }},
      {"node 1: its child 0 is reached a second time",
       [](auto& trees) { trees.nodes[1].right = 0; }},
      {"node 1: its child 1 is reached a second time",
       [](auto& trees) { trees.nodes[1].right = 1; }},
      {"node 0: it asks for feature 2", [](auto& trees) { trees.nodes[0].feature = 2; }},
      {"node 0: its threshold is NaN", [](auto& trees) { trees.nodes[0].threshold = NAN; }},
      {"node 1: its categories", [](auto& trees) { trees.nodes[1].category_end = 2; }},
      {"node 1: its categories", [](auto& trees) { trees.nodes[1].category_begin = 3; }},
  };
  for (const Case& one : cases) {
    TreeEnsemble trees = small_trees();
    one.damage(trees);
    const auto valid = validate_trees(trees);
    ASSERT_FALSE(valid) << one.sentence;
    EXPECT_THAT(valid.error().message(), testing::HasSubstr(one.sentence));
  }
}

TEST(ValidateTrees, ANodeThatNothingReachesMayHaveAnyChildren) {
  TreeEnsemble trees = small_trees();
  trees.nodes.push_back({.left = 9, .right = 9});
  trees.node_covers.push_back(0);
  EXPECT_TRUE(validate_trees(trees));
  trees.trees[0].node_count = 3;
  EXPECT_TRUE(validate_trees(trees));
}

TEST(ValidateTrees, WhatAnyNodeAsksCanBeAnswered) {
  for (const TreeNode& asks : {TreeNode{.feature = 77}, TreeNode{.threshold = NAN}}) {
    TreeEnsemble trees = small_trees();
    trees.nodes.push_back(asks);
    trees.node_covers.push_back(0);
    const auto valid = validate_trees(trees);
    ASSERT_FALSE(valid);
    EXPECT_THAT(valid.error().message(), testing::HasSubstr("node 2, which is of no tree"));
  }
}

TEST(ValidateTrees, ChildrenMayStandBeforeTheirParents) {
  TreeEnsemble trees = small_trees();
  const TreeNode root = trees.nodes[0];
  trees.nodes = {{.left = 2, .right = ~0}, {.left = ~0, .right = ~1}, root};
  trees.nodes[2].left = 1;
  trees.nodes[2].right = ~2;
  trees.node_covers.push_back(0);
  trees.trees[0].node_count = 3;
  EXPECT_TRUE(validate_trees(trees));
  trees.nodes[1].left = 0;
  EXPECT_FALSE(validate_trees(trees)) << "goes round";
}

}  // namespace
}  // namespace ringmaker::model
