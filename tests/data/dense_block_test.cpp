// Rows of floats as one matrix.
#include "data/dense_block.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace ringmaker::data {
namespace {

TEST(DenseBlock, BeginsAtACacheLine) {
  const DenseBlock block(3, 7);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(block.view().values) % 64, 0U);
  EXPECT_EQ(block.bytes_held(), 3 * 7 * sizeof(float));
}

TEST(DenseBlock, RowsFollowEachOtherWithoutPadding) {
  DenseBlock block(3, 4);
  for (size_t i = 0; i < 4; ++i) {
    float* row = block.next_row();
    row[0] = row[1] = row[2] = static_cast<float>(i);
    block.commit_row();
  }
  EXPECT_TRUE(block.full());
  EXPECT_EQ(block.view().row(2), block.view().values + 6);
  const DenseView slice = block.view().slice(1, 2);
  EXPECT_EQ(slice.rows, 2U);
  EXPECT_EQ(slice.row(1)[2], 2.0F);
}

TEST(DenseBlock, ForgettingRowsKeepsThoseBefore) {
  DenseBlock block(1, 4);
  *block.next_row() = 7;
  block.commit_row();
  *block.next_row() = 8;
  block.commit_row();
  block.resize(1);
  EXPECT_EQ(block.rows(), 1U);
  EXPECT_EQ(block.view().row(0)[0], 7.0F);
  EXPECT_FALSE(block.full());
}

TEST(DenseBlock, KeepsItsRowsWhenRoomIsMade) {
  DenseBlock block(2, 1);
  block.next_row()[1] = 5;
  block.commit_row();
  block.reserve(100);
  EXPECT_GE(block.rows_capacity(), 100U);
  EXPECT_EQ(block.rows(), 1U);
  EXPECT_EQ(block.view().row(0)[1], 5.0F);
}

TEST(DenseBlockDeathTest, MoreRowsThanItHasRoomForAreABug) {
  DenseBlock block(1, 2);
  EXPECT_DEATH(block.resize(3), "rows <= rows_capacity_");
}

}  // namespace
}  // namespace ringmaker::data
