// Blocks of rows and the writer that fills them.
#include "data/block_writer.h"
#include "data/dense_block.h"

#include <gtest/gtest.h>

namespace ringmaker::data {
namespace {

void append(BlockWriter& writer, float value) {
  ASSERT_FALSE(writer.full());
  for (size_t j = 0; j < writer.columns(); ++j) {
    writer.row()[j] = value;
  }
  writer.commit_row();
}

TEST(BlockWriter, RollbackForgetsOnlyItsOwnRows) {
  DenseBlock block(2, 10);
  BlockWriter first(block);
  append(first, 1);
  append(first, 2);
  BlockWriter second(block);
  append(second, 3);
  second.rollback();
  EXPECT_EQ(block.rows(), 2U);
  BlockWriter third(block);
  append(third, 4);
  EXPECT_EQ(third.first_row(), 2U);
  EXPECT_EQ(third.rows_written(), 1U);
  EXPECT_EQ(block.view().row(2)[1], 4.0F);
}

TEST(BlockWriter, AFixedBlockIsFullAtItsCapacity) {
  DenseBlock block(1, 2);
  BlockWriter writer(block);
  append(writer, 1);
  append(writer, 2);
  EXPECT_TRUE(writer.full());
}

TEST(BlockWriter, AGrowingBlockKeepsItsRowsUpToItsLimit) {
  DenseBlock block(3, 1);
  BlockWriter writer(block, BlockWriter::Growth::kGrows, 500);
  for (int i = 0; i < 500; ++i) {
    append(writer, static_cast<float>(i));
  }
  EXPECT_TRUE(writer.full());
  for (size_t i = 0; i < 500; ++i) {
    EXPECT_EQ(block.view().row(i)[2], static_cast<float>(i));
  }
}

TEST(DenseBlock, BeginsAtACacheLine) {
  const DenseBlock block(3, 7);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(block.view().values) % 64, 0U);
}

}  // namespace
}  // namespace ringmaker::data
