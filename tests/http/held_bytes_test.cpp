// What connections keep, and that it is bounded in sum.
#include "http/held_bytes.h"

#include <gtest/gtest.h>

namespace ringmaker::http {
namespace {

class HeldBytesTest : public testing::Test {
 protected:
  HeldBytesTest() {
    one_.open(pool_, budget_);
    other_.open(pool_, budget_);
  }

  ExchangePool pool_;
  ByteBudget budget_{10};
  HeldBytes one_;
  HeldBytes other_;
};

TEST_F(HeldBytesTest, KeepsBytesInOrder) {
  EXPECT_TRUE(one_.append("abc"));
  EXPECT_TRUE(one_.append("def"));
  EXPECT_EQ(one_.view(), "abcdef");
  one_.drop(2);
  EXPECT_EQ(one_.view(), "cdef");
  EXPECT_EQ(budget_.held(), 4U);
}

TEST_F(HeldBytesTest, AllOfThemTogetherAreBounded) {
  EXPECT_TRUE(one_.append("123456"));
  EXPECT_TRUE(other_.append("7890"));
  EXPECT_FALSE(other_.append("x")) << "one byte too many";
  EXPECT_EQ(other_.view(), "7890") << "nothing of what was refused is kept";
  EXPECT_EQ(budget_.held(), 10U);
}

TEST_F(HeldBytesTest, WhatIsDroppedMakesRoomForOthers) {
  EXPECT_TRUE(one_.append("1234567890"));
  one_.drop(3);
  EXPECT_TRUE(other_.append("abc"));
  one_.drop(7);
  EXPECT_TRUE(one_.empty());
  EXPECT_TRUE(other_.append("defghij"));
  other_.clear();
  EXPECT_EQ(budget_.held(), 0U);
}

TEST_F(HeldBytesTest, ItsMemoryGoesBackToThePoolWithItsLastByte) {
  EXPECT_TRUE(one_.append("abc"));
  const char* const memory = one_.view().data();
  one_.drop(3);
  EXPECT_TRUE(other_.append("xyz"));
  EXPECT_EQ(other_.view().data(), memory);
}

TEST_F(HeldBytesTest, NothingIsNoBytes) {
  EXPECT_TRUE(one_.append({}));
  one_.drop(0);
  one_.clear();
  EXPECT_TRUE(one_.empty());
  EXPECT_EQ(budget_.held(), 0U);
}

TEST(ByteBudget, HoldsUpToItsLimitWhateverTheSizes) {
  ByteBudget budget(UINT64_MAX);
  EXPECT_TRUE(budget.hold(UINT64_MAX));
  EXPECT_FALSE(budget.hold(1)) << "sums do not wrap";
  EXPECT_TRUE(budget.hold(0));
}

}  // namespace
}  // namespace ringmaker::http
