#include "io/buffer_pool.h"

#include <gtest/gtest.h>

#include <set>

namespace ringmaker::io {
namespace {

TEST(BufferPool, EachBufferIsLentOnceAndApartFromTheOthers) {
  BufferPool pool(4, 64);
  std::set<BufferId> taken;
  std::set<char*> places;
  while (!pool.empty()) {
    const BufferId buffer = pool.take();
    taken.insert(buffer);
    places.insert(pool.bytes(buffer).data());
    EXPECT_EQ(pool.bytes(buffer).size(), 64U);
  }
  EXPECT_EQ(taken.size(), 4U);
  EXPECT_EQ(*places.rbegin() - *places.begin(), 3 * 64);
}

TEST(BufferPool, TheBufferGivenBackLastIsTakenFirst) {
  BufferPool pool(4, 64);
  (void)pool.take();
  const BufferId second = pool.take();
  pool.give_back(second);
  EXPECT_EQ(pool.take(), second) << "its bytes are still in the cache";
}

TEST(BufferPoolDeathTest, GivingBackTwiceIsABug) {
  BufferPool pool(2, 64);
  const BufferId buffer = pool.take();
  pool.give_back(buffer);
  EXPECT_DEATH(pool.give_back(buffer), "lent_");
}

TEST(BufferPoolDeathTest, TakingFromAnEmptyPoolIsABug) {
  BufferPool pool(1, 64);
  (void)pool.take();
  EXPECT_DEATH(static_cast<void>(pool.take()), "empty");
}

}  // namespace
}  // namespace ringmaker::io
