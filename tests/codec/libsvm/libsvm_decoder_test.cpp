#include "codec/libsvm/libsvm_decoder.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

class LibsvmDecoderTest : public testing::Test {
 protected:
  /// Decodes whole and cut at every place, in slices and small blocks; all must agree.
  static Outcome read(Decoder& decoder, std::string_view payload) {
    const Outcome whole = decode(decoder, 3, payload);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder, 3, payload, {cut}), whole)) << payload << " at " << cut;
      EXPECT_TRUE(same(decode(decoder, 3, payload, {cut}, 1, 2), whole))
          << payload << " at " << cut;
    }
    return whole;
  }
  Outcome read(std::string_view payload) { return read(decoder_, payload); }
  void expect_error(std::string_view payload, DecodeErrorCode code, std::string_view sentence) {
    const Outcome outcome = read(payload);
    EXPECT_EQ(outcome.error.code, code) << payload;
    EXPECT_EQ(describe(outcome.error, schema_), sentence);
  }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  LibsvmDecoder decoder_{schema_};
};

TEST_F(LibsvmDecoderTest, LabelsQueriesAndCommentsAreNotFeatures) {
  EXPECT_TRUE(same(read("1 0:1.5 2:-3\n"
                        "-1 qid:7 1:2e1 # 2:9\r\n"
                        "\n"
                        "# nothing\n"
                        "0:1\t1:2\t2:3  \n"
                        "0"),
                   {{{1.5, 0, -3}, {0, 20, 0}, {1, 2, 3}, {0, 0, 0}}, {}}));
}

TEST_F(LibsvmDecoderTest, WhatIsNoLabelIsNoRowWithoutValues) {
  EXPECT_TRUE(same(read("+1 0:1\n-2.5e3 0:1\nnan 0:1"), {{{1, 0, 0}, {1, 0, 0}, {1, 0, 0}}, {}}));
  expect_error("1.5,2,3", DecodeErrorCode::kNotALabel,
               "row 1: \"1.5,2,3\" is neither a label nor index:value.");
  expect_error("1 0:1\nmalignant 0:1", DecodeErrorCode::kNotALabel,
               "row 2: \"malignant\" is neither a label nor index:value.");
}

TEST_F(LibsvmDecoderTest, WhereEveryLineIsARowABlankOneHasNoValues) {
  const PayloadOptions options{.every_line_is_a_row = true};
  const std::string_view payload = "1 0:1\n\n\r\n1:2\n\n";
  for (size_t cut = 0; cut <= payload.size(); ++cut) {
    EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}, 1, 2, options),
                     {{{1, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 2, 0}, {0, 0, 0}}, {}}))
        << cut;
  }
  const Outcome comment = decode(decoder_, 3, "0:1\n # 1:2\n", {}, SIZE_MAX, 1000, options);
  EXPECT_EQ(comment.rows.size(), 1U);
  EXPECT_EQ(
      describe(comment.error, schema_),
      "row 2: the line holds no values; in a batch transform each line is a row, and the model "
      "expects rows of 3 (age, mass, time).");
}

TEST_F(LibsvmDecoderTest, WhatIsAbsentIsWhatTheModelSays) {
  schema_.absent_value = kNan;
  LibsvmDecoder decoder(schema_);
  EXPECT_TRUE(same(read(decoder, "1:2"), {{{kNan, 2, kNan}}, {}}));
}

TEST_F(LibsvmDecoderTest, TheBaseIsThePayloadsElseTheModelsElseZero) {
  // A payload that merely lacks the first feature must not be read one column off.
  EXPECT_TRUE(same(read("1:5 2:6"), {{{0, 5, 6}}, {}}));
  schema_.index_base = 1;
  LibsvmDecoder one_based(schema_);
  EXPECT_TRUE(same(read(one_based, "1:5 2:6"), {{{5, 6, 0}}, {}}));

  data::DenseBlock block(3, 4);
  data::BlockWriter writer(block);
  decoder_.reset({.index_base = 1});
  EXPECT_EQ(decoder_.decode("3:5", true, SIZE_MAX, writer).status, DecodeStatus::kDone);
  EXPECT_EQ(block.view().row(0)[2], 5.0F);
}

TEST_F(LibsvmDecoderTest, AnIndexPastTheModelIsAnError) {
  expect_error("0:1\n1:1 3:2", DecodeErrorCode::kTextIndexRange,
               "row 2: the index \"3\" is none of the model's 3 features; indices run from 0 to 2. "
               "Where they begin at 1, say \"index_base=1\" in Content-Type.");
  expect_error("99999999999999999999:1", DecodeErrorCode::kNotAPair,
               "row 1: \"99999999999999999999:1\" is not index:value.");
  schema_.index_base = 1;
  LibsvmDecoder one_based(schema_);
  EXPECT_EQ(describe(read(one_based, "0:1").error, schema_),
            "row 1: the index \"0\" is none of the model's 3 features; indices run from 1 to 3.");
}

TEST_F(LibsvmDecoderTest, EveryOtherMistakeHasItsSentence) {
  expect_error("1 0:1 0:2", DecodeErrorCode::kDuplicateIndex,
               "row 1 \"age\": the index \"0\" is given twice.");
  expect_error("1 0:1 5", DecodeErrorCode::kNotAPair, "row 1: \"5\" is not index:value.");
  expect_error("1 -1:2", DecodeErrorCode::kNotAPair, "row 1: \"-1:2\" is not index:value.");
  expect_error("1 0:", DecodeErrorCode::kNotAPair, "row 1: \"0:\" is not index:value.");
  expect_error(
      "1 1:x", DecodeErrorCode::kNotANumber,
      "row 1 \"mass\": \"x\" is not a number. An empty field, nan, NA or null stands for a "
      "missing value.");
  expect_error("1 1:1e999", DecodeErrorCode::kNumberRange,
               "row 1 \"mass\": \"1e999\" is too large for a 32-bit float.");
  expect_error(" \n", DecodeErrorCode::kEmptyPayload,
               "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
}

TEST_F(LibsvmDecoderTest, AnIndexMayReturnInAnotherRow) {
  EXPECT_TRUE(same(read("0:1\n0:2\n0:3"), {{{1, 0, 0}, {2, 0, 0}, {3, 0, 0}}, {}}));
}

}  // namespace
}  // namespace ringmaker::codec
