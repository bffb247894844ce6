#include "model/graph/post_transform.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::model {
namespace {

TEST(PostTransform, IsKnownByName) {
  EXPECT_EQ(post_transform("SOFTMAX_ZERO"), PostTransform::kSoftmaxZero);
  EXPECT_EQ(post_transform("softmax"), std::nullopt);
}

TEST(PostTransform, SoftmaxZeroLeavesNothingAsGoodAsNothing) {
  std::array<float, 3> scores{0, 1000, 1000};
  apply_post_transform(PostTransform::kSoftmaxZero, scores.data(), scores.size());
  EXPECT_EQ(scores[0], 0);
  EXPECT_EQ(scores[1], 0.5F);
}

TEST(PostTransform, EachOfLogisticAndProbitIsOfOneScore) {
  std::array<float, 2> scores{0, -100};
  apply_post_transform(PostTransform::kLogistic, scores.data(), scores.size());
  EXPECT_EQ(scores[0], 0.5F);
  EXPECT_NEAR(scores[1], 0, 1e-30);
  std::array<float, 2> shares{0.5F, 0.975F};
  apply_post_transform(PostTransform::kProbit, shares.data(), shares.size());
  EXPECT_NEAR(shares[0], 0, 1e-6);
  EXPECT_NEAR(shares[1], 1.96, 0.01);
}

}  // namespace
}  // namespace ringmaker::model
