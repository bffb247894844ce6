#include "codec/npy/npy_decoder.h"

#include "tests/codec/decoding.h"
#include "tests/codec/npy/npy_payload.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

std::string dictionary(std::string_view descr, std::string_view shape, bool fortran = false) {
  return "{'descr': '" + std::string(descr) +
         "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + std::string(shape) + ", }\n";
}

class NpyDecoderTest : public testing::Test {
 protected:
  /// Decodes whole and cut at every place, in slices and small blocks; all must agree.
  Outcome read(std::string_view payload) {
    const Outcome whole = decode(decoder_, 3, payload);
    for (size_t cut = 0; cut <= payload.size(); ++cut) {
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}), whole)) << " at " << cut;
      EXPECT_TRUE(same(decode(decoder_, 3, payload, {cut}, 1, 2), whole)) << " at " << cut;
    }
    return whole;
  }
  template <class T>
  void expect_rows(std::string_view descr, const std::vector<T>& values, const Rows& rows) {
    const bool big = descr.front() == '>';
    EXPECT_TRUE(
        same(read(npy_file(dictionary(descr, "(2, 3)"), bytes_of(values, big))), {rows, {}}))
        << descr;
  }
  void expect_error(const std::string& payload, DecodeErrorCode code, std::string_view sentence) {
    const Outcome outcome = read(payload);
    EXPECT_EQ(outcome.error.code, code);
    EXPECT_EQ(describe(outcome.error, schema_), sentence);
  }

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  NpyDecoder decoder_{schema_};
};

TEST_F(NpyDecoderTest, EveryKindOfNumberInEitherByteOrder) {
  const Rows rows = {{1, 2, 3}, {4, 5, 6}};
  expect_rows<float>("<f4", {1, 2, 3, 4, 5, 6}, rows);
  expect_rows<float>(">f4", {1, 2, 3, 4, 5, 6}, rows);
  expect_rows<double>("<f8", {1, 2, 3, 4, 5, 6}, rows);
  expect_rows<double>(">f8", {1, 2, 3, 4, 5, 6}, rows);
  expect_rows<int8_t>("|i1", {1, 2, 3, 4, 5, 6}, rows);
  expect_rows<int16_t>(">i2", {1, 2, 3, 4, 5, 6}, rows);
  expect_rows<int32_t>("<i4", {-1, 2, 3, 4, 5, 6}, {{-1, 2, 3}, {4, 5, 6}});
  expect_rows<int64_t>("<i8", {1, 2, 3, 4, 5, -6}, {{1, 2, 3}, {4, 5, -6}});
  expect_rows<uint8_t>("|u1", {1, 2, 3, 4, 5, 255}, {{1, 2, 3}, {4, 5, 255}});
  expect_rows<uint64_t>(">u8", {1, 2, 3, 4, 5, 6}, rows);
  expect_rows<uint8_t>("|b1", {1, 0, 1, 0, 1, 1}, {{1, 0, 1}, {0, 1, 1}});
  const float inf = std::numeric_limits<float>::infinity();
  expect_rows<uint16_t>("<f2", {0x3c00, 0xc000, 0x7c00, 0x0001, 0x7bff, 0x8000},
                        {{1, -2, inf}, {5.9604645e-8F, 65504, -0.0F}});
}

TEST_F(NpyDecoderTest, MissingIsNaN) {
  expect_rows<float>("<f4", {1, kNan, 3, 4, 5, kNan}, {{1, kNan, 3}, {4, 5, kNan}});
}

TEST_F(NpyDecoderTest, OneDimensionIsOneRow) {
  EXPECT_TRUE(same(read(npy_file(dictionary("<f4", "(3,)"), bytes_of<float>({1, 2, 3}))),
                   {{{1, 2, 3}}, {}}));
}

TEST_F(NpyDecoderTest, FortranOrderIsTurned) {
  EXPECT_TRUE(
      same(read(npy_file(dictionary("<f4", "(2, 3)", true), bytes_of<float>({1, 4, 2, 5, 3, 6}))),
           {{{1, 2, 3}, {4, 5, 6}}, {}}));
}

TEST_F(NpyDecoderTest, WidthAndSizeAreChecked) {
  expect_error(npy_file(dictionary("<f4", "(1, 2)"), bytes_of<float>({1, 2})),
               DecodeErrorCode::kTooFewColumns,
               "row 1 has 2 values, the model expects 3 (age, mass, time).");
  expect_error(npy_file(dictionary("<f4", "(1, 3)"), bytes_of<float>({1, 2, 3, 4})),
               DecodeErrorCode::kTrailingBytes,
               "there is more behind the array's last value (byte 82).");
  expect_error(npy_file(dictionary("<f4", "(2, 3)"), bytes_of<float>({1, 2, 3, 4})),
               DecodeErrorCode::kTruncated,
               "row 2: the payload ends before the row is complete (byte 86).");
  expect_error(npy_file(dictionary("<f4", "(0, 3)"), ""), DecodeErrorCode::kEmptyPayload,
               "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  expect_error("", DecodeErrorCode::kEmptyPayload,
               "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  expect_error(npy_file(dictionary("<f8", "(1, 3)"), bytes_of<double>({1, 1e300, 3})),
               DecodeErrorCode::kNumberRange,
               "row 1, column 2 \"mass\": \"1e+300\" is too large for a 32-bit float.");
  expect_error("no array", DecodeErrorCode::kBinaryShape, "the payload is no NPY file.");
  expect_error(npy_file(dictionary("<f4", "(99999999999, 3)", true), ""),
               DecodeErrorCode::kBinaryShape, "an array in Fortran order is over 64 MiB.");
}

TEST_F(NpyDecoderTest, EveryTruncationIsAnError) {
  const std::string file =
      npy_file(dictionary("<f4", "(2, 3)"), bytes_of<float>({1, 2, 3, 4, 5, 6}));
  for (size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(decode(decoder_, 3, std::string_view(file).substr(0, size)).error.code,
              DecodeErrorCode::kNone)
        << size;
  }
}

}  // namespace
}  // namespace ringmaker::codec
