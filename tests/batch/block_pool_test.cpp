// Blocks that are lent, and come back.
#include "batch/block_pool.h"

#include <gtest/gtest.h>

namespace ringmaker::batch {
namespace {

TEST(BlockPool, ABlockHoldsSixtyFourKilobytesAndAtLeastOneRow) {
  LentBytes lent;
  EXPECT_EQ(BlockPool(4, 1, lent).rows_per_block(), 4096U);
  EXPECT_EQ(BlockPool(30, 1, lent).rows_per_block(), 546U);
  EXPECT_EQ(BlockPool(100'000, 1, lent).rows_per_block(), 1U);
}

TEST(BlockPool, WhatComesBackIsLentAgainAndEmpty) {
  LentBytes lent;
  BlockPool pool(2, 1, lent);
  auto block = pool.take();
  block->resize(3);
  const float* const memory = block->view().values;
  EXPECT_EQ(lent.value, BlockPool::kBlockBytes);
  pool.give_back(std::move(block));
  EXPECT_EQ(lent.value, 0U);
  block = pool.take();
  EXPECT_EQ(block->view().values, memory);
  EXPECT_EQ(block->rows(), 0U);
  pool.give_back(std::move(block));
}

TEST(BlockPool, PoolsOfDifferentBlocksCountTogether) {
  LentBytes lent;
  BlockPool narrow(2, 1, lent);
  BlockPool wide(100'000, 1, lent);
  auto one = narrow.take();
  auto other = wide.take();
  EXPECT_EQ(lent.value, BlockPool::kBlockBytes + 400'000);
  narrow.give_back(std::move(one));
  wide.give_back(std::move(other));
  EXPECT_EQ(lent.value, 0U);
}

}  // namespace
}  // namespace ringmaker::batch
