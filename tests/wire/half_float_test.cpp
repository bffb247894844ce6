#include "wire/half_float.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::wire {
namespace {

TEST(HalfFloat, EveryKindOfHalf) {
  EXPECT_EQ(float_of_half(0x3c00), 1.0F);
  EXPECT_EQ(float_of_half(0xc100), -2.5F);
  EXPECT_EQ(float_of_half(0x7bff), 65504.0F);
  EXPECT_EQ(float_of_half(0x0001), 0x1p-24F);
  EXPECT_EQ(float_of_half(0x0400), 0x1p-14F);
  EXPECT_EQ(float_of_half(0xfc00), -INFINITY);
  EXPECT_TRUE(std::isnan(float_of_half(0x7e00)));
  EXPECT_TRUE(std::signbit(float_of_half(0x8000)));
}

TEST(HalfFloat, ABrainFloatIsTheUpperHalfOfAFloat) {
  EXPECT_EQ(float_of_bfloat16(0x3f80), 1.0F);
  EXPECT_EQ(float_of_bfloat16(0xc020), -2.5F);
  EXPECT_EQ(float_of_bfloat16(0x7f80), INFINITY);
  EXPECT_TRUE(std::isnan(float_of_bfloat16(0x7fc0)));
}

}  // namespace
}  // namespace ringmaker::wire
