#include "codec/encoder.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(Encoder, EachFormatHasItsEncoder) {
  const data::OutputSchema output;
  EXPECT_EQ(make_encoder(Format::kCsv, output)->content_type(), "text/csv");
  EXPECT_EQ(make_encoder(Format::kJson, output)->content_type(), "application/json");
  EXPECT_EQ(make_encoder(Format::kJsonLines, output)->content_type(), "application/jsonlines");
  EXPECT_EQ(make_encoder(Format::kNpy, output)->content_type(), "application/x-npy");
  EXPECT_EQ(make_encoder(Format::kRecordio, output)->content_type(),
            "application/x-recordio-protobuf");
}

}  // namespace
}  // namespace ringmaker::codec
