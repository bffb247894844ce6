#include "serve/endpoint_exchange.h"

#include "tests/serve/serve_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using http::BodyMode;
using http::Method;
using testing::Contains;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::Pair;

constexpr const char* kPath = "/endpoints/heart/invocations";

/// A server as it is outside of the platform.
class EndpointExchangeTest : public testing::Test {
 protected:
  EndpointExchangeTest() {
    rig_.state.runtime_api = true;
    rig_.state.ready = true;
  }

  ServeRig rig_{{.held_bytes_max = 60 * batch::BlockPool::kBlockBytes}};
};

FakeExchange request(std::string body, const char* path = kPath, FakeExchange::Fields fields = {}) {
  fields.emplace_back("Content-Type", "text/csv");
  return {Method::kPost, path, std::move(fields), std::move(body)};
}

TEST_F(EndpointExchangeTest, ScoresComeAsThePlatformHandsThemOn) {
  FakeExchange exchange =
      request("1,2\n3,4\n", kPath, {{"X-Amzn-SageMaker-Custom-Attributes", "trace=1"}});
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.answer, "3\n7\n");
  EXPECT_EQ(exchange.content_type, "text/csv");
  EXPECT_THAT(exchange.extra, Contains(Pair("x-Amzn-Invoked-Production-Variant", "AllTraffic")));
  EXPECT_THAT(exchange.extra, Contains(Pair("X-Amzn-SageMaker-Custom-Attributes", "trace=1")));
  EXPECT_THAT(exchange.extra,
              Contains(Pair("x-amzn-RequestId",
                            MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                         "[0-9a-f]{12}"))));
}

TEST_F(EndpointExchangeTest, WhatHttpTurnsDownIsAModelErrorToo) {
  for (const char* path : {kPath, "/endpoints/heart/invocations-response-stream"}) {
    FakeExchange exchange = request("", path);
    rig_.router.answer_refusal(exchange, {413, "the body is too large"});
    EXPECT_EQ(exchange.status, 424) << path;
    EXPECT_THAT(exchange.extra, Contains(Pair("x-amzn-ErrorType", "ModelError")));
    EXPECT_THAT(exchange.extra, Contains(Pair("x-amzn-RequestId", MatchesRegex("[0-9a-f-]{36}"))));
    EXPECT_THAT(exchange.answer,
                HasSubstr(R"("OriginalMessage":"the body is too large","OriginalStatusCode":413)"));
  }
  FakeExchange later = request("");
  rig_.router.answer_refusal(later, {503, "retry in a moment"});
  EXPECT_EQ(later.status, 503) << "clients try this again by themselves";
  FakeExchange elsewhere = request("", "/endpoints/heart");
  rig_.router.answer_refusal(elsewhere, {413, "the body is too large"});
  EXPECT_EQ(elsewhere.status, 413);
  rig_.state.runtime_api = false;
  FakeExchange hosted = request("");
  rig_.router.answer_refusal(hosted, {413, "the body is too large"});
  EXPECT_EQ(hosted.status, 413) << "there is no such path inside of the platform";
}

TEST_F(EndpointExchangeTest, AnErrorOfTheModelIsAModelError) {
  FakeExchange exchange = request("1,\"x\"\n");
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 424);
  EXPECT_EQ(exchange.content_type, "application/json");
  EXPECT_THAT(exchange.extra, Contains(Pair("x-amzn-ErrorType", "ModelError")));
  EXPECT_THAT(exchange.answer,
              HasSubstr(R"({"Message":"Received client error (400) from primary with message \")"));
  EXPECT_THAT(exchange.answer, HasSubstr(R"("OriginalStatusCode":400,"LogStreamArn":"")"));
  EXPECT_THAT(exchange.answer, HasSubstr(R"("OriginalMessage":"row 1, column 2)"));
  EXPECT_EQ(rig_.metrics.routes[static_cast<size_t>(Route::kInvocations)].by_status[400].value(),
            1U);
}

TEST_F(EndpointExchangeTest, LargeBodiesAndTheirAnswersComeInParts) {
  std::string body;
  for (int i = 0; i < 50'000; ++i) {
    body += "1,2\n";
  }
  FakeExchange exchange = request(body);
  exchange.room = 10'000;
  rig_.give(exchange, 32'768);
  rig_.settle();
  while (!exchange.complete) {
    exchange.room = exchange.answer.size() + 10'000;
    rig_.router.on_writable(exchange);
    rig_.settle();
  }
  EXPECT_EQ(exchange.answer.size(), 2 * 50'000U);
  EXPECT_THAT(exchange.extra, Contains(Pair("x-Amzn-Invoked-Production-Variant", "AllTraffic")));
}

TEST_F(EndpointExchangeTest, ACallerWhoGoesLeavesNothing) {
  FakeExchange small = request("1,2\n");
  rig_.give(small, 100);
  rig_.router.on_abandoned(small);
  FakeExchange large = request(std::string(100'000, '1'));
  ASSERT_EQ(rig_.router.on_head(large), BodyMode::kStream);
  rig_.router.on_body(large, "1,2\n", false);
  rig_.router.on_abandoned(large);
  rig_.settle();
  EXPECT_EQ(rig_.metrics.error(ErrorReason::kClientGone).value(), 2U);
  EXPECT_EQ(rig_.models.bytes_lent(), 0U);
}

TEST_F(EndpointExchangeTest, WhatIsNotAnsweredHereIsSaidInThePlatformsWords) {
  FakeExchange async = request("", "/endpoints/heart/async-invocations");
  EXPECT_EQ(rig_.router.on_head(async), BodyMode::kDiscard);
  EXPECT_EQ(async.status, 501);
  EXPECT_THAT(async.answer, HasSubstr("{\"Message\":\"asynchronous inference needs S3"));
  FakeExchange get(Method::kGet, kPath);
  EXPECT_EQ(rig_.router.on_head(get), BodyMode::kDiscard);
  EXPECT_EQ(get.status, 405);
}

TEST_F(EndpointExchangeTest, InsideThePlatformThereIsNoSuchPath) {
  rig_.state.runtime_api = false;
  FakeExchange exchange = request("1,2\n");
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 404);
  EXPECT_THAT(exchange.extra, Not(Contains(Pair("x-amzn-ErrorType", testing::_))));
}

}  // namespace
}  // namespace ringmaker::serve
