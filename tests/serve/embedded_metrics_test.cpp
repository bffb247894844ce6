#include "serve/embedded_metrics.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

namespace ringmaker::serve {
namespace {

class EmbeddedMetricsTest : public testing::Test {
 protected:
  EmbeddedMetricsTest() { registry_.add(shard_); }

  ShardMetrics shard_;
  MetricsRegistry registry_;
  EmbeddedMetrics embedded_{registry_, {{"Endpoint", "heart"}}};
};

TEST_F(EmbeddedMetricsTest, WhereNobodyAsksThereIsNoLine) {
  EXPECT_EQ(embedded_.line(1), std::nullopt);
  shard_.answered(Route::kPing, 200, 1000);
  shard_.answered(Route::kMetrics, 200, 1000);
  EXPECT_EQ(embedded_.line(2), std::nullopt);
}

TEST_F(EmbeddedMetricsTest, ALineTellsWhatHappenedSinceTheLast) {
  shard_.answered(Route::kInvocations, 200, 3'000'000);
  shard_.answered(Route::kModelInvoke, 200, 3'000'000);
  shard_.answered(Route::kInvocations, 400, 3'000'000);
  shard_.answered(Route::kInvocations, 503, 3'000'000);
  shard_.rows.add(70);
  const auto line = embedded_.line(1'700'000'000'000);
  ASSERT_TRUE(line);
  EXPECT_EQ(
      *line,
      R"({"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"Ringmaker",)"
      R"("Dimensions":[["Endpoint"]],"Metrics":[{"Name":"Requests","Unit":"Count"},)"
      R"({"Name":"Rows","Unit":"Count"},{"Name":"ClientErrors","Unit":"Count"},)"
      R"({"Name":"ServerErrors","Unit":"Count"},)"
      R"({"Name":"LatencyAverage","Unit":"Milliseconds"},)"
      R"({"Name":"LatencyP50","Unit":"Milliseconds"},)"
      R"({"Name":"LatencyP99","Unit":"Milliseconds"},)"
      R"({"Name":"Connections","Unit":"Count"}]}]},"Endpoint":"heart","Requests":4,"Rows":70,)"
      R"("ClientErrors":1,"ServerErrors":1,"LatencyAverage":3,"LatencyP50":3.5,)"
      R"("LatencyP99":4.97,"Connections":0})"
      "\n");
  EXPECT_EQ(embedded_.line(2), std::nullopt);
  shard_.answered(Route::kInvocations, 200, 90'000'000'000);
  EXPECT_THAT(embedded_.line(3).value(), testing::HasSubstr(R"("Requests":1,"Rows":0,)"));
}

TEST_F(EmbeddedMetricsTest, WhatHttpTurnsDownByItselfHasNoLatency) {
  shard_.refused(Route::kInvocations, 413);
  const std::string line = embedded_.line(1).value();
  EXPECT_THAT(line, testing::HasSubstr(R"("Requests":1,"Rows":0,"ClientErrors":1,)"));
  EXPECT_THAT(line, testing::Not(testing::HasSubstr("Latency")));
  EXPECT_THAT(line, testing::Not(testing::HasSubstr("null")));
}

TEST(EmbeddedMetricsLine, IsWrittenAtOnceOrNotAtAll) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
  const std::string line(1000, 'x');
  while (write_line_now(ends[1], line)) {
  }
  std::array<char, 65536> buffer{};
  EXPECT_GT(::read(ends[0], buffer.data(), buffer.size()), 60'000);
  EXPECT_TRUE(write_line_now(ends[1], line));
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_FALSE(write_line_now(-1, line));
}

}  // namespace
}  // namespace ringmaker::serve
