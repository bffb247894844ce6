#include "model/tree/tree_arrays.h"

#include "tests/model/tree/tree_test_support.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

TreeEnsemble shape_of(const TreeEnsemble& trees) {
  TreeEnsemble shape;
  shape.features = trees.features;
  shape.outputs = trees.outputs;
  shape.leaf_width = trees.leaf_width;
  shape.precision = trees.precision;
  return shape;
}

TEST(TreeArrays, AnEnsembleComesBackAsItWas) {
  for (const Precision precision : {Precision::kFloat32, Precision::kFloat64}) {
    TreeEnsemble trees = small_trees();
    trees.precision = precision;
    trees.nodes[0].missing = Missing::kNone;
    trees.nodes[1].sign_first = true;
    const TreeArrays arrays = arrays_of(trees);
    const auto back = ensemble_of(shape_of(trees), views_of(arrays));
    ASSERT_TRUE(back) << back.error().message();
    ASSERT_EQ(back->nodes.size(), 2U);
    for (size_t n = 0; n < 2; ++n) {
      const TreeNode& was = trees.nodes[n];
      const TreeNode& is = back->nodes[n];
      EXPECT_EQ(is.left, was.left);
      EXPECT_EQ(is.right, was.right);
      EXPECT_EQ(is.feature, was.feature);
      EXPECT_EQ(is.decision, was.decision);
      EXPECT_EQ(is.missing, was.missing);
      EXPECT_EQ(is.missing_left, was.missing_left);
      EXPECT_EQ(is.members_left, was.members_left);
      EXPECT_EQ(is.sign_first, was.sign_first);
      EXPECT_EQ(is.threshold, was.threshold);
      EXPECT_EQ(is.category_begin, was.category_begin);
      EXPECT_EQ(is.category_end, was.category_end);
    }
    EXPECT_EQ(back->trees[0].leaf_count, 3U);
    EXPECT_EQ(back->trees[1].leaf_begin, 3U);
    EXPECT_EQ(back->leaf_values, trees.leaf_values);
    EXPECT_EQ(back->leaf_ids, trees.leaf_ids);
    EXPECT_EQ(back->base_values, trees.base_values);
    EXPECT_EQ(back->round_begins, trees.round_begins);
    EXPECT_EQ(back->node_covers, trees.node_covers);
    EXPECT_EQ(back->leaf_covers, trees.leaf_covers);
    EXPECT_EQ(back->category_words, trees.category_words);
  }
}

TEST(TreeArrays, ListsThatDifferInLengthAreRefused) {
  const TreeEnsemble trees = small_trees();
  const auto refused = [&](auto damage) {
    TreeArrays arrays = arrays_of(trees);
    damage(arrays);
    return !ensemble_of(shape_of(trees), views_of(arrays));
  };
  EXPECT_TRUE(refused([](TreeArrays& arrays) { arrays.trees.pop_back(); }));
  EXPECT_TRUE(refused([](TreeArrays& arrays) { arrays.children.pop_back(); }));
  EXPECT_TRUE(refused([](TreeArrays& arrays) { arrays.questions.pop_back(); }));
  EXPECT_TRUE(refused([](TreeArrays& arrays) { arrays.thresholds_f32.pop_back(); }));
  EXPECT_TRUE(refused([](TreeArrays& arrays) { arrays.categories.pop_back(); }));
  EXPECT_TRUE(refused([](TreeArrays& arrays) { arrays.questions[0] = 128; }));
  EXPECT_TRUE(refused([](TreeArrays& arrays) { arrays.questions[0] = 12; }));
}

}  // namespace
}  // namespace ringmaker::model
