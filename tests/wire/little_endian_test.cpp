#include "wire/little_endian.h"

#include <gtest/gtest.h>

namespace ringmaker::wire {
namespace {

TEST(LittleEndian, LowestByteComesFirst) {
  std::vector<std::byte> bytes;
  LittleEndianWriter writer(bytes);
  writer.write(uint32_t{0x01020304});
  writer.write(uint16_t{0xAABB});
  const std::vector<std::byte> expected = {std::byte{4}, std::byte{3},    std::byte{2},
                                           std::byte{1}, std::byte{0xBB}, std::byte{0xAA}};
  EXPECT_EQ(bytes, expected);
}

TEST(LittleEndian, WhatIsWrittenReadsBack) {
  std::vector<std::byte> bytes;
  LittleEndianWriter writer(bytes);
  writer.write(uint8_t{7});
  writer.write(-1.5);
  writer.write(2.25F);
  writer.write(int64_t{-5});
  writer.write_text("name");
  writer.pad_to(16);
  EXPECT_EQ(writer.size(), 32U);
  LittleEndianReader reader(bytes);
  EXPECT_EQ(reader.read<uint8_t>(), 7);
  EXPECT_EQ(reader.read<double>(), -1.5);
  EXPECT_EQ(reader.read<float>(), 2.25F);
  EXPECT_EQ(reader.read<int64_t>(), -5);
  EXPECT_EQ(reader.take_text(4), "name");
  EXPECT_EQ(reader.remaining(), 7U);
  EXPECT_FALSE(reader.failed());
}

TEST(LittleEndian, ReadingPastTheEndFailsAndStaysFailed) {
  const std::vector<std::byte> bytes(3);
  LittleEndianReader reader(bytes);
  EXPECT_EQ(reader.read<uint32_t>(), 0U);
  EXPECT_TRUE(reader.failed());
  EXPECT_EQ(reader.read<uint8_t>(), 0U);
  EXPECT_TRUE(reader.failed());
  LittleEndianReader other(bytes);
  EXPECT_TRUE(other.take(SIZE_MAX).empty());
  EXPECT_TRUE(other.failed());
}

}  // namespace
}  // namespace ringmaker::wire
