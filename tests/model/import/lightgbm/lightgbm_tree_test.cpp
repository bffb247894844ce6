#include "model/import/lightgbm/lightgbm_tree.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace ringmaker::model {
namespace {

/// x <= 1 ? (y in {0, 33} ? leaf 0 : leaf 1) : leaf 2.
LightgbmTree small_tree() {
  LightgbmTree tree;
  tree.leaves = 3;
  tree.categorical_splits = 1;
  tree.split_feature = {0, 1};
  tree.threshold = {1, 0};
  tree.decision_type = {10, 1};
  tree.left_child = {1, -1};
  tree.right_child = {-3, -2};
  tree.leaf_value = {10, 20, 30};
  tree.cat_boundaries = {0, 2};
  tree.cat_threshold = {1, 2};
  return tree;
}

std::string error_of(const LightgbmTree& tree) {
  LightgbmFile file;
  file.feature_names = {"x", "y"};
  LightgbmTreeTranslator translator(file);
  const auto done = translator.append(tree);
  return done ? "" : done.error().message();
}

TEST(LightgbmTree, NodesKeepTheirQuestions) {
  LightgbmFile file;
  file.feature_names = {"x", "y"};
  LightgbmTreeTranslator translator(file);
  ASSERT_TRUE(translator.append(small_tree()));
  ASSERT_TRUE(translator.append(small_tree()));
  EXPECT_EQ(translator.trees(), 2U);
  const TreeEnsemble& ensemble = file.ensemble;
  ASSERT_EQ(ensemble.nodes.size(), 4U);
  EXPECT_EQ(ensemble.nodes[0].decision, Decision::kLessEqual);
  EXPECT_EQ(ensemble.nodes[0].missing, Missing::kNan);
  EXPECT_TRUE(ensemble.nodes[0].missing_left);
  EXPECT_EQ(ensemble.nodes[0].right, ~2);
  EXPECT_EQ(ensemble.nodes[3].decision, Decision::kCategories);
  EXPECT_TRUE(ensemble.nodes[3].members_left);
  EXPECT_FALSE(ensemble.nodes[3].sign_first);
  EXPECT_EQ(ensemble.nodes[3].category_begin, 2U);
  EXPECT_EQ(ensemble.nodes[3].category_end, 4U);
  EXPECT_EQ(ensemble.trees[1].leaf_begin, 3U);
  EXPECT_FALSE(file.covers_known) << "no counts were given";
}

TEST(LightgbmTree, ATreeOfOneLeafNeedsNoCounts) {
  LightgbmFile file;
  file.feature_names = {"x", "y"};
  LightgbmTreeTranslator translator(file);
  LightgbmTree constant;
  constant.leaves = 1;
  constant.leaf_value = {5};
  LightgbmTree counted = small_tree();
  counted.leaf_count = {1, 2, 3};
  counted.internal_count = {6, 3};
  ASSERT_TRUE(translator.append(constant));
  ASSERT_TRUE(translator.append(counted));
  EXPECT_TRUE(file.covers_known);
  EXPECT_EQ(file.ensemble.leaf_covers, (std::vector<float>{0, 1, 2, 3}));
  EXPECT_EQ(file.ensemble.node_covers, (std::vector<float>{6, 3}));
}

TEST(LightgbmTree, TheTypeOfADecisionSaysWhatIsMissing) {
  const auto missing = [](int64_t type) {
    LightgbmFile file;
    file.feature_names = {"x", "y"};
    LightgbmTree tree = small_tree();
    tree.decision_type[0] = type;
    EXPECT_TRUE(LightgbmTreeTranslator(file).append(tree));
    const TreeNode& root = file.ensemble.nodes[0];
    return std::pair(root.missing, bool{root.missing_left});
  };
  EXPECT_EQ(missing(0), std::pair(Missing::kNone, false));
  EXPECT_EQ(missing(2), std::pair(Missing::kNone, true));
  EXPECT_EQ(missing(4), std::pair(Missing::kNanOrZero, false));
  EXPECT_EQ(missing(6), std::pair(Missing::kNanOrZero, true));
  EXPECT_EQ(missing(8), std::pair(Missing::kNan, false));
}

TEST(LightgbmTree, LinearLeavesAreOfAllTreesOnceOneHasThem) {
  LightgbmFile file;
  file.feature_names = {"x", "y"};
  LightgbmTreeTranslator translator(file);
  ASSERT_TRUE(translator.append(small_tree()));
  LightgbmTree linear = small_tree();
  linear.linear = true;
  linear.leaf_const = {1, 2, 3};
  linear.num_features = {0, 2, 1};
  linear.leaf_features = {0, 1, 1};
  linear.leaf_coeff = {4, 5, 6};
  ASSERT_TRUE(translator.append(linear));
  ASSERT_TRUE(translator.append(small_tree()));
  const LinearLeaves& leaves = file.ensemble.linear_leaves;
  EXPECT_EQ(leaves.constants, (std::vector<double>{10, 20, 30, 1, 2, 3, 10, 20, 30}));
  EXPECT_EQ(leaves.term_begins, (std::vector<uint32_t>{0, 0, 0, 0, 0, 2, 3, 3, 3, 3}));
  EXPECT_EQ(leaves.features, (std::vector<uint32_t>{0, 1, 1}));
  linear.num_features = {0, 2, 2};
  EXPECT_EQ(error_of(linear), "Tree=0: num_features[2] is 2, leaf_features has 3 entries");
  linear.num_features = {0, 2, 0};
  EXPECT_EQ(error_of(linear), "Tree=0: leaf_features has 3 entries, num_features says 2");
  linear.leaf_features[0] = 2;
  EXPECT_EQ(error_of(linear), "Tree=0: leaf_features[0] is 2, the model has 2 features");
}

TEST(LightgbmTree, WhatCannotBeIsRefusedByTheFieldsName) {
  struct Case {
    std::function<void(LightgbmTree&)> spoil;
    const char* error;
  };
  const Case cases[] = {
      {[](auto& t) { t.leaves.reset(); }, "num_leaves is missing"},
      {[](auto& t) { t.leaves = 0; }, "num_leaves is 0, expected 1 or more"},
      {[](auto& t) { t.leaves = int64_t{1} << 60; },
       "leaf_value has 3 entries, expected 1152921504606846976"},
      {[](auto& t) { t.leaf_value.pop_back(); }, "leaf_value has 2 entries, expected 3"},
      {[](auto& t) { t.threshold.clear(); }, "threshold has 0 entries, expected 2"},
      {[](auto& t) { t.left_child[0] = 2; },
       "left_child[0] is 2, the tree has 2 nodes and 3 leaves"},
      {[](auto& t) { t.right_child[1] = -4; },
       "right_child[1] is -4, the tree has 2 nodes and 3 leaves"},
      {[](auto& t) { t.split_feature[1] = 2; }, "split_feature[1] is 2, the model has 2 features"},
      {[](auto& t) { t.split_feature[1] = -1; },
       "split_feature[1] is -1, the model has 2 features"},
      {[](auto& t) { t.decision_type[0] = 12; }, "decision_type[0] is 12, expected 0 to 11"},
      {[](auto& t) { t.threshold[0] = NAN; }, "threshold[0] is NaN"},
      {[](auto& t) { t.threshold[1] = 1; },
       "threshold[1] is 1, expected one of 1 categorical splits"},
      {[](auto& t) { t.threshold[1] = 0.5; },
       "threshold[1] is 0.5, expected one of 1 categorical splits"},
      {[](auto& t) { t.cat_boundaries[1] = 3; },
       "cat_boundaries[0] is 0 and the next 3, cat_threshold has 2 entries"},
      {[](auto& t) { t.cat_boundaries.pop_back(); }, "cat_boundaries has 1 entries, expected 2"},
      {[](auto& t) { t.cat_threshold[1] = int64_t{1} << 32; },
       "cat_threshold[1] is 4294967296, expected 32 bits"},
      {[](auto& t) { t.leaf_value[2] = NAN; }, "leaf_value[2] is NaN"},
  };
  for (const Case& one : cases) {
    LightgbmTree tree = small_tree();
    one.spoil(tree);
    EXPECT_EQ(error_of(tree), std::string("Tree=0: ") + one.error);
  }
}

}  // namespace
}  // namespace ringmaker::model
