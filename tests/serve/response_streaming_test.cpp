#include "serve/response_streaming.h"

#include "tests/serve/fake_exchange.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

bool asks(const char* name, const char* value) {
  const FakeExchange exchange(http::Method::kPost, "/invocations", {{name, value}});
  return asks_for_streaming(exchange.head());
}

TEST(ResponseStreaming, IsAskedForByTheForwardedApiOrByAnAttribute) {
  constexpr const char* kApi = "X-Amzn-SageMaker-Forwarded-Api";
  constexpr const char* kAttributes = "X-Amzn-SageMaker-Custom-Attributes";
  EXPECT_TRUE(asks(kApi, "InvokeEndpointWithResponseStream"));
  EXPECT_FALSE(asks(kApi, "InvokeEndpoint"));
  EXPECT_TRUE(asks(kAttributes, "stream=true"));
  EXPECT_TRUE(asks(kAttributes, "trace=4711; stream=True, outputs=raw_score"));
  EXPECT_FALSE(asks(kAttributes, "stream=false"));
  EXPECT_FALSE(asks(kAttributes, "upstream=true"));
  EXPECT_FALSE(asks(kAttributes, "stream=true1"));
  EXPECT_FALSE(asks("Accept", "stream=true"));
}

}  // namespace
}  // namespace ringmaker::serve
