// What is made is used again.
#include "base/object_pool.h"

#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::base {
namespace {

TEST(ObjectPool, WhatIsGivenBackIsTheNextOneTaken) {
  ObjectPool<int> pool;
  int& one = pool.take();
  int& other = pool.take();
  EXPECT_NE(&one, &other);
  EXPECT_EQ(pool.in_hand(), 2U);
  pool.give_back(one);
  EXPECT_EQ(pool.in_hand(), 1U);
  EXPECT_EQ(&pool.take(), &one);
}

TEST(ObjectPool, ObjectsKeepTheirAddressesHoweverManyThereAre) {
  ObjectPool<int> pool;
  std::vector<int*> taken;
  for (int i = 0; i < 1000; ++i) {
    taken.push_back(&pool.take());
    *taken.back() = i;
  }
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(*taken[static_cast<size_t>(i)], i);
    pool.give_back(*taken[static_cast<size_t>(i)]);
  }
  EXPECT_EQ(pool.in_hand(), 0U);
}

}  // namespace
}  // namespace ringmaker::base
