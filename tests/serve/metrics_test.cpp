// What is exposed, read back by a strict reader of the Prometheus text format.
#include "serve/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <map>
#include <optional>
#include <set>
#include <sstream>

namespace ringmaker::serve {
namespace {

struct Sample {
  std::string name;
  std::string labels;  // with braces, or empty
  double value = 0;
};

/// Nothing when the line is no sample.
std::optional<Sample> read_sample(const std::string& line) {
  Sample sample;
  const std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz_";
  size_t at = line.find_first_not_of(name_characters);
  if (at == 0 || at == std::string::npos) {
    return std::nullopt;
  }
  sample.name = line.substr(0, at);
  if (line[at] == '{') {
    const size_t begun = at;
    do {
      const size_t equals = line.find_first_not_of(name_characters, ++at);
      if (equals == at || line.compare(equals, 2, "=\"") != 0) {
        return std::nullopt;
      }
      at = line.find('"', equals + 2);
      if (at == std::string::npos) {
        return std::nullopt;
      }
      ++at;
    } while (line[at] == ',');
    if (line[at] != '}') {
      return std::nullopt;
    }
    sample.labels = line.substr(begun, ++at - begun);
  }
  char* end = nullptr;
  sample.value = std::strtod(line.c_str() + at + 1, &end);
  if (line[at] != ' ' || end == line.c_str() + at + 1 || *end != '\0') {
    return std::nullopt;
  }
  return sample;
}

/// Samples by name and labels. Fails where the text is not as format 0.0.4 wants it: each family
/// described once before its samples and in one piece, no sample twice, counters named _total,
/// buckets cumulative and ended by +Inf equal to the count.
std::map<std::string, double> read_strictly(const std::string& text) {
  std::map<std::string, double> samples;
  std::map<std::string, std::string> types;
  std::set<std::string> helped;
  std::string family;
  std::string series;
  double last_bucket = 0;
  EXPECT_TRUE(text.ends_with('\n'));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash;
    std::string keyword;
    std::string name;
    if (line.starts_with("# ")) {
      words >> hash >> keyword >> name;
      if (keyword == "HELP") {
        EXPECT_TRUE(helped.insert(name).second) << line;
      } else {
        EXPECT_EQ(keyword, "TYPE") << line;
        words >> keyword;
        EXPECT_TRUE(types.emplace(name, keyword).second) << "a family in two pieces: " << line;
        EXPECT_TRUE(helped.contains(name)) << line;
        EXPECT_EQ(keyword == "counter", name.ends_with("_total")) << line;
        family = name;
      }
      continue;
    }
    const auto sample = read_sample(line);
    if (!sample) {
      ADD_FAILURE() << "not a sample: " << line;
      continue;
    }
    const auto& [name_read, labels, value] = *sample;
    EXPECT_TRUE(samples.emplace(name_read + labels, value).second) << "twice: " << line;
    EXPECT_TRUE(name_read.starts_with(family)) << line;
    const std::string suffix = name_read.substr(family.size());
    if (types[family] != "histogram") {
      EXPECT_EQ(suffix, "") << line;
    } else if (suffix == "_bucket") {
      const std::string of = labels.substr(0, labels.find("le="));
      EXPECT_TRUE(of != series || value >= last_bucket) << line;
      series = of;
      last_bucket = value;
    } else if (suffix == "_count") {
      EXPECT_EQ(value, last_bucket) << line;
    } else {
      EXPECT_EQ(suffix, "_sum") << line;
    }
  }
  return samples;
}

class MetricsTest : public testing::Test {
 protected:
  MetricsTest() {
    registry_.add(first_);
    registry_.add(second_);
    registry_.describe_build({"1.2.3", "avx2", "epoll"});
    registry_.describe_model({"linear", "ringmaker 1.2.3"});
  }
  std::map<std::string, double> read() { return read_strictly(registry_.exposition()); }

