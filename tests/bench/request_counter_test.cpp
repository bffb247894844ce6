#include "bench/latency/request_counter.h"

#include "bench/latency/request_template.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ringmaker::latency {
namespace {

TEST(RequestCounter, LearnsTheSizeFromTheFirstRequest) {
  std::string request = post_request("/invocations", "text/csv", "1,2,3\n");
  RequestCounter counter;
  EXPECT_EQ(counter.count(request), 1u);
  EXPECT_EQ(counter.count(request + request), 2u);
}

TEST(RequestCounter, ARequestCountsOnceItsLastByteIsThere) {
  std::string request = get_request("/ping");
  RequestCounter counter;
  EXPECT_EQ(counter.count(request), 1u);
  EXPECT_EQ(counter.count(std::string_view(request).substr(0, 10)), 0u);
  EXPECT_EQ(counter.count(std::string_view(request).substr(10)), 1u);
}

TEST(RequestCounter, AGivenSizeNeedsNoHead) {
  RequestCounter counter(4);
  EXPECT_EQ(counter.count("abcdefgh"), 2u);
}

TEST(RequestTemplate, CsvHasTheRowsAndColumnsAskedFor) {
  std::string body = csv_body({.rows = 3, .features = 5, .seed = 1});
  EXPECT_EQ(std::count(body.begin(), body.end(), '\n'), 3);
  EXPECT_EQ(std::count(body.begin(), body.end(), ','), 12);
  EXPECT_EQ(body, csv_body({.rows = 3, .features = 5, .seed = 1}));
  EXPECT_NE(body, csv_body({.rows = 3, .features = 5, .seed = 2}));
}

TEST(RequestTemplate, ABodyOfASizeIsFilledWithWholeRows) {
  std::string body = csv_body_of_size(10'000, 7, 1);
  EXPECT_LE(body.size(), 10'000u);
  EXPECT_GT(body.size(), 9'900u);
  EXPECT_EQ(body.back(), '\n');
  EXPECT_EQ(csv_body_of_size(1, 2, 1), csv_body({.rows = 1, .features = 2, .seed = 1}));
}

TEST(RequestTemplate, JsonNamesInstancesAndFeatures) {
  std::string body = json_body({.rows = 2, .features = 1, .seed = 1});
  EXPECT_TRUE(body.starts_with("{\"instances\":[{\"features\":["));
  EXPECT_NE(body.find("]},{\"features\":["), std::string::npos);
  EXPECT_TRUE(body.ends_with("]}]}"));
}

}  // namespace
}  // namespace ringmaker::latency
