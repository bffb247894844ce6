// Chunked bodies that never seem to end: their scores go out while they come.
#include "serve/invocation.h"
#include "serve/large_invocations.h"
#include "tests/codec/npy/npy_payload.h"
#include "tests/serve/serve_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace ringmaker::serve {
namespace {

using http::BodyMode;
using testing::EndsWith;
using testing::HasSubstr;

/// So much is scored before there is a status.
constexpr size_t kHeld = kScoredBeforeStatus;
constexpr size_t kPiece = 32 * 1024;
constexpr size_t kRows = 1'000'000;

/// Rows "i,1", whose scores are i + 1.
const std::string& long_body() {
  static const std::string body = [] {
    std::string text;
    for (size_t i = 0; i < kRows; ++i) {
      text += std::to_string(i) + ",1\n";
    }
    return text;
  }();
  return body;
}

void make_chunked(FakeExchange& exchange) {
  exchange.edit_head().content_length.reset();
  exchange.edit_head().chunked = true;
}

void begin_chunked(ServeRig& rig, FakeExchange& exchange) {
  make_chunked(exchange);
  ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
}

/// Gives pieces from `at` on up to `end`, as a connection would: none while the body is paused.
void give_until(ServeRig& rig, FakeExchange& exchange, size_t& at, size_t end) {
  const std::string_view body = exchange.body();
  while (at < end && !exchange.complete && !exchange.aborted) {
    rig.settle();
    ASSERT_FALSE(exchange.paused) << "nothing is left to do, and nothing comes";
    const std::string_view piece = body.substr(at, kPiece);
    at += piece.size();
    rig.router.on_body(exchange, piece, at == body.size());
    rig.turn();
  }
}

std::string answer_to(const std::string& accept, bool chunked) {
  ServeRig rig;
  FakeExchange exchange = csv(long_body(), {{"Accept", accept}});
  if (chunked) {
    make_chunked(exchange);
  }
  EXPECT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
  size_t at = 0;
  give_until(rig, exchange, at, kHeld - kPiece);
  EXPECT_EQ(exchange.status, 0) << "an error may still come";
  give_until(rig, exchange, at, long_body().size() - kPiece);
  EXPECT_EQ(exchange.status, chunked && accept != "application/x-npy" ? 200 : 0) << accept;
  give_until(rig, exchange, at, long_body().size());
  rig.settle();
  EXPECT_EQ(exchange.status, 200);
  EXPECT_TRUE(exchange.complete);
  EXPECT_EQ(rig.metrics.rows.value(), kRows);
  EXPECT_EQ(rig.models.bytes_lent(), 0U);
  return exchange.answer;
}

TEST(FlowingAnswer, IsTheOneThatACountedBodyGets) {
  for (const char* accept : {"text/csv", "application/json", "application/jsonlines",
                             "application/x-recordio-protobuf", "application/x-npy"}) {
    EXPECT_TRUE(answer_to(accept, true) == answer_to(accept, false)) << accept;
  }
}

TEST(FlowingAnswer, BeginsWithTheFirstScoresWhereStreamingIsAskedFor) {
  for (const bool chunked : {true, false}) {
    ServeRig rig;
    FakeExchange exchange =
        csv(long_body(), {{"X-Amzn-SageMaker-Custom-Attributes", "stream=true"}});
    if (chunked) {
      make_chunked(exchange);
    }
    ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
    size_t at = 0;
    give_until(rig, exchange, at, 10 * kPiece);
    EXPECT_EQ(exchange.status, 200);
    EXPECT_FALSE(exchange.sized);
    const uint64_t scored = rig.metrics.rows.value();
    EXPECT_GT(std::count(exchange.answer.begin(), exchange.answer.end(), '\n'), 0);
    EXPECT_LT(scored, kRows / 10) << "later rows are not even here";
    give_until(rig, exchange, at, exchange.body().size());
    rig.settle();
    EXPECT_TRUE(exchange.complete);
    EXPECT_EQ(std::count(exchange.answer.begin(), exchange.answer.end(), '\n'), kRows);
  }
}

TEST(FlowingAnswer, OfASmallBodyTooLeavesRowByRowWhereAModelIsSlow) {
  ServeRig rig;
  rig.predictor.while_scoring = [&rig](size_t rows) { rig.clock.advance_ms(rows); };
  FakeExchange warm = csv("1,2\n");
  rig.ask(warm);  // now it is known to be slow
  const std::string body = "1,2\n3,4\n5,6\n";
  FakeExchange whole = csv(body);
  rig.ask(whole);
  EXPECT_TRUE(whole.sized) << "who does not ask is answered as a whole";

  FakeExchange exchange = csv(body, {{"X-Amzn-SageMaker-Custom-Attributes", "stream=true"}});
  rig.give(exchange, body.size());
  for (const char* answer : {"3\n", "3\n7\n", "3\n7\n11\n"}) {
    rig.turn();
    EXPECT_EQ(exchange.answer, answer);
  }
  EXPECT_FALSE(exchange.sized);
  EXPECT_TRUE(exchange.complete);
}

TEST(FlowingAnswer, OfASmallBodyTooBeginsBeforeTheBodyEnds) {
  ServeRig rig;
  FakeExchange exchange =
      csv("1,2\n3,4\n", {{"X-Amzn-SageMaker-Custom-Attributes", "stream=true"}});
  ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream);
  rig.router.on_body(exchange, "1,2\n", false);
  rig.settle();
  EXPECT_EQ(exchange.answer, "3\n");
  rig.router.on_body(exchange, "3,4\n", true);
  rig.settle();
  EXPECT_EQ(exchange.answer, "3\n7\n");
  EXPECT_TRUE(exchange.complete);
}

