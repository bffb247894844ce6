// One tree, field by field.
#include "model/import/xgboost/xgboost_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace ringmaker::model {
namespace {

/// f0 < 1.5 ? (f1 in {0, 33} ? 30 : 20) : 10, with a deleted node between.
XgboostTree small_tree() {
  XgboostTree tree;
  tree.left_children = {3, -1, -1, 4, -1, -1};
  tree.right_children = {1, -1, -1, 5, -1, -1};
  tree.split_indices = {0, 0, 0, 1, 0, 0};
  tree.split_conditions = {1.5F, 10, 99, 0, 20, 30};
  tree.default_left = {1, 0, 0, 0, 0, 0};
  tree.split_type = {0, 0, 0, 1, 0, 0};
  tree.categories = {0, 33};
  tree.categories_nodes = {3};
  tree.categories_segments = {0};
  tree.categories_sizes = {2};
  tree.sum_hessian = {9, 2, 0, 7, 3, 4};
  tree.loss_changes = {5, 0, 0, 8, 0, 0};
  return tree;
}

TEST(XgboostTree, IsTranslatedNodeByNode) {
  XgboostFile file;
  XgboostTreeTranslator translator(file);
  ASSERT_TRUE(translator.append(small_tree()));
  ASSERT_TRUE(translator.append(small_tree()));
  const TreeEnsemble& trees = file.ensemble;
  ASSERT_EQ(trees.nodes.size(), 4U);
  EXPECT_EQ(trees.trees[1].node_begin, 2U);
  EXPECT_EQ(trees.trees[1].leaf_begin, 3U);
  const TreeNode& root = trees.nodes[0];
  EXPECT_EQ(root.left, 1);
  EXPECT_EQ(root.right, ~0);
  EXPECT_EQ(root.threshold, 1.5);
  EXPECT_TRUE(root.missing_left);
  const TreeNode& categories = trees.nodes[3];
  EXPECT_EQ(categories.decision, Decision::kCategories);
  EXPECT_FALSE(categories.members_left);
  EXPECT_TRUE(categories.sign_first);
  EXPECT_EQ(categories.category_begin, 2U);
  EXPECT_EQ(trees.category_words, (std::vector<uint32_t>{1, 2, 1, 2}));
  EXPECT_EQ(trees.leaf_values, (std::vector<double>{10, 20, 30, 10, 20, 30}));
  EXPECT_EQ(trees.leaf_ids, (std::vector<uint32_t>{1, 4, 5, 1, 4, 5}));
  EXPECT_EQ(trees.node_covers, (std::vector<float>{9, 7, 9, 7}));
  EXPECT_EQ(trees.leaf_covers, (std::vector<float>{2, 3, 4, 2, 3, 4}));
  EXPECT_EQ(file.gains, (std::vector<double>{10, 16}));
}

TEST(XgboostTree, ARootMayBeALeaf) {
  XgboostFile file;
  XgboostTree tree;
  tree.left_children = {-1};
  tree.right_children = {-1};
  tree.split_indices = {0};
  tree.split_conditions = {7};
  tree.default_left = {0};
  ASSERT_TRUE(XgboostTreeTranslator(file).append(tree));
  EXPECT_EQ(file.ensemble.trees[0].node_count, 0U);
  EXPECT_EQ(file.ensemble.leaf_values, std::vector<double>{7});
  EXPECT_FALSE(file.covers_known);
}

TEST(XgboostTree, AVectorLeafComesFromEitherField) {
  XgboostTree tree;
  tree.left_children = {1, -1, -1};
  tree.right_children = {2, -1, -1};
  tree.split_indices = {0, 0, 0};
  tree.split_conditions = {1, 0, 0};
  tree.default_left = {0, 0, 0};
  tree.leaf_width = 2;
  tree.base_weights = {0, 0, 1, 2, 3, 4};
  XgboostFile old;
  ASSERT_TRUE(XgboostTreeTranslator(old).append(tree));
  EXPECT_EQ(old.ensemble.leaf_values, (std::vector<double>{1, 2, 3, 4}));
  // Since 3.2 leaves keep their number in right_children.
  tree.right_children = {2, 1, 0};
  tree.leaf_weights = {1, 2, 3, 4};
  XgboostFile since;
  ASSERT_TRUE(XgboostTreeTranslator(since).append(tree));
  EXPECT_EQ(since.ensemble.leaf_values, (std::vector<double>{3, 4, 1, 2}));
}

TEST(XgboostTree, WhatCannotBeIsRefusedByTheFieldsName) {
  struct Case {
    std::string_view sentence;
    std::function<void(XgboostTree&)> damage;
  };
  const Case cases[] = {
      {"trees[0].left_children is missing", [](auto& tree) { tree.clear(); }},
      {"right_children has 5", [](auto& tree) { tree.right_children.pop_back(); }},
      {"split_indices has 5", [](auto& tree) { tree.split_indices.pop_back(); }},
      {"split_conditions has 5", [](auto& tree) { tree.split_conditions.pop_back(); }},
      {"default_left has 5", [](auto& tree) { tree.default_left.pop_back(); }},
      {"split_type has 5", [](auto& tree) { tree.split_type.pop_back(); }},
      {"sum_hessian has 5", [](auto& tree) { tree.sum_hessian.pop_back(); }},
      {"trees[0].categories_sizes[0] is 0: node 3 splits by no category",
       [](auto& tree) { tree.categories_sizes[0] = 0; }},
      {"categories_sizes has 0", [](auto& tree) { tree.categories_sizes.clear(); }},
      {"left_children[0] is 6", [](auto& tree) { tree.left_children[0] = 6; }},
      {"left_children[0] is -2", [](auto& tree) { tree.left_children[0] = -2; }},
      {"left_children[3] is 0, a node that is reached a second time",
       [](auto& tree) { tree.left_children[3] = 0; }},
      {"right_children[3] is 1, a node", [](auto& tree) { tree.right_children[3] = 1; }},
      {"split_indices[0] is -1", [](auto& tree) { tree.split_indices[0] = -1; }},
      {"split_type[0] is 2", [](auto& tree) { tree.split_type[0] = 2; }},
      {"split_conditions[0] is NaN", [](auto& tree) { tree.split_conditions[0] = NAN; }},
      {"split_conditions[4] is NaN", [](auto& tree) { tree.split_conditions[4] = NAN; }},
      {"categories_nodes[0] is 6", [](auto& tree) { tree.categories_nodes[0] = 6; }},
      {"categories_nodes lacks node 3", [](auto& tree) { tree.categories_nodes[0] = 0; }},
      {"categories_segments[0] is 1", [](auto& tree) { tree.categories_segments[0] = 1; }},
      {"categories[1] is 16777216", [](auto& tree) { tree.categories[1] = 16777216; }},
      {"categories[0] is -1", [](auto& tree) { tree.categories[0] = -1; }},
      {"size_leaf_vector is 5000", [](auto& tree) { tree.leaf_width = 5000; }},
      {"base_weights has 0 entries", [](auto& tree) { tree.leaf_width = 2; }},
  };
  for (const Case& one : cases) {
    XgboostFile file;
    XgboostTree tree = small_tree();
    one.damage(tree);
    const auto appended = XgboostTreeTranslator(file).append(tree);
    ASSERT_FALSE(appended) << one.sentence;
    EXPECT_THAT(appended.error().message(), testing::HasSubstr(one.sentence));
  }
}

}  // namespace
}  // namespace ringmaker::model
