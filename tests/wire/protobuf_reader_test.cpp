#include "wire/protobuf_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace ringmaker::wire {
namespace {

TEST(ProtobufReader, FieldsComeInTheirOrder) {
  // 1: "ab"; 2: packed 1, 300; 3: 7
  const std::string message(
      "\x0a\x02"
      "ab"
      "\x12\x03\x01\xac\x02"
      "\x18\x07",
      11);
  ProtobufReader reader(message);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 1U);
  EXPECT_EQ(reader.bytes(), "ab");
  std::vector<uint64_t> values;
  const auto keep = [&values](uint64_t value) { values.push_back(value); };
  ASSERT_TRUE(reader.next());
  reader.uint64s(keep);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 3U);
  reader.uint64s(keep);
  EXPECT_EQ(values, (std::vector<uint64_t>{1, 300, 7}));
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.failed());
}

TEST(ProtobufReader, NumbersBehindEachOtherAreReadTogetherAndNothingElse) {
  // 1: 5, 300, 6; 2: 7; 1: 8; 17: 9, 10, whose keys take two bytes each
  const std::string message(
      "\x08\x05\x08\xac\x02\x08\x06"
      "\x10\x07"
      "\x08\x08"
      "\x88\x01\x09\x88\x01\x0a",
      17);
  std::vector<std::pair<uint32_t, uint64_t>> values;
  ProtobufReader reader(message);
  while (reader.next()) {
    reader.uint64s([&](uint64_t value) { values.emplace_back(reader.field(), value); });
  }
  EXPECT_FALSE(reader.failed());
  using Values = std::vector<std::pair<uint32_t, uint64_t>>;
  EXPECT_EQ(values, (Values{{1, 5}, {1, 300}, {1, 6}, {2, 7}, {1, 8}, {17, 9}, {17, 10}}));
}

TEST(ProtobufReader, EveryTruncationFailsOrEnds) {
  const std::string message(
      "\x0a\x02"
      "ab"
      "\x12\x03\x01\xac\x02",
      9);
  for (size_t size = 0; size <= message.size(); ++size) {
    ProtobufReader reader(std::string_view(message).substr(0, size));
    while (reader.next()) {
      reader.skip();
    }
    const bool whole = size == 0 || size == 4 || size == 9;
    EXPECT_EQ(reader.failed(), !whole) << size;
  }
}

TEST(ProtobufReader, AFieldOfAnotherTypeIsAFailureThatStays) {
  const std::string message("\x08\x07\x08\x07", 4);
  ProtobufReader reader(message);
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(reader.bytes().empty());
  EXPECT_TRUE(reader.failed());
  EXPECT_FALSE(reader.next());
}

}  // namespace
}  // namespace ringmaker::wire
