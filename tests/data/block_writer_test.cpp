// The writer of one payload's rows in a block that others share.
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

TEST(BlockWriter, IsFullAtTheCapacityOfItsBlock) {
  DenseBlock block(1, 2);
  BlockWriter writer(block);
  append(writer, 1);
  EXPECT_EQ(writer.room(), 1U);
  append(writer, 2);
  EXPECT_TRUE(writer.full());
  EXPECT_EQ(writer.room(), 0U);
}

TEST(BlockWriter, ManyRowsAreCommittedAtOnce) {
  DenseBlock block(2, 8);
  BlockWriter writer(block);
  append(writer, 1);
  for (size_t i = 0; i < 6; ++i) {
    writer.row()[i] = static_cast<float>(10 + i);
  }
  writer.commit_rows(3);
  EXPECT_EQ(writer.rows_written(), 4U);
  EXPECT_EQ(block.view().row(3)[1], 15.0F);
  EXPECT_EQ(writer.room(), 4U);
}

}  // namespace
}  // namespace ringmaker::data
