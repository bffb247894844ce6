#include "codec/encoder.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(Encoder, EachFormatHasItsEncoder) {
  const data::OutputSchema output;
  EXPECT_EQ(make_encoder(Format::kCsv, output)->content_type(), "text/csv");
  EXPECT_EQ(make_encoder(Format::kJson, output)->content_type(), "application/json");
}

}  // namespace
}  // namespace ringmaker::codec
