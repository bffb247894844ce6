#include "model/tree/split.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::model {
namespace {

TEST(Split, ACategoryIsTruncatedTowardsZeroAndWhatLiesOutsideIsNoMember) {
  const std::vector<uint32_t> words{0x00000001U};
  const TreeNode node{.decision = Decision::kCategories, .members_left = true, .category_end = 1};
  EXPECT_TRUE(goes_left(node, words, 0.9F));
  EXPECT_TRUE(goes_left(node, words, -0.9F));
  for (const float outside : {-1.0F, 1.0F, 32.0F, 1e30F, -1e30F, HUGE_VALF, -HUGE_VALF}) {
    EXPECT_FALSE(goes_left(node, words, outside)) << outside;
  }
}

TEST(Split, AnEmptySetHasNoMembers) {
  const TreeNode node{.decision = Decision::kCategories, .members_left = true};
  for (const float x : {-0.9F, -0.0F, 0.0F, 0.9F, 31.0F}) {
    EXPECT_FALSE(goes_left(node, {}, x)) << x;
  }
}

TEST(Split, ZeroIsMissingOnlyWhereTheNodeSaysSo) {
  for (const float zero : {0.0F, -0.0F, 1e-35F, -1e-35F}) {
    EXPECT_TRUE(is_missing(Missing::kNanOrZero, zero));
    EXPECT_FALSE(is_missing(Missing::kNan, zero));
  }
  EXPECT_FALSE(is_missing(Missing::kNanOrZero, 1.1e-35F));
  EXPECT_FALSE(is_missing(Missing::kNone, NAN));
  EXPECT_TRUE(goes_left({.missing = Missing::kNone, .threshold = 1}, {}, NAN));
}

}  // namespace
}  // namespace ringmaker::model
