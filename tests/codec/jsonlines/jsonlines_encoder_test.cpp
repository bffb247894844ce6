#include "codec/jsonlines/jsonlines_encoder.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

TEST(JsonLinesEncoder, OneObjectALineWhateverThePortions) {
  const data::OutputSchema output{.task = data::Task::kBinary, .class_names = {"0", "1"}};
  const JsonLinesEncoder encoder(output);
  const std::vector<float> scores = {0.25F, 0.75F};
  std::string whole;
  encoder.encode({scores.data(), 2, 1}, {.rows_total = 2}, whole);
  EXPECT_EQ(whole,
            "{\"score\":0.25,\"predicted_label\":0}\n{\"score\":0.75,\"predicted_label\":1}\n");
  EXPECT_LE(whole.size(), encoder.bytes_max(2));
  std::string parts;
  encoder.encode({scores.data(), 1, 1}, {true, false, 2}, parts);
  encoder.encode({scores.data() + 1, 1, 1}, {false, true, 2}, parts);
  EXPECT_EQ(parts, whole);
}

}  // namespace
}  // namespace ringmaker::codec
