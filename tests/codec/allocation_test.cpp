// After warm-up, decoding and encoding allocate nothing. Counted by replacing operator new, which
// this program alone does.
#include "codec/decoder.h"
#include "codec/encoder.h"
#include "data/block_writer.h"
#include "data/dense_block.h"
#include "tests/support/counted_new.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

using test::allocations;

size_t allocations_of_decoding(Format format, const std::string& payload) {
  data::Schema schema;
  schema.feature_names = {"age", "mass", "time"};
  const auto decoder = make_decoder(format, schema);
  data::DenseBlock block(3, 100);
  size_t counted = 0;
  for (int round = 0; round < 3; ++round) {
    const size_t before = allocations;
    for (const size_t cut : {size_t{0}, payload.size() / 2}) {
      block.resize(0);
      decoder->reset();
      data::BlockWriter writer(block);
      const std::string_view text = payload;
      (void)decoder->decode(text.substr(0, cut), false, SIZE_MAX, writer);
      const auto done = decoder->decode(text.substr(cut), true, SIZE_MAX, writer);
      EXPECT_EQ(done.status, DecodeStatus::kDone) << payload;
    }
    counted = allocations - before;
  }
  return counted;
}

TEST(Allocation, DecodingAllocatesNothingAfterWarmUp) {
  EXPECT_EQ(allocations_of_decoding(Format::kCsv, "1,2,3\n4,5,6\n"), 0U);
  EXPECT_EQ(allocations_of_decoding(Format::kCsv, "1,\"2\",\n 4 ,5e3,NA\r\n"), 0U);
  EXPECT_EQ(allocations_of_decoding(Format::kCsv, "time;x;age;mass\n1;\"a;b\";2;3\n4;c;5;6\n"), 0U);
  EXPECT_EQ(allocations_of_decoding(Format::kJson, "[[1,2,3],[4,null,6]]"), 0U);
  EXPECT_EQ(allocations_of_decoding(Format::kJson, R"({"instances":[{"features":[1,2,3]}]})"), 0U);
  EXPECT_EQ(allocations_of_decoding(
                Format::kJson,
                R"({"instances":[{"data":{"features":{"keys":[1],"shape":[3],"values":[2]}}}]})"),
            0U);
  EXPECT_EQ(allocations_of_decoding(Format::kJsonLines,
                                    "[1,2,3]\n{\"features\":[4,null,6]}\n{\"age\":1,\"mass\":2,"
                                    "\"time\":3}\n"),
            0U);
  EXPECT_EQ(allocations_of_decoding(Format::kLibsvm, "1 0:1.5 2:3\n0 1:2e3\n"), 0U);
}

TEST(Allocation, EncodingAllocatesNothingInAWarmBuffer) {
  data::OutputSchema output;
  output.task = data::Task::kBinary;
  output.class_names = {"no", "yes"};
  output.numeric_classes = false;
  const std::vector<float> scores = {0.25F, 0.75F};
  for (const Format format :
       {Format::kCsv, Format::kJson, Format::kJsonLines, Format::kNpy, Format::kRecordio}) {
    const auto encoder = make_encoder(format, output);
    std::string out;
    out.reserve(encoder->bytes_max(scores.size()));
    const size_t before = allocations;
    encoder->encode({scores.data(), scores.size(), 1}, {.rows_total = scores.size()}, out);
    EXPECT_EQ(allocations, before);
    EXPECT_LE(out.size(), encoder->bytes_max(scores.size()));
  }
}

}  // namespace
}  // namespace ringmaker::codec
