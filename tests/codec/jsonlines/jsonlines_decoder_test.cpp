#include "codec/jsonlines/jsonlines_decoder.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

class JsonLinesDecoderTest : public testing::Test {
 protected:
  /// Decodes whole and cut at every place, in slices and small blocks; all must agree.
  Outcome read(std::string_view payload) {
    const Outcome whole = decode(decoder_, 3, payload);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}), whole)) << payload << " at " << cut;
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}, 1, 2), whole))
          << payload << " at " << cut;
    }
    return whole;
  }
  void expect_error(std::string_view payload, DecodeErrorCode code, uint64_t row,
                    std::string_view sentence) {
    const Outcome outcome = read(payload);
    EXPECT_EQ(outcome.error.code, code) << payload;
    EXPECT_EQ(outcome.error.row, row) << payload;
    EXPECT_EQ(describe(outcome.error, schema_), sentence);
  }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  JsonLinesDecoder decoder_{schema_};
};

TEST_F(JsonLinesDecoderTest, ShapesMayDifferFromLineToLine) {
  const Outcome outcome = read(
      "{\"features\":[1,2,3]}\n"
      "[4,null,6]\r\n"
      "\n"
      "  {\"data\":{\"features\":{\"values\":[7,8,9]}}}  \n"
      "{\"data\":{\"features\":{\"keys\":[2],\"shape\":[3],\"values\":[5]}}}\n"
      "{\"time\":1,\"age\":\"2\",\"mass\":NaN}");
  EXPECT_TRUE(same(outcome, {{{1, 2, 3}, {4, kNan, 6}, {7, 8, 9}, {0, 0, 5}, {2, kNan, 1}}, {}}));
}

TEST_F(JsonLinesDecoderTest, AByteOrderMarkIsSkipped) {
  EXPECT_TRUE(same(read("\xEF\xBB\xBF[1,2,3]\n"), {{{1, 2, 3}}, {}}));
}

TEST_F(JsonLinesDecoderTest, ErrorsNameTheRow) {
  expect_error("[1,2,3]\n\n[1,2]\n", DecodeErrorCode::kTooFewColumns, 2,
               "row 2 has 2 values, the model expects 3 (age, mass, time).");
  expect_error("[1,2,3]\n[1,\"x\",3]", DecodeErrorCode::kNotANumber, 2,
               "row 2, column 2 \"mass\": \"x\" is not a number. An empty field, nan, NA or null "
               "stands for a missing value.");
  expect_error("[1,2,3]\n[1,2,3", DecodeErrorCode::kJsonSyntax, 2,
               "row 2: the payload is not valid JSON (byte 14).");
  expect_error("{\"instances\":[[1,2,3]]}", DecodeErrorCode::kJsonLineShape, 1,
               "row 1: an instance has none of the model's columns. Send one row a line: […], "
               "{\"features\": […]} or {\"name\": value, …}.");
  expect_error("{\"age\":1}", DecodeErrorCode::kUnknownColumn, 1,
               "row 1 lacks the column \"mass\"; the model expects 3 (age, mass, time).");
}

TEST_F(JsonLinesDecoderTest, ALineHoldsOneInstance) {
  for (const char* payload : {"[1,2,3],[4,5,6]", "[1,2,3] [4,5,6]", "1,2,3",
                              "{\"features\":[1,2,3]},", "[1,2,3]]\n[[4,5,6]", "[[1,2,3]]"}) {
    const Outcome outcome = read(payload);
    EXPECT_NE(outcome.error.code, DecodeErrorCode::kNone) << payload;
    EXPECT_EQ(outcome.error.row, 1U) << payload;
    EXPECT_TRUE(outcome.rows.empty()) << payload;
  }
}

TEST_F(JsonLinesDecoderTest, AnInstanceDoesNotSpanLines) {
  EXPECT_EQ(read("{\"features\":[1,2\n,3]},{\"features\":[4,5,6]}").error.code,
            DecodeErrorCode::kJsonSyntax);
}

TEST_F(JsonLinesDecoderTest, DepthIsBounded) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(decode(decoder_, 3, "{\"configuration\":" + deep).error.code,
            DecodeErrorCode::kJsonDepth);
}

TEST_F(JsonLinesDecoderTest, WhereEveryLineIsARowABlankOneIsAnError) {
  const PayloadOptions options{.every_line_is_a_row = true};
  for (const std::string_view payload : {"[1,2,3]\n\n[4,5,6]", "[1,2,3]\n \r\n", "[1,2,3]\n\n"}) {
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      const Outcome outcome = decode(decoder_, 3, payload, {cut}, SIZE_MAX, 1000, options);
      EXPECT_EQ(outcome.error.code, DecodeErrorCode::kBlankLine) << payload;
      EXPECT_EQ(outcome.error.row, 2U) << payload;
      EXPECT_EQ(outcome.error.byte, 8U) << payload;
    }
  }
  EXPECT_TRUE(same(decode(decoder_, 3, "[1,2,3]\n[4,5,6]\n", {}, SIZE_MAX, 1000, options),
                   {{{1, 2, 3}, {4, 5, 6}}, {}}));
}

TEST_F(JsonLinesDecoderTest, NoRowsAreAnError) {
  expect_error("", DecodeErrorCode::kEmptyPayload, 0,
               "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  expect_error("\n \r\n", DecodeErrorCode::kEmptyPayload, 0,
               "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
}

TEST_F(JsonLinesDecoderTest, EveryTruncationIsAnErrorOrWholeLines) {
  const std::string payload = "{\"features\":[1,2,3]}\n{\"features\":[4,5,6]}\n";
  for (size_t size = 0; size < payload.size(); ++size) {
    const Outcome outcome = decode(decoder_, 3, payload.substr(0, size));
    const bool whole = size == 20 || size == 21 || size == 41;
    EXPECT_EQ(outcome.error.code == DecodeErrorCode::kNone, whole) << size;
  }
}

}  // namespace
}  // namespace ringmaker::codec
