#include "codec/json/bare_json_encoder.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace ringmaker::codec {
namespace {

std::string encoded(const data::OutputSchema& output, const std::vector<float>& scores,
                    const Portion& portion = {}) {
  const BareJsonEncoder encoder(output);
  const size_t columns = output.score_columns();
  std::string out;
  encoder.encode({scores.data(), scores.size() / columns, columns}, portion, out);
  EXPECT_LE(out.size(), encoder.bytes_max(scores.size() / columns));
  return out;
}

TEST(BareJsonEncoder, ScoresStandAlone) {
  EXPECT_EQ(encoded({}, {0.5F, std::numeric_limits<float>::infinity()}),
            R"({"predictions":[0.5,null]})");
  EXPECT_EQ(encoded({}, {2}, {.first = false, .last = true}), ",2]}");
}

TEST(BareJsonEncoder, SeveralAreAList) {
  data::OutputSchema output;
  output.task = data::Task::kMulticlass;
  output.class_names = {"a", "b"};
  EXPECT_EQ(encoded(output, {0.25F, 0.75F, 1, 0}), R"({"predictions":[[0.25,0.75],[1,0]]})");
}

}  // namespace
}  // namespace ringmaker::codec
