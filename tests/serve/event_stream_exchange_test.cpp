// InvokeEndpointWithResponseStream, as a caller finds it where there is no platform.
#include "serve/event_stream_exchange.h"

#include "tests/serve/serve_rig.h"
#include "tests/support/event_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker::serve {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Pair;

constexpr const char* kPath = "/endpoints/heart/invocations-response-stream";

class EventStreamExchangeTest : public testing::Test {
 protected:
  EventStreamExchangeTest() {
    rig_.state.runtime_api = true;
    rig_.state.ready = true;
  }

  ServeRig rig_;
};

FakeExchange request(std::string body, FakeExchange::Fields fields = {}) {
  fields.emplace_back("Content-Type", "text/csv");
  return {http::Method::kPost, kPath, std::move(fields), std::move(body)};
}

std::vector<test::StreamEvent> events_of(const FakeExchange& exchange) {
  const auto events = test::read_events(exchange.answer);
  EXPECT_TRUE(events) << "no event stream: " << exchange.answer;
  return events.value_or(std::vector<test::StreamEvent>{});
}

TEST_F(EventStreamExchangeTest, ScoresAreAPayloadPart) {
  FakeExchange exchange =
      request("1,2\n3,4\n", {{"X-Amzn-SageMaker-Custom-Attributes", "trace=1"}});
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 200);
  EXPECT_EQ(exchange.content_type, "application/vnd.amazon.eventstream");
  EXPECT_THAT(exchange.extra, Contains(Pair("X-Amzn-SageMaker-Content-Type", "text/csv")));
  EXPECT_THAT(exchange.extra, Contains(Pair("x-Amzn-Invoked-Production-Variant", "AllTraffic")));
  EXPECT_THAT(exchange.extra, Contains(Pair("X-Amzn-SageMaker-Custom-Attributes", "trace=1")));
  const auto events = events_of(exchange);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_THAT(events[0].headers,
              testing::UnorderedElementsAre(Pair(":message-type", "event"),
                                            Pair(":event-type", "PayloadPart"),
                                            Pair(":content-type", "application/octet-stream")));
  EXPECT_EQ(events[0].payload, "3\n7\n");
}

TEST_F(EventStreamExchangeTest, TheApisOwnFieldSaysWhatIsAccepted) {
  FakeExchange exchange = request("1,2\n", {{"Accept", "application/vnd.amazon.eventstream"},
                                            {"X-Amzn-SageMaker-Accept", "application/jsonlines"}});
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 200) << exchange.answer;
  EXPECT_THAT(exchange.extra,
              Contains(Pair("X-Amzn-SageMaker-Content-Type", "application/jsonlines")));
  EXPECT_EQ(test::joined_parts(events_of(exchange)), "{\"score\":3}\n");
  FakeExchange other = request("1,2\n", {{"X-Amzn-SageMaker-Accept", "image/png"}});
  rig_.ask(other);
  EXPECT_EQ(other.status, 424);
  EXPECT_THAT(other.answer, HasSubstr("\"OriginalStatusCode\":406"));
}

TEST_F(EventStreamExchangeTest, TheFirstScoresComeBeforeTheLastRows) {
  FakeExchange exchange = request("");
  exchange.edit_head().content_length = 10 << 20U;
  ASSERT_EQ(rig_.router.on_head(exchange), http::BodyMode::kStream);
  std::string rows;
  for (int i = 0; i < 2'000; ++i) {
    rows += "1,2\n";
  }
  rig_.router.on_body(exchange, rows, false);
  rig_.settle();
  EXPECT_EQ(exchange.status, 200);
  EXPECT_FALSE(exchange.complete);
  EXPECT_THAT(test::joined_parts(events_of(exchange)), testing::StartsWith("3\n3\n"));
  rig_.router.on_body(exchange, "3,4\n", true);
  rig_.settle();
  EXPECT_TRUE(exchange.complete);
  const std::string scores = test::joined_parts(events_of(exchange));
  EXPECT_EQ(scores.size(), 2 * 2'001U);
  EXPECT_THAT(scores, testing::EndsWith("3\n7\n"));
}

TEST_F(EventStreamExchangeTest, AnErrorBeforeTheFirstScoreIsAModelErrorOf424) {
  FakeExchange exchange = request("1,\"x\"\n");
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 424);
  EXPECT_EQ(exchange.content_type, "application/json");
  EXPECT_THAT(exchange.extra, Contains(Pair("x-amzn-ErrorType", "ModelError")));
  EXPECT_THAT(exchange.answer, HasSubstr(R"("OriginalMessage":"row 1, column 2)"));
}

TEST_F(EventStreamExchangeTest, AnErrorBehindScoresIsAModelStreamErrorThatSaysWhy) {
  FakeExchange exchange = request("");
  exchange.edit_head().content_length = 10 << 20U;
  ASSERT_EQ(rig_.router.on_head(exchange), http::BodyMode::kStream);
  rig_.router.on_body(exchange, "1,2\n3,4\n", false);
  rig_.settle();
  rig_.router.on_body(exchange, "1,x\n", false);
  EXPECT_TRUE(exchange.complete) << "in order: the event says that there is no more";
  EXPECT_FALSE(exchange.aborted);
  const auto events = events_of(exchange);
  ASSERT_GE(events.size(), 2U);
  EXPECT_EQ(test::joined_parts(events), "3\n7\n");
  EXPECT_THAT(events.back().headers, Contains(Pair(":message-type", "exception")));
  EXPECT_THAT(events.back().headers, Contains(Pair(":exception-type", "ModelStreamError")));
  EXPECT_THAT(events.back().payload, HasSubstr(R"({"Message":"row 3, column 2)"));
  EXPECT_THAT(events.back().payload, HasSubstr(R"("ErrorCode":"StreamBroken")"));
}

TEST_F(EventStreamExchangeTest, AStreamUsesASessionAndOpensNone) {
  FakeExchange exchange = request("1,2\n", {{"X-Amzn-SageMaker-Session-Id", "NEW_SESSION"}});
  rig_.ask(exchange);
  EXPECT_EQ(exchange.status, 400);
  EXPECT_THAT(exchange.extra, Contains(Pair("x-amzn-ErrorType", "ValidationError")));
}

TEST_F(EventStreamExchangeTest, ACallerWhoGoesLeavesNothing) {
  FakeExchange exchange = request("");
  exchange.edit_head().content_length = 10 << 20U;
  ASSERT_EQ(rig_.router.on_head(exchange), http::BodyMode::kStream);
  rig_.router.on_body(exchange, "1,2\n3,4\n", false);
  rig_.settle();
  rig_.router.on_abandoned(exchange);
  EXPECT_EQ(rig_.models.bytes_lent(), 0U);
}

}  // namespace
}  // namespace ringmaker::serve
