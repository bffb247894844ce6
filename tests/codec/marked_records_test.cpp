// Payloads with bad records, read on: rows keep their places wherever the payload is cut.
#include "codec/marked_records.h"

#include "codec/decoder.h"
#include "tests/codec/recordio/recordio_payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

namespace ringmaker::codec {
namespace {

using testing::ElementsAre;
using testing::Pair;

data::Schema two_features() {
  data::Schema schema;
  schema.feature_names = {"a", "b"};
  return schema;
}

struct Decoded {
  bool whole = false;
  std::vector<float> first_column;                           // NaN of marked rows as -1
  std::vector<std::pair<uint64_t, DecodeErrorCode>> marked;  // row from 0
};

Decoded decode(Format format, std::string_view payload, size_t piece_bytes,
               bool every_line_is_a_row = false) {
  const data::Schema schema = two_features();
  const std::unique_ptr<Decoder> decoder = make_decoder(format, schema);
  decoder->reset({.index_base = {},
                  .mark_records_in_error = true,
                  .every_line_is_a_row = every_line_is_a_row});
  Decoded decoded;
  DecodeProgress progress;
  for (size_t at = 0; at <= payload.size() && progress.status != DecodeStatus::kError;
       at += piece_bytes) {
    std::string_view piece = payload.substr(at, piece_bytes);
    const bool last = at + piece_bytes >= payload.size();
    do {
      data::DenseBlock block(schema.feature_count(), 3);
      data::BlockWriter writer(block);
      progress = decoder->decode(piece, last, SIZE_MAX, writer);
      piece.remove_prefix(progress.consumed);
      for (size_t row = 0; row < block.rows(); ++row) {
        const float value = block.view().row(row)[0];
        decoded.first_column.push_back(std::isnan(value) ? -1 : value);
      }
    } while (progress.status == DecodeStatus::kBlockFull);
    if (last) {
      break;
    }
  }
  decoded.whole = progress.status == DecodeStatus::kDone;
  for (MarkedRecords& marked = *decoder->marked(); !marked.empty(); marked.pop_front()) {
    decoded.marked.emplace_back(marked.front_row(), marked.front().code);
  }
  return decoded;
}

void expect_two_marked(Format format, std::string_view payload, DecodeErrorCode first,
                       DecodeErrorCode second) {
  for (const size_t piece : {size_t{1}, size_t{3}, size_t{7}, payload.size()}) {
    const Decoded decoded = decode(format, payload, piece);
    EXPECT_TRUE(decoded.whole);
    EXPECT_THAT(decoded.first_column, ElementsAre(1, -1, 3, 4, -1, 6)) << piece;
    EXPECT_THAT(decoded.marked, ElementsAre(Pair(1, first), Pair(4, second))) << piece;
  }
}

TEST(MarkedRecords, OfCsvKeepTheirPlaces) {
  expect_two_marked(Format::kCsv, "a,b\n1,1\n2\n3,1\n4,1\n5,x\n6,1\n",
                    DecodeErrorCode::kTooFewColumns, DecodeErrorCode::kNotANumber);
  expect_two_marked(Format::kCsv, "1,1\n2,1,1\n3,1\n4,1\n5,1e999\n6,1",
                    DecodeErrorCode::kTooManyColumns, DecodeErrorCode::kNumberRange);
}

TEST(MarkedRecords, WhereEveryLineIsARowALineSpoilsNoOther) {
  using enum DecodeErrorCode;
  struct Case {
    std::string payload;
    std::vector<float> first_column;
    std::vector<std::pair<uint64_t, DecodeErrorCode>> marked;
  };
  for (const Case& c :
       std::vector<Case>{{"1,1\n\"2,1\n3,1\n4\",1\n5,1\n",
                          {1, -1, 3, -1, 5},
                          {{1, kUnclosedQuote}, {3, kUnclosedQuote}}},
                         {"1,1\n2,\"1\n3,1\n4,1", {1, -1, 3, 4}, {{1, kUnclosedQuote}}},
                         {"1,1\n2,1\n\"3\",\"1", {1, 2, -1}, {{2, kUnclosedQuote}}},
                         {"\"1,1\n\"2\",\"1\"\r\n3,1\n", {-1, 2, 3}, {{0, kUnclosedQuote}}},
                         {"?,?\n2,1\n3,1\n", {-1, 2, 3}, {{0, kNotANumber}}},
                         {"x\n2,1\n3,1\n", {-1, 2, 3}, {{0, kTooFewColumns}}},
                         {"x,y,z\n2,1\n3,1\n", {-1, 2, 3}, {{0, kTooManyColumns}}},
                         {"1,1\n2\r3,1\n4,1\n", {1, -1, 4}, {{1, kBareReturn}}},
                         {"1\r3,1\n2,1\n3,1\n", {-1, 2, 3}, {{0, kBareReturn}}},
                         {"1 1\n2,1\n3,1\n", {-1, 2, 3}, {{0, kBlankSeparated}}},
                         {"1;1\n2,1\n3\t1\n4,1\n", {1, 2, 3, 4}, {}},
                         {"1;1;1\n2,1\n3,1\n", {-1, 2, 3}, {{0, kTooManyColumns}}},
                         {"a,b\n2,1\n3\n", {-1, 2, -1}, {{0, kHeader}, {2, kTooFewColumns}}},
                         {"b;x;a\n1;0;2\n1,0,3\n", {-1, 2, 3}, {{0, kHeader}}},
                         {"a,b\n", {-1}, {{0, kHeader}}},
                         {"1,1\n\n3,1\n", {1, -1, 3}, {{1, kBlankLine}}}}) {
    for (const size_t piece : {size_t{1}, size_t{3}, size_t{7}, c.payload.size()}) {
      const Decoded decoded = decode(Format::kCsv, c.payload, piece, true);
      EXPECT_TRUE(decoded.whole) << c.payload;
      EXPECT_EQ(decoded.first_column, c.first_column) << c.payload << " in pieces of " << piece;
      EXPECT_EQ(decoded.marked, c.marked) << c.payload << " in pieces of " << piece;
    }
  }
}

TEST(MarkedRecords, ALineThatIsTooLongIsLeftOut) {
  const std::string line(size_t{3} << 20U, '7');
  for (const size_t piece : {size_t{1} << 10U, (size_t{1} << 16U) + 1, size_t{8} << 20U}) {
    for (const std::string& payload :
         {"1,1\n" + line + "\n3,1\n", "1,1\n" + line + ",\"\n3,1", "1,1\n\"" + line + "\n3,1\n"}) {
      const Decoded decoded = decode(Format::kCsv, payload, piece, true);
      EXPECT_TRUE(decoded.whole);
      EXPECT_THAT(decoded.first_column, ElementsAre(1, -1, 3));
      EXPECT_THAT(decoded.marked, ElementsAre(Pair(1, DecodeErrorCode::kRowTooLong)));
    }
    const Decoded first = decode(Format::kCsv, line + "\n2,1\n", piece, true);
    EXPECT_THAT(first.first_column, ElementsAre(-1, 2));
    const Decoded last = decode(Format::kJsonLines, "[1,1]\n" + line, piece, true);
    EXPECT_TRUE(last.whole);
    EXPECT_THAT(last.first_column, ElementsAre(1, -1));
    const Decoded lines = decode(Format::kJsonLines, "[1,1]\n[" + line + "]\n[3,1]\n", piece, true);
    EXPECT_THAT(lines.first_column, ElementsAre(1, -1, 3));
    EXPECT_THAT(lines.marked, ElementsAre(Pair(1, DecodeErrorCode::kRowTooLong)));
  }
}

TEST(MarkedRecords, ColumnsOfAHeaderThatLacksSomeAreNotGuessed) {
  EXPECT_FALSE(decode(Format::kCsv, "b,x\n1,2\n", 100, true).whole);
  EXPECT_FALSE(decode(Format::kCsv, "a,a\n1,2\n", 100, true).whole);
}

TEST(MarkedRecords, OfJsonLinesKeepTheirPlaces) {
  expect_two_marked(Format::kJsonLines, "[1,1]\n[2,\n[3,1]\n[4,1]\n[5]\n{\"a\":6,\"b\":1}\n",
                    DecodeErrorCode::kJsonSyntax, DecodeErrorCode::kTooFewColumns);
}

TEST(MarkedRecords, OfLibsvmKeepTheirPlaces) {
  expect_two_marked(Format::kLibsvm, "0:1\n0:2 9:1\n0:3\n0:4\n0:5 0:5\n0:6\n",
                    DecodeErrorCode::kTextIndexRange, DecodeErrorCode::kDuplicateIndex);
}

std::string recordio_dense(const std::vector<float>& row) {
  constexpr uint32_t kFloat32Tensor = 2;
  return frame(record_of(kFloat32Tensor, packed_floats(1, row)));
}

TEST(MarkedRecords, OfRecordioKeepTheirPlaces) {
  std::string payload;
  for (const std::vector<float>& row :
       std::vector<std::vector<float>>{{1, 1}, {2}, {3, 1}, {4, 1}, {5, 1, 1}, {6, 1}}) {
    payload += recordio_dense(row);
  }
  expect_two_marked(Format::kRecordio, payload, DecodeErrorCode::kTooFewColumns,
                    DecodeErrorCode::kTooManyColumns);
}

TEST(MarkedRecords, WhereNoNextRecordCanBeFoundThePayloadFails) {
  EXPECT_FALSE(decode(Format::kCsv, "1,1\n2,\"1\n3,1\n", 100).whole) << "a quote that never closes";
  EXPECT_FALSE(decode(Format::kCsv, "", 1).whole) << "no record at all";
  EXPECT_FALSE(decode(Format::kRecordio, recordio_dense({1, 1}) + "no frame, surely", 100).whole);
}

TEST(MarkedRecords, OthersFailAsEver) {
  const data::Schema schema = two_features();
  EXPECT_EQ(make_decoder(Format::kJson, schema)->marked(), nullptr);
  EXPECT_EQ(make_decoder(Format::kNpy, schema)->marked(), nullptr);
}

}  // namespace
}  // namespace ringmaker::codec
