#include "codec/float32/float32_decoder.h"

#include "tests/codec/decoding.h"
#include "tests/codec/npy/npy_payload.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

class Float32DecoderTest : public testing::Test {
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

  data::Schema schema_ = schema_of({"age", "mass", "time"});
  Float32Decoder decoder_{schema_};
};

TEST_F(Float32DecoderTest, ValuesFollowOneAnotherRowByRow) {
  EXPECT_TRUE(same(read(bytes_of<float>({1, kNan, 3, -4.5F, 5, 1e30F})),
                   {{{1, kNan, 3}, {-4.5F, 5, 1e30F}}, {}}));
}

TEST_F(Float32DecoderTest, APayloadOfPartsOfRowsIsRefused) {
  const std::string payload = bytes_of<float>({1, 2, 3, 4, 5});
  EXPECT_EQ(
      describe(read(payload).error, schema_),
      "row 2: the payload ends before its row of 3 float32 (12 bytes) is complete (byte 20).");
  EXPECT_EQ(describe(read("").error, schema_),
            "the payload holds no rows; the model expects rows of 3 (age, mass, time).");
  for (size_t size = 0; size < payload.size(); ++size) {
    EXPECT_EQ(read(payload.substr(0, size)).error.code == DecodeErrorCode::kNone, size == 12)
        << size;
  }
}

}  // namespace
}  // namespace ringmaker::codec
