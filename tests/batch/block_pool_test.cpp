// Blocks that are lent, and come back.
#include "batch/block_pool.h"

#include <gtest/gtest.h>

namespace ringmaker::batch {
namespace {

TEST(BlockPool, ABlockHoldsSixtyFourKilobytesAndAtLeastOneRow) {
  EXPECT_EQ(BlockPool(4).rows_per_block(), 4096U);
  EXPECT_EQ(BlockPool(30).rows_per_block(), 546U);
  EXPECT_EQ(BlockPool(100'000).rows_per_block(), 1U);
}

TEST(BlockPool, WhatComesBackIsLentAgainAndEmpty) {
  BlockPool pool(2);
  auto block = pool.take();
  block->resize(3);
  const float* const memory = block->view().values;
  EXPECT_EQ(pool.bytes_lent(), BlockPool::kBlockBytes);
  pool.give_back(std::move(block));
  EXPECT_EQ(pool.bytes_lent(), 0U);
  block = pool.take();
  EXPECT_EQ(block->view().values, memory);
  EXPECT_EQ(block->rows(), 0U);
  pool.give_back(std::move(block));
}

}  // namespace
}  // namespace ringmaker::batch
