// What an ensemble answers, question by question.
#include "model/tree/reference_walk.h"

#include "tests/model/tree/tree_test_support.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace ringmaker::model {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// The leaf that x reaches from a single node with leaf 0 on its left and leaf 1 on its right.
bool goes_left(TreeNode node, float x, std::vector<uint32_t> words = {}) {
  TreeEnsemble trees;
  trees.features = 1;
  node.left = ~0;
  node.right = ~1;
  node.category_end = static_cast<uint32_t>(words.size());
  trees.nodes = {node};
  trees.category_words = std::move(words);
  return leaf_reached(trees, {.node_count = 1, .leaf_count = 2}, &x) == 0;
}

TEST(ReferenceWalk, AThresholdIsOnTheSideItsDecisionSays) {
  const float below = std::nextafter(1.0F, 0.0F);
  EXPECT_TRUE(goes_left({.decision = Decision::kLess, .threshold = 1}, below));
  EXPECT_FALSE(goes_left({.decision = Decision::kLess, .threshold = 1}, 1));
  EXPECT_TRUE(goes_left({.decision = Decision::kLessEqual, .threshold = 1}, 1));
  EXPECT_TRUE(goes_left({.decision = Decision::kEqual, .threshold = 1}, 1));
  EXPECT_FALSE(goes_left({.decision = Decision::kEqual, .threshold = 1}, below));
  EXPECT_FALSE(goes_left({.decision = Decision::kLess, .threshold = 0}, -0.0F));
  EXPECT_TRUE(goes_left({.decision = Decision::kLess, .threshold = 1}, -kInfinity));
  EXPECT_FALSE(goes_left({.decision = Decision::kLess, .threshold = 1}, kInfinity));
}

TEST(ReferenceWalk, AMissingValueTakesItsSideOrCountsAsZero) {
  EXPECT_TRUE(goes_left({.missing_left = true, .threshold = -1}, NAN));
  EXPECT_FALSE(goes_left({.missing_left = false, .threshold = 1}, NAN));
  EXPECT_TRUE(goes_left({.missing = Missing::kNone, .threshold = 1}, NAN));
  EXPECT_FALSE(goes_left({.missing = Missing::kNone, .missing_left = true, .threshold = -1}, NAN));
  EXPECT_TRUE(
      goes_left({.missing = Missing::kNanOrZero, .missing_left = true, .threshold = -1}, 1e-36F));
  EXPECT_FALSE(
      goes_left({.missing = Missing::kNanOrZero, .missing_left = true, .threshold = -1}, 1e-34F));
}

TEST(ReferenceWalk, ACategoryIsTruncatedToItsCode) {
  const TreeNode node{.decision = Decision::kCategories, .members_left = true};
  const std::vector<uint32_t> zero_and_33{1, 2};
  for (const float member : {0.0F, -0.0F, 0.9F, -0.9F, 33.0F, 33.9F}) {
    EXPECT_TRUE(goes_left(node, member, zero_and_33)) << member;
  }
  for (const float other : {1.0F, 32.0F, 34.0F, 64.0F, -1.0F, 1e30F, -1e30F, kInfinity}) {
    EXPECT_FALSE(goes_left(node, other, zero_and_33)) << other;
  }
  EXPECT_FALSE(goes_left(node, 0, {}));
}

TEST(ReferenceWalk, TheSignOfACategoryMayComeFirst) {
  const TreeNode node{.decision = Decision::kCategories, .members_left = true, .sign_first = true};
  EXPECT_FALSE(goes_left(node, -0.5F, {1}));
  EXPECT_TRUE(goes_left(node, -0.0F, {1}));
}

TEST(ReferenceWalk, LeavesAreAddedAndCalledAsTheLibraryCallsThem) {
  const ReferenceWalk walk(small_trees());
  const std::array<float, 8> rows{0, 3, 0, 2, 1, 1, NAN, NAN};
  std::array<float, 4> raw{100, 100, 100, 0};
  walk.score({rows.data(), 4, 2}, {raw.data(), 4, 1});
  EXPECT_EQ(raw, (std::array<float, 4>{110.5F, 120.5F, 130.5F, 10.5F}));
  std::array<uint32_t, 2> leaves{};
  walk.leaves(&rows[4], leaves.data());
  EXPECT_EQ(leaves, (std::array<uint32_t, 2>{2, 0}));
}

TEST(ReferenceWalk, ALeafMayHoldAValueForEachOutput) {
  TreeEnsemble trees = small_trees();
  trees.outputs = 2;
  trees.leaf_width = 2;
  trees.leaf_values = {1, 2, 3, 4, 5, 6, 7, 8};
  const std::array<float, 2> row{0, 2};
  std::array<float, 2> raw{};
  ReferenceWalk(trees).score({row.data(), 1, 2}, {raw.data(), 1, 2});
  EXPECT_EQ(raw, (std::array<float, 2>{10, 12}));
}

TEST(ReferenceWalk, TheWidthOfTheSumIsTheEnsembles) {
  TreeEnsemble trees;
  trees.features = 1;
  trees.leaf_values = {1e8, 1, -1e8};
  for (uint32_t t = 0; t < 3; ++t) {
    trees.trees.push_back({.leaf_begin = t, .leaf_count = 1});
  }
  const float row = 0;
  float single = 0;
  ReferenceWalk(trees).score({&row, 1, 1}, {&single, 1, 1});
  EXPECT_EQ(single, 0);
  trees.precision = Precision::kFloat64;
  float wide = 0;
  ReferenceWalk(trees).score({&row, 1, 1}, {&wide, 1, 1});
  EXPECT_EQ(wide, 1);
}

}  // namespace
}  // namespace ringmaker::model