TEST(FlowingAnswer, IsWholeWhereAllScoresAreMadeAtOnce) {
  ServeRig rig;
  FakeExchange exchange =
      csv("1,2\n3,4\n", {{"X-Amzn-SageMaker-Custom-Attributes", "stream=true"}});
  rig.ask(exchange);
  EXPECT_TRUE(exchange.sized);
  EXPECT_EQ(exchange.answer, "3\n7\n");
}

TEST(FlowingAnswer, HasSelectedOutputsToo) {
  constexpr const char* kAttributes = "X-Amzn-SageMaker-Custom-Attributes";
  for (const bool chunked : {true, false}) {
    ServeRig rig;
    FakeExchange exchange =
        csv(long_body(), {{kAttributes, "outputs=raw_score"}, {"Accept", "application/json"}});
    if (chunked) {
      make_chunked(exchange);
    }
    ASSERT_EQ(rig.router.on_head(exchange), BodyMode::kStream) << exchange.answer;
    size_t at = 0;
    give_until(rig, exchange, at, long_body().size());
    rig.settle();
    EXPECT_EQ(std::count(exchange.answer.begin(), exchange.answer.end(), '{'), kRows + 1);
    EXPECT_THAT(exchange.answer, EndsWith("{\"raw_score\":1000000}]}"));
  }
}

TEST(FlowingAnswer, HoldsNoMoreForALongerBody) {
  ServeRig rig;
  FakeExchange exchange = csv(long_body());
  begin_chunked(rig, exchange);
  size_t at = 0;
  give_until(rig, exchange, at, kHeld);
  uint64_t held_max = 0;
  while (at < long_body().size()) {
    give_until(rig, exchange, at, at + 1);
    rig.settle();
    held_max = std::max(held_max, rig.models.bytes_lent());
  }
  EXPECT_LE(held_max, 4 * batch::BlockPool::kBlockBytes);
}

TEST(FlowingAnswer, AModelWhoseAnswersAreLongHoldsTheBodyBack) {
  ServeRig rig;
  FakeExchange exchange = csv(long_body());
  begin_chunked(rig, exchange);
  size_t at = 0;
  give_until(rig, exchange, at, 5'000'000);
  ASSERT_EQ(exchange.status, 200);
  // Without a turn between them, pieces pile up until the peer is told.
  while (at < long_body().size() && !exchange.paused) {
    rig.router.on_body(exchange, std::string_view(long_body()).substr(at, kPiece), false);
    at += kPiece;
  }
  EXPECT_TRUE(exchange.paused);
  rig.settle();
  EXPECT_FALSE(exchange.paused);
  rig.router.on_abandoned(exchange);
}

