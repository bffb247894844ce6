#include "codec/csv/csv_encoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace ringmaker::codec {
namespace {

TEST(CsvEncoder, OneLineARowTheScoreAlone) {
  const data::OutputSchema output;
  const CsvEncoder encoder(output);
  const std::vector<float> scores = {0.5F, -12, 100000, NAN, INFINITY};
  std::string out = "kept ";
  encoder.encode({scores.data(), 5, 1}, {}, out);
  EXPECT_EQ(out, "kept 0.5\n-12\n100000\nnan\ninf\n");
}

TEST(CsvEncoder, ClassProbabilitiesAreJoinedByCommas) {
  data::OutputSchema output;
  output.task = data::Task::kMulticlass;
  output.class_names = {"a", "b", "c"};
  const CsvEncoder encoder(output);
  const std::vector<float> scores = {0.1F, 0.7F, 0.2F, 1, 0, 0};
  std::string out;
  encoder.encode({scores.data(), 2, 3}, {}, out);
  EXPECT_EQ(out, "0.1,0.7,0.2\n1,0,0\n");
}

TEST(CsvEncoder, BytesMaxHolds) {
  const data::OutputSchema output;
  const CsvEncoder encoder(output);
  const std::vector<float> scores(100, -std::numeric_limits<float>::denorm_min());
  std::string out;
  encoder.encode({scores.data(), 100, 1}, {}, out);
  EXPECT_LE(out.size(), encoder.bytes_max(100));
}

}  // namespace
}  // namespace ringmaker::codec
