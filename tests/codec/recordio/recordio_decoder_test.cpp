#include "codec/recordio/recordio_decoder.h"

#include "tests/codec/decoding.h"
#include "tests/codec/recordio/recordio_payload.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

constexpr uint32_t kFloat32 = 2;
constexpr uint32_t kFloat64 = 3;
constexpr uint32_t kInt32 = 7;

class RecordioDecoderTest : public testing::Test {
 protected:
  /// Decodes whole and cut at every place, in slices and small blocks; all must agree.
  static Outcome read(Decoder& decoder, std::string_view payload) {
    const Outcome whole = decode(decoder, 3, payload);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder, 3, payload, {cut}), whole)) << " at " << cut;
      EXPECT_TRUE(same(decode(decoder, 3, payload, {cut}, 1, 2), whole)) << " at " << cut;
    }
    return whole;
  }
  Outcome read(std::string_view payload) { return read(decoder_, payload); }
  void expect_error(std::string_view record, DecodeErrorCode code, std::string_view sentence) {
    const Outcome outcome = read(frame(record));
    EXPECT_EQ(outcome.error.code, code) << sentence;
    EXPECT_EQ(describe(outcome.error, schema_), sentence);
  }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  RecordioDecoder decoder_{schema_};
};

TEST_F(RecordioDecoderTest, DenseTensorsOfEveryKind) {
  const std::string payload =
      frame(record_of(kFloat32, packed_floats(1, {1, 2.5, 3}))) +
      frame(record_of(kFloat64, field(1, bytes_of<double>({4, 5, 6})) + packed_varints(3, {3}))) +
      frame(record_of(kInt32, packed_varints(1, {7, 8, UINT64_MAX})));
  EXPECT_TRUE(same(read(payload), {{{1, 2.5, 3}, {4, 5, 6}, {7, 8, -1}}, {}}));
}

TEST_F(RecordioDecoderTest, UnpackedNumbersAreRead) {
  std::string tensor;
  for (const float value : {1.0F, 2.0F, 3.0F}) {
    tensor += varint(1 << 3U | 5U) + bytes_of<float>({value});
  }
  EXPECT_TRUE(same(read(frame(record_of(kFloat32, tensor))), {{{1, 2, 3}}, {}}));
}

TEST_F(RecordioDecoderTest, SparseTensorsFillWithWhatIsAbsent) {
  const std::string sparse = record_of(
      kFloat32, packed_floats(1, {5, 6}) + packed_varints(2, {2, 0}) + packed_varints(3, {3}));
  const std::string nothing = record_of(kFloat32, packed_varints(3, {3}));
  EXPECT_TRUE(same(read(frame(sparse) + frame(nothing)), {{{6, 0, 5}, {0, 0, 0}}, {}}));
  schema_.absent_value = kNan;
  RecordioDecoder decoder(schema_);
  EXPECT_TRUE(same(read(decoder, frame(sparse)), {{{6, kNan, 5}}, {}}));
}

TEST_F(RecordioDecoderTest, LabelsAndOtherFeaturesAreIgnored) {
  const std::string label =
      field(2, field(1, "values") + field(2, field(2, packed_floats(1, {9}))));
  const std::string other = record_of(kFloat32, packed_floats(1, {8}), "weights");
  EXPECT_TRUE(same(read(frame(label + other + record_of(kFloat32, packed_floats(1, {1, 2, 3})) +
                              field(4, "meta"))),
                   {{{1, 2, 3}}, {}}));
}

TEST_F(RecordioDecoderTest, EveryMistakeHasItsSentence) {
  expect_error(record_of(kFloat32, packed_floats(1, {1, 2})), DecodeErrorCode::kTooFewColumns,
               "row 1 has 2 values, the model expects 3 (age, mass, time).");
  expect_error(
      record_of(kFloat32, packed_floats(1, {1}) + packed_varints(2, {3}) + packed_varints(3, {3})),
      DecodeErrorCode::kIndexRange,
      "row 1: the index \"3\" is none of the model's 3 features; indices run from 0 to 2.");
  expect_error(record_of(kFloat32, packed_floats(1, {1, 2}) + packed_varints(2, {1, 1}) +
                                       packed_varints(3, {3})),
               DecodeErrorCode::kDuplicateIndex, "row 1: the index \"1\" is given twice.");
  expect_error(record_of(kFloat32, packed_floats(1, {1, 2, 3}) + packed_varints(3, {5})),
               DecodeErrorCode::kBinaryShape, "row 1: the shape is not that of the values.");
  expect_error(record_of(kFloat32, packed_floats(1, {1}) + packed_varints(2, {1})),
               DecodeErrorCode::kBinaryShape, "row 1: the sparse features lack their shape.");
  expect_error(record_of(kFloat32, packed_floats(1, {1}) + packed_varints(2, {1, 2}) +
                                       packed_varints(3, {3})),
               DecodeErrorCode::kBinaryShape, "row 1: keys and values differ in number.");
  expect_error(
      record_of(kFloat32, packed_varints(3, {4})), DecodeErrorCode::kTooManyColumns,
      "row 1 has 4 values, the model expects 3 (age, mass, time). It looks as if the label "
      "column is included.");
  expect_error(record_of(kFloat64, field(1, bytes_of<double>({1, 1e300, 3}))),
               DecodeErrorCode::kNumberRange,
               "row 1, column 2 \"mass\": \"1e+300\" is too large for a 32-bit float.");
  expect_error(record_of(9, field(1, "png")), DecodeErrorCode::kBinaryShape,
               "row 1: the features are bytes, not numbers.");
  expect_error(field(2, "x"), DecodeErrorCode::kBinaryShape,
               "row 1: the record has no feature named \"values\".");
  expect_error("\xff\xff\xff", DecodeErrorCode::kBinaryShape,
               "row 1: the record is no protobuf message.");
  expect_error(record_of(kFloat32, field(1, "abc")), DecodeErrorCode::kBinaryShape,
               "row 1: the record is no protobuf message.");
}

TEST_F(RecordioDecoderTest, EveryTruncationIsAnError) {
  const std::string one = frame(record_of(kFloat32, packed_floats(1, {1, 2, 3})));
  const std::string payload = one + one;
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_EQ(decode(decoder_, 3, payload.substr(0, size)).error.code == DecodeErrorCode::kNone,
              size == one.size())
        << size;
  }
}

}  // namespace
}  // namespace ringmaker::codec
