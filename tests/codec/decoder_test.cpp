#include "codec/decoder.h"

#include "tests/codec/decoding.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(Decoder, EachFormatHasItsDecoder) {
  const data::Schema schema = schema_of({"a", "b"});
  const Outcome expected = {{{1, 2}}, {}};
  EXPECT_TRUE(same(decode(*make_decoder(Format::kCsv, schema), 2, "1,2"), expected));
  EXPECT_TRUE(same(decode(*make_decoder(Format::kJson, schema), 2, "[1,2]"), expected));
  EXPECT_TRUE(same(decode(*make_decoder(Format::kJsonLines, schema), 2, "[1,2]"), expected));
  EXPECT_TRUE(same(decode(*make_decoder(Format::kLibsvm, schema), 2, "0:1 1:2"), expected));
}

}  // namespace
}  // namespace ringmaker::codec