TEST(FlowingAnswer, APeerThatWritesAllBeforeItReadsIsServedToo) {
  ServeRig rig;
  FakeExchange exchange = csv(long_body());
  exchange.room = 100'000;
  begin_chunked(rig, exchange);
  size_t at = 0;
  give_until(rig, exchange, at, long_body().size());
  rig.settle();
  EXPECT_EQ(exchange.status, 200);
  EXPECT_FALSE(exchange.complete);
  EXPECT_LT(exchange.answer.size(), 200'000U) << "the rest waits as numbers";
  exchange.room = SIZE_MAX;
  rig.router.on_writable(exchange);
  rig.settle();
  EXPECT_TRUE(exchange.complete);
  EXPECT_EQ(std::count(exchange.answer.begin(), exchange.answer.end(), '\n'), kRows);
}

TEST(FlowingAnswer, ABadRowBehindTheStatusCutsIt) {
  for (const bool late : {false, true}) {
    ServeRig rig;
    std::string body = long_body();
    body.insert(body.find(late ? "800000,1\n" : "100,1\n"), "1,2,3\n");
    FakeExchange exchange = csv(body);
    begin_chunked(rig, exchange);
    size_t at = 0;
    give_until(rig, exchange, at, late ? body.size() : kPiece);
    rig.settle();
    EXPECT_EQ(exchange.aborted, late);
    EXPECT_EQ(exchange.status, late ? 200 : 400);
    if (late) {
      EXPECT_FALSE(exchange.complete);
      EXPECT_LE(std::count(exchange.answer.begin(), exchange.answer.end(), '\n'), 800'000);
    } else {
      EXPECT_THAT(exchange.answer, HasSubstr("row 101"));
    }
    EXPECT_EQ(rig.metrics.error(ErrorReason::kPayload).value(), 1U);
    EXPECT_EQ(rig.models.bytes_lent(), 0U);
    EXPECT_FALSE(rig.invocations.work_pending());
  }
}

TEST(FlowingAnswer, BadRecordsAreMarkedAsTheyCome) {
  ServeRig rig({.mark_bad_records = true});
  std::string body = long_body();
  body.insert(body.find("800000,1\n"), "1,2,3\n");
  FakeExchange exchange = csv(body);
  begin_chunked(rig, exchange);
  size_t at = 0;
  give_until(rig, exchange, at, body.size());
  rig.settle();
  EXPECT_TRUE(exchange.complete);
  EXPECT_THAT(exchange.answer, HasSubstr("\n800000\n\"error: row 800001 has 3 values"));
  EXPECT_EQ(std::count(exchange.answer.begin(), exchange.answer.end(), '\n'), kRows + 1);
}

TEST(FlowingAnswer, OutputsNamedBehindTheStatusCutIt) {
  ServeRig rig;
  std::string body = R"({"instances":[[0,1])";
  while (body.size() < kHeld + 1'000'000) {
    body += ",[0,1]";
  }
  body += R"(],"outputs":["raw_score"]})";
  FakeExchange exchange(http::Method::kPost, "/invocations", {{"Content-Type", "application/json"}},
                        std::move(body));
  begin_chunked(rig, exchange);
  size_t at = 0;
  give_until(rig, exchange, at, exchange.body().size());
  EXPECT_EQ(exchange.status, 200);
  EXPECT_TRUE(exchange.aborted);
}

TEST(FlowingAnswer, MoreUnreadScoresThanMayBeHeldCutIt) {
  ServeRig rig({.held_bytes_max = 60 * batch::BlockPool::kBlockBytes});
  std::string body = long_body();
  body += body;
  FakeExchange exchange = csv(body);
  exchange.room = 1;
  begin_chunked(rig, exchange);
  size_t at = 0;
  give_until(rig, exchange, at, body.size());
  EXPECT_EQ(exchange.status, 200);
  EXPECT_TRUE(exchange.aborted);
  EXPECT_EQ(rig.models.bytes_lent(), 0U);
}

TEST(FlowingAnswer, OneWhosePeerGoesLeavesNothing) {
  ServeRig rig;
  FakeExchange exchange = csv(long_body());
  begin_chunked(rig, exchange);
  size_t at = 0;
  give_until(rig, exchange, at, 6'000'000);
  ASSERT_EQ(exchange.status, 200);
  rig.router.on_abandoned(exchange);
  rig.settle();
  EXPECT_EQ(rig.models.bytes_lent(), 0U);
  EXPECT_EQ(rig.metrics.error(ErrorReason::kClientGone).value(), 1U);
}

}  // namespace
}  // namespace ringmaker::serve