  ShardMetrics first_;
  ShardMetrics second_;
  MetricsRegistry registry_;
};

TEST_F(MetricsTest, AllThatIsPromisedIsThereBeforeAnythingHappened) {
  const auto samples = read();
  for (const char* name : {
           "ringmaker_rows_total",
           "ringmaker_batch_rows_count",
           "ringmaker_connections",
           "ringmaker_inflight_requests",
           "ringmaker_queue_rows",
           "ringmaker_errors_total{reason=\"payload\"}",
           "ringmaker_errors_total{reason=\"descriptors_exhausted\"}",
           "ringmaker_io_events_total{event=\"completion_overflows\"}",
           "ringmaker_io_events_total{event=\"buffers_exhausted\"}",
           "ringmaker_io_events_total{event=\"receive_rearms\"}",
           "ringmaker_request_duration_seconds_count{route=\"ping\"}",
           "ringmaker_request_duration_seconds_count{route=\"invocations\"}",
           "ringmaker_phase_seconds_count{phase=\"read\"}",
           "ringmaker_phase_seconds_count{phase=\"decode\"}",
           "ringmaker_phase_seconds_count{phase=\"wait\"}",
           "ringmaker_phase_seconds_count{phase=\"predict\"}",
           "ringmaker_phase_seconds_count{phase=\"encode\"}",
           "ringmaker_phase_seconds_count{phase=\"write\"}",
       }) {
    ASSERT_TRUE(samples.contains(name)) << name;
    EXPECT_EQ(samples.at(name), 0) << name;
  }
  EXPECT_EQ(samples.at("ringmaker_build_info{version=\"1.2.3\",isa=\"avx2\",io=\"epoll\"}"), 1);
  EXPECT_EQ(samples.at("ringmaker_model_info{name=\"default\",kind=\"linear\",version=\"ringmaker "
                       "1.2.3\"}"),
            1);
  EXPECT_GT(samples.at("process_resident_memory_bytes"), 0);
  EXPECT_GE(samples.at("process_virtual_memory_bytes"),
            samples.at("process_resident_memory_bytes"));
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(samples.at("process_start_time_seconds"), now + 1);
  EXPECT_GT(samples.at("process_start_time_seconds"), now - 24 * 3600);
  EXPECT_GE(samples.at("process_open_fds"), 1);
  EXPECT_LE(samples.at("process_open_fds"), samples.at("process_max_fds"));
}

TEST_F(MetricsTest, ShardsAreSummed) {
  first_.answered(Route::kInvocations, 200, 60'000);
  second_.answered(Route::kInvocations, 200, 2'000'000'000);
  second_.answered(Route::kInvocations, 400, 1'000);
  first_.rows.add(5);
  second_.rows.add(6);
  first_.batch_rows.record(3);
  second_.batch_rows.record(8);
  first_.connections.set(2);
  second_.connections.set(1);
  const auto samples = read();
  EXPECT_EQ(samples.at("ringmaker_requests_total{route=\"invocations\",code=\"200\"}"), 2);
  EXPECT_EQ(samples.at("ringmaker_requests_total{route=\"invocations\",code=\"400\"}"), 1);
  EXPECT_EQ(samples.at("ringmaker_rows_total"), 11);
  EXPECT_EQ(samples.at("ringmaker_batch_rows_bucket{le=\"4\"}"), 1);
  EXPECT_EQ(samples.at("ringmaker_batch_rows_sum"), 11);
  EXPECT_EQ(samples.at("ringmaker_connections"), 3);
  EXPECT_EQ(samples.at("ringmaker_request_duration_seconds_count{route=\"invocations\"}"), 3);
  EXPECT_NEAR(samples.at("ringmaker_request_duration_seconds_sum{route=\"invocations\"}"), 2.000061,
              1e-6);
}

TEST_F(MetricsTest, WhatTheBackendsMadeUpForIsSummed) {
  first_.completion_overflows.set(1);
  first_.buffers_exhausted.set(20);
  second_.buffers_exhausted.set(3);
  second_.receive_rearms.set(400);
  const auto samples = read();
  EXPECT_EQ(samples.at("ringmaker_io_events_total{event=\"completion_overflows\"}"), 1);
  EXPECT_EQ(samples.at("ringmaker_io_events_total{event=\"buffers_exhausted\"}"), 23);
  EXPECT_EQ(samples.at("ringmaker_io_events_total{event=\"receive_rearms\"}"), 400);
}

TEST_F(MetricsTest, WhatHttpRefusesItselfCountsForItsRouteButTakesNoTime) {
  first_.refused(Route::kInvocations, 413);
  second_.answered(Route::kInvocations, 413, 1);
  const auto samples = read();
  EXPECT_EQ(samples.at("ringmaker_requests_total{route=\"invocations\",code=\"413\"}"), 2);
  EXPECT_EQ(samples.at("ringmaker_request_duration_seconds_count{route=\"invocations\"}"), 1);
}

TEST_F(MetricsTest, EveryFailureHasOneReason) {
  first_.answered(Route::kInvocations, 200, 1);
  first_.answered(Route::kInvocations, 400, 1, ErrorReason::kPayload);
  first_.answered(Route::kInvocations, 400, 1);
  second_.refused(Route::kOther, 400);
  second_.refused(Route::kOther, 431);
  second_.error(ErrorReason::kClientGone).add();
  const auto samples = read();
  EXPECT_EQ(samples.at("ringmaker_errors_total{reason=\"payload\"}"), 1);
  EXPECT_EQ(samples.at("ringmaker_errors_total{reason=\"bad_request\"}"), 2);
  EXPECT_EQ(samples.at("ringmaker_errors_total{reason=\"head_too_large\"}"), 1);
  EXPECT_EQ(samples.at("ringmaker_errors_total{reason=\"client_gone\"}"), 1);
  EXPECT_EQ(first_.failures() + second_.failures(), 5U);
  EXPECT_EQ(first_.requests() + second_.requests(), 5U) << "who is gone was not answered";
}

}  // namespace
}  // namespace ringmaker::serve
