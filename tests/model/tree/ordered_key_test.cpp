#include "model/tree/ordered_key.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace ringmaker::model {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

TEST(OrderedKey, NumbersKeepTheirOrder) {
  const std::vector<float> ascending{-kInfinity, -3.4e38F, -1.5F, -1e-45F, 0.0F,
                                     1e-45F,     1e-30F,   1.5F,  3.4e38F, kInfinity};
  for (size_t i = 1; i < ascending.size(); ++i) {
    EXPECT_LT(ordered_key(ascending[i - 1], 0), ordered_key(ascending[i], 0)) << ascending[i];
  }
  EXPECT_EQ(ordered_key(-0.0F, 0), ordered_key(0.0F, 0));
}

TEST(OrderedKey, NanHasTheKeyThatWasAskedForBelowOrAboveAllNumbers) {
  for (const float nan : {kNan, -kNan}) {
    EXPECT_EQ(ordered_key(nan, 0), 0U);
    EXPECT_EQ(ordered_key(nan, kKeyMax), kKeyMax);
  }
  EXPECT_GT(ordered_key(-kInfinity, 0), 0U);
  EXPECT_LT(ordered_key(kInfinity, 0), kKeyMax);
}

TEST(OrderedKey, TellsItsNumber) {
  for (const float x : {-kInfinity, -3.4e38F, -1.5F, -1e-45F, 0.0F, 1e-45F, 1.5F, kInfinity}) {
    EXPECT_EQ(value_of_key(ordered_key(x, 0)), x);
  }
  EXPECT_EQ(value_of_key(ordered_key(-0.0F, 0)), 0.0F);
  EXPECT_TRUE(std::isnan(value_of_key(ordered_key(kNan, kKeyMax))));
}

}  // namespace
}  // namespace ringmaker::model
