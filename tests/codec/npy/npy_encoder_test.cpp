#include "codec/npy/npy_encoder.h"

#include "codec/npy/npy_header.h"
#include "tests/codec/npy/npy_payload.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

TEST(NpyEncoder, OneScoreARowIsAnArrayOfOneDimension) {
  const data::OutputSchema output;
  const NpyEncoder encoder(output);
  const std::vector<float> scores = {0.5F, 1.5F, 2.5F};
  std::string whole;
  encoder.encode({scores.data(), 3, 1}, {.rows_total = 3}, whole);
  EXPECT_LE(whole.size(), encoder.bytes_max(3));
  const NpyParse parse = parse_npy_header(whole);
  ASSERT_EQ(parse.verdict, NpyVerdict::kComplete);
  EXPECT_TRUE(parse.header.one_dimension);
  EXPECT_EQ(parse.header.columns, 3U);
  EXPECT_EQ(whole.substr(parse.consumed), bytes_of(scores));

  std::string parts;
  encoder.encode({scores.data(), 1, 1}, {true, false, 3}, parts);
  encoder.encode({scores.data() + 1, 2, 1}, {false, true, 3}, parts);
  EXPECT_EQ(parts, whole);
}

TEST(NpyEncoder, ManyClassesAreColumns) {
  const data::OutputSchema output{.task = data::Task::kMulticlass, .class_names = {"a", "b"}};
  const std::vector<float> scores = {0.5F, 0.5F, 0.25F, 0.75F};
  std::string out;
  NpyEncoder(output).encode({scores.data(), 2, 2}, {.rows_total = 2}, out);
  const NpyParse parse = parse_npy_header(out);
  ASSERT_EQ(parse.verdict, NpyVerdict::kComplete);
  EXPECT_EQ(parse.header.rows, 2U);
  EXPECT_EQ(parse.header.columns, 2U);
  EXPECT_EQ(out.substr(parse.consumed), bytes_of(scores));
}

}  // namespace
}  // namespace ringmaker::codec
