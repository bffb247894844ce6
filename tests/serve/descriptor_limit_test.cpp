// How many connections RLIMIT_NOFILE leaves; `ringmaker serve` under such limits: tests/contract.
#include "serve/descriptor_limit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

TEST(DescriptorLimit, WhatTheServerHoldsItselfIsKeptBack) {
  EXPECT_EQ(connections_allowed(1024, 2).value(), 1024U - 64U);
  EXPECT_EQ(connections_allowed(4096, 256).value(), 4096U - 24U - 4U * 256U) << "four a shard";
  EXPECT_EQ(connections_allowed(UINT64_MAX, 2).value(), 65'536U - 64U) << "RLIM_INFINITY";
}

TEST(DescriptorLimit, TheLeastLeavesEachShardAConnection) {
  for (const size_t shards : {1U, 2U, 10U, 11U, 256U}) {
    const uint64_t least = descriptors_min(shards);
    EXPECT_EQ(connections_allowed(least, shards).value(), shards);
    const auto refused = connections_allowed(least - 1, shards);
    ASSERT_FALSE(refused) << shards;
    EXPECT_EQ(refused.error().code(), base::ErrorCode::kPlatform);
    EXPECT_THAT(refused.error().message(), HasSubstr(std::to_string(least)));
  }
}

TEST(DescriptorLimit, TheSentenceSaysWhatThereIsAndWhatIsNeeded) {
  EXPECT_EQ(connections_allowed(32, 2).error().message(),
            "RLIMIT_NOFILE is 32, which leaves no descriptors for connections; 2 shards need at "
            "least 66, better 1024 (ulimit -n 1024)");
  EXPECT_THAT(connections_allowed(32, 1).error().message(), HasSubstr("1 shard needs at least 65"));
}

}  // namespace
}  // namespace ringmaker::serve
