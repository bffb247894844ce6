// From what the user says to what a shard is made with.
#include "serve/shard_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

TEST(ShardOptionsTest, WhatRequestsMayHoldIsSharedOut) {
  config::ServeOptions options;
  options.held_bytes_max = 4'000'000;
  EXPECT_EQ(held_bytes_max(options), 4'000'000U);
  const auto made = make_shard_options(options, 4);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->http.held_bytes_max, 1'000'000U);
  EXPECT_EQ(made->invocations.held_bytes_max, 1'000'000U);
}

TEST(ShardOptionsTest, WhereNobodySaysItIsTwoFifthsOfTheMemory) {
  config::ServeOptions options;
  options.memory_bytes_max = 1'000'000;
  EXPECT_EQ(held_bytes_max(options), 400'000U);
}

TEST(ShardOptionsTest, ALimitOfBodiesThatIsGivenHoldsForAllAndUntouchedWhatHttpTakesForGranted) {
  config::ServeOptions options;
  const auto untouched = make_shard_options(options, 1);
  EXPECT_EQ(untouched->http.limits.body_bytes_max, uint64_t{100} << 20);
  EXPECT_EQ(untouched->http.limits.streamed_body_bytes_max, uint64_t{1} << 30);
  options.body_bytes_max = 5'000;
  const auto given = make_shard_options(options, 1);
  EXPECT_EQ(given->http.limits.body_bytes_max, 5'000U);
  EXPECT_EQ(given->http.limits.streamed_body_bytes_max, 5'000U);
  EXPECT_THAT(given->http.limits.body_too_large, HasSubstr("accepts, 5000 bytes (the option"));
  options.body_bytes_max = 1;
  EXPECT_THAT(make_shard_options(options, 1)->http.limits.body_too_large,
              HasSubstr("accepts, 1 byte (the option"));
}

TEST(ShardOptionsTest, ABatchTransformJobHasNoBoundOnBodiesAndNoDeadline) {
  config::ServeOptions options;
  options.batch = config::ServeOptions::Batch::kPlatform;
  options.queue_ms_max = 100;
  options.request_deadline_s = 60;
  const auto made = make_shard_options(options, 1);
  ASSERT_TRUE(made);
  EXPECT_GE(made->http.limits.streamed_body_bytes_max, uint64_t{1} << 60);
  EXPECT_TRUE(made->invocations.defaults.every_line_is_a_row);
  EXPECT_EQ(made->invocations.deadline_ns, InvocationOptions().deadline_ns);
}

TEST(ShardOptionsTest, OfAListOfTypesTheFirstThatCanBeWrittenIsTheDefault) {
  config::ServeOptions options;
  for (const auto& [list, format] : std::vector<std::pair<std::string, codec::Format>>{
           {"text/csv, application/json", codec::Format::kCsv},
           {"application/json, text/csv", codec::Format::kJson},
           {"image/png, application/jsonlines", codec::Format::kJsonLines},
           {"text/csv;q=0.5, application/x-npy", codec::Format::kNpy},
           {"csv", codec::Format::kCsv}}) {
    options.default_accept = list;
    const auto made = make_shard_options(options, 1);
    ASSERT_TRUE(made) << list;
    EXPECT_EQ(made->invocations.defaults.accept, format) << list;
  }
}

TEST(ShardOptionsTest, ATypeThatCannotBeWrittenIsRefusedByTheNameOfItsOrigin) {
  config::ServeOptions options;
  options.default_accept = "image/png";
  options.default_accept_origin = "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT";
  const auto made = make_shard_options(options, 1);
  ASSERT_FALSE(made);
  EXPECT_THAT(
      made.error().message(),
      HasSubstr("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT is \"image/png\", no type that can be "
                "written"));
}

TEST(ShardOptionsTest, TheKeeperIsGivenTheSameMemory) {
  config::ServeOptions options;
  options.memory_bytes_max = 1'000'000;
  options.models_dir = "/models";
  const Placement placement(2);
  const ModelKeeperOptions made = make_keeper_options(options, {}, 2, placement);
  EXPECT_EQ(made.memory.limit_bytes, 1'000'000U);
  EXPECT_EQ(made.memory.request_bytes, 400'000U);
  EXPECT_EQ(made.models_dir, "/models");
  EXPECT_EQ(made.shards, 2U);
}

}  // namespace
}  // namespace ringmaker::serve
