#include "codec/recordio/recordio_reader.h"

#include "tests/codec/recordio/recordio_payload.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

using Found = RecordioReader::Found;

struct Read {
  std::vector<std::string> records;
  Found end = Found::kNothing;
  bool at_boundary = false;
};

Read read(std::string_view payload, size_t cut, bool put_back = false) {
  RecordioReader reader(1000);
  Read result;
  for (const bool last : {false, true}) {
    const std::string piece(last ? payload.substr(cut) : payload.substr(0, cut));
    size_t at = 0;
    while ((result.end = reader.next(piece, at)) == Found::kRecord) {
      if (put_back) {
        reader.put_back();
        const std::string other(piece.size(), '!');
        EXPECT_EQ(reader.next(other, at), Found::kRecord);
      }
      result.records.emplace_back(reader.record());
    }
    if (result.end != Found::kNothing) {
      break;
    }
  }
  result.at_boundary = reader.at_boundary();
  return result;
}

TEST(RecordioReader, EveryCutGivesTheSameRecords) {
  const std::string magic = bytes_of<uint32_t>({0xCED7230A});
  const std::string payload = frame("one") + frame("") + frame("four") + frame("a", 1) +
                              frame("b", 2) + frame("cde", 3) + frame("last");
  const std::vector<std::string> expected = {"one", "", "four", "a" + magic + "b" + magic + "cde",
                                             "last"};
  for (size_t cut = 0; cut <= payload.size(); ++cut) {
    EXPECT_EQ(read(payload, cut).records, expected) << cut;
    EXPECT_EQ(read(payload, cut, true).records, expected) << cut;
    EXPECT_TRUE(read(payload, cut).at_boundary) << cut;
  }
}

TEST(RecordioReader, APayloadThatEndsTooSoonIsNotAtABoundary) {
  const std::string payload = frame("a") + frame("b", 1) + frame("c", 3);
  for (size_t size = 1; size < payload.size(); ++size) {
    EXPECT_EQ(read(payload.substr(0, size), 0).at_boundary, size == 12) << size;
  }
}

TEST(RecordioReader, WrongFramesAreRefused) {
  std::string wrong = frame("a");
  wrong[0] = 'x';
  EXPECT_EQ(read(frame("a") + wrong, 3).end, Found::kBadMagic);
  EXPECT_EQ(read(frame("a", 2), 0).end, Found::kBadPart);
  EXPECT_EQ(read(frame("a", 3), 0).end, Found::kBadPart);
  EXPECT_EQ(read(frame("a", 1) + frame("b"), 0).end, Found::kBadPart);
  EXPECT_EQ(read(frame("a", 1) + frame("b", 1), 0).end, Found::kBadPart);
  EXPECT_EQ(read(frame("a", 4), 0).end, Found::kBadPart);
  EXPECT_EQ(read(frame(std::string(1001, 'x')), 0).end, Found::kTooLong);
  EXPECT_EQ(read(frame(std::string(600, 'x'), 1) + frame(std::string(600, 'x'), 3), 0).end,
            Found::kTooLong);
  EXPECT_EQ(read(frame(std::string(1000, 'x')), 0).records.size(), 1U);
}

}  // namespace
}  // namespace ringmaker::codec
