// Sessions: what opens, uses and closes one, on one shard and told to others.
#include "serve/session_route.h"

#include "serve/session_exchange.h"
#include "tests/serve/serve_rig.h"
#include "tests/support/coded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr const char* kHeader = "X-Amzn-SageMaker-Session-Id";
constexpr const char* kOpen = R"({"requestType":"NEW_SESSION"})";
constexpr const char* kClose = R"({"requestType":"CLOSE"})";

FakeExchange in_session(std::string id, std::string body, std::string path = "/invocations") {
  return {http::Method::kPost,
          std::move(path),
          {{"Content-Type", "text/csv"}, {kHeader, std::move(id)}},
          std::move(body)};
}

std::string value_of(const FakeExchange& exchange, std::string_view name) {
  for (const auto& [field, value] : exchange.extra) {
    if (field == name) {
      return value;
    }
  }
  return {};
}

std::string open_session(ServeRig& rig, const std::string& body = kOpen) {
  FakeExchange exchange = in_session("NEW_SESSION", body);
  rig.ask(exchange);
  EXPECT_EQ(exchange.status, 200) << exchange.answer;
  const std::string value = value_of(exchange, "X-Amzn-SageMaker-New-Session-Id");
  return value.substr(0, value.find(';'));
}

/// So that the next session is the last that may be open.
void leave_one_place(ServeRig& rig) {
  while (rig.sessions_open.enter()) {
  }
  rig.sessions_open.leave();
}

TEST(SessionRoute, ASessionIsOpenedUsedAndClosed) {
  ServeRig rig;
  FakeExchange opened = in_session("NEW_SESSION", kOpen);
  rig.ask(opened);
  EXPECT_EQ(opened.status, 200);
  const std::string value = value_of(opened, kHeader);
  EXPECT_THAT(value, testing::MatchesRegex("[0-9a-f]+; Expires=[0-9]+-[0-9]+-[0-9]+T[0-9:]+Z"));
  EXPECT_EQ(value_of(opened, "X-Amzn-SageMaker-New-Session-Id"), value) << "both spellings";
  EXPECT_THAT(rig.predictor.calls, IsEmpty()) << "it was no payload";

  const std::string id = value.substr(0, value.find(';'));
  FakeExchange used = in_session(id, "1,2\n");
  rig.ask(used);
  EXPECT_EQ(used.answer, "3\n");
  EXPECT_THAT(used.extra, IsEmpty());

  FakeExchange closed = in_session(id, kClose);
  rig.ask(closed);
  EXPECT_EQ(closed.status, 200);
  EXPECT_THAT(closed.extra, Contains(Pair("X-Amzn-SageMaker-Closed-Session-Id", id)));

  FakeExchange late = in_session(id, "1,2\n");
  rig.ask(late);
  EXPECT_EQ(late.status, 400);
  EXPECT_THAT(late.answer, HasSubstr("NEW_SESSION"));
}

TEST(SessionRoute, APayloadMayOpenASessionWhereItIsScored) {
  ServeRig rig;
  std::string many;
  for (int i = 0; i < 20'000; ++i) {
    many += "1,2\n";
  }
  for (const std::string& body : {std::string("1,2\n"), many}) {
    FakeExchange exchange = in_session("NEW_SESSION", body);
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 200);
    EXPECT_THAT(exchange.answer, testing::StartsWith("3\n"));
    EXPECT_THAT(value_of(exchange, kHeader), HasSubstr("; Expires="));
  }
  FakeExchange bad = in_session("NEW_SESSION", "1,2,3\n");
  rig.ask(bad);
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(value_of(bad, kHeader), "");
}

TEST(SessionRoute, NoBodyOpensASessionAndAsksForNothingElse) {
  ServeRig rig;
  FakeExchange opened = in_session("NEW_SESSION", "");
  rig.ask(opened);
  EXPECT_EQ(opened.status, 200) << opened.answer;
  EXPECT_EQ(opened.answer, "{\"session\":\"opened\"}\n");
  const std::string value = value_of(opened, kHeader);
  EXPECT_THAT(value, HasSubstr("; Expires="));
  FakeExchange used = in_session(value.substr(0, value.find(';')), "");
  rig.ask(used);
  EXPECT_EQ(used.status, 400) << "in a session it is a payload without rows";
  EXPECT_THAT(used.answer, HasSubstr("the payload holds no rows"));
}

TEST(SessionRoute, WhatIsAskedOfASessionNeedsItsId) {
  ServeRig rig;
  for (const char* body : {kOpen, kClose}) {
    for (const char* type : {"application/json", "text/csv"}) {
      FakeExchange exchange(http::Method::kPost, "/invocations", {{"Content-Type", type}}, body);
      rig.ask(exchange);
      EXPECT_EQ(exchange.status, 400);
      EXPECT_THAT(exchange.answer, HasSubstr("no header field X-Amzn-SageMaker-Session-Id"));
    }
  }
}

TEST(SessionRoute, UnknownAndMalformedIdsAre400BeforeTheBodyIsRead) {
  ServeRig rig;
  const std::string id = open_session(rig);
  for (const std::string& other :
       {std::string("unknown"), id + "0", std::string(46, '0'), std::string("new_session")}) {
    FakeExchange exchange = in_session(other, "1,2\n");
    EXPECT_EQ(rig.router.on_head(exchange), http::BodyMode::kDiscard);
    EXPECT_EQ(exchange.status, 400) << other;
  }
}

TEST(SessionRoute, ASessionExpires) {
  ServeRig rig;
  const std::string id = open_session(rig);
  rig.pass(1'199 * base::kNanosecondsPerSecond);
  FakeExchange before = in_session(id, "1,2\n");
  rig.ask(before);
  EXPECT_EQ(before.status, 200);
  rig.pass(2 * base::kNanosecondsPerSecond);
  FakeExchange after = in_session(id, "1,2\n");
  rig.ask(after);
  EXPECT_EQ(after.status, 400);
}

TEST(SessionRoute, RequestTypesAskForWhatTheIdAllows) {
  ServeRig rig;
  const std::string id = open_session(rig);
  for (const auto& [asked, body] : {std::pair<std::string, std::string>(id, kOpen),
                                    {"NEW_SESSION", kClose},
                                    {id, R"({"requestType":"PAUSE"})"}}) {
    FakeExchange exchange = in_session(asked, body);
    rig.ask(exchange);
    EXPECT_EQ(exchange.status, 400) << body;
    EXPECT_THAT(exchange.answer, HasSubstr("requestType"));
  }
}

TEST(SessionRoute, AnInvocationWhoseAnswerIsAStreamUsesASessionAndOpensNone) {
  ServeRig rig;
  const std::string id = open_session(rig);
  const auto streamed = [](const std::string& session) {
    return FakeExchange(http::Method::kPost, "/invocations",
                        {{"Content-Type", "text/csv"},
                         {kHeader, session},
                         {"X-Amzn-SageMaker-Forwarded-Api", "InvokeEndpointWithResponseStream"}},
                        "1,2\n");
  };
  FakeExchange opens = streamed("NEW_SESSION");
  rig.ask(opens);
  EXPECT_EQ(opens.status, 400);
  EXPECT_THAT(opens.answer, HasSubstr("open it with an invocation"));
  EXPECT_EQ(value_of(opens, kHeader), "");
  FakeExchange uses = streamed(id);
  rig.ask(uses);
  EXPECT_EQ(uses.status, 200);
  EXPECT_EQ(uses.answer, "3\n");
}

TEST(SessionRoute, BodiesInChunksOpenUseAndCloseSessionsToo) {
  ServeRig rig;
  leave_one_place(rig);
  const auto in_chunks = [&](const std::string& session, const std::string& body, size_t size) {
    auto exchange = std::make_unique<FakeExchange>(
        http::Method::kPost, "/invocations",
        FakeExchange::Fields{{"Content-Type", "application/json"}, {kHeader, session}}, body);
    exchange->edit_head().content_length.reset();
    exchange->edit_head().chunked = true;
    rig.give(*exchange, size);
    rig.settle();
    return exchange;
  };
  const std::string payload = R"({"instances":[[1,2]]})";
  const std::string long_payload = payload + std::string(2'000, ' ');
  for (const size_t size : {size_t{5}, size_t{10'000}}) {
    const auto opened = in_chunks("NEW_SESSION", kOpen, size);
    const std::string value = value_of(*opened, kHeader);
    ASSERT_NE(value, "") << opened->answer;
    EXPECT_THAT(rig.predictor.calls, IsEmpty()) << "it was no payload";
    const std::string id = value.substr(0, value.find(';'));
    for (const std::string& body : {payload, long_payload}) {
      EXPECT_EQ(in_chunks(id, body, size)->answer, R"({"predictions":[{"score":3}]})");
    }
    rig.predictor.calls.clear();
    const auto closed = in_chunks(id, kClose, size);
    EXPECT_EQ(value_of(*closed, "X-Amzn-SageMaker-Closed-Session-Id"), id) << closed->answer;
  }
}

TEST(SessionRoute, CodedBodiesOpenUseAndCloseSessionsToo) {
  ServeRig rig;
  const auto coded = [](const std::string& session, const std::string& body) {
    return FakeExchange(
        http::Method::kPost, "/invocations",
        {{"Content-Type", "text/csv"}, {"Content-Encoding", "gzip"}, {kHeader, session}},
        test::coded(wire::Coding::kGzip, body));
  };
  FakeExchange opened = coded("NEW_SESSION", kOpen);
  rig.ask(opened);
  const std::string value = value_of(opened, kHeader);
  ASSERT_NE(value, "") << opened.answer;
  const std::string id = value.substr(0, value.find(';'));
  FakeExchange used = coded(id, "1,2\n");
  rig.ask(used);
  EXPECT_EQ(used.answer, "3\n");
  FakeExchange closed = coded(id, kClose);
  rig.ask(closed);
  EXPECT_EQ(closed.status, 200) << closed.answer;
  EXPECT_EQ(value_of(closed, "X-Amzn-SageMaker-Closed-Session-Id"), id);
  FakeExchange late = coded(id, "1,2\n");
  rig.ask(late);
  EXPECT_EQ(late.status, 400);
}

TEST(SessionRoute, OneWhoGoesBeforeItsBodyLeavesNothing) {
  ServeRig rig;
  leave_one_place(rig);
  FakeExchange exchange = in_session("NEW_SESSION", kOpen);
  ASSERT_EQ(rig.router.on_head(exchange), http::BodyMode::kCollect);
  EXPECT_TRUE(rig.sessions.holds(exchange));
  rig.router.on_abandoned(exchange);
  EXPECT_FALSE(rig.sessions.holds(exchange));
  EXPECT_EQ(rig.metrics.error(ErrorReason::kClientGone).value(), 1U);
  EXPECT_NE(open_session(rig), "");
}

TEST(SessionRoute, OneWhoGoesWithinItsPayloadLeavesNothing) {
  ServeRig rig;
  rig.state.runtime_api = true;
  rig.state.ready = true;
  leave_one_place(rig);
  std::string many;
  for (int i = 0; i < 20'000; ++i) {
    many += "1,2\n";
  }
  for (const char* path : {"/invocations", "/endpoints/any/invocations"}) {
    for (const std::string& body : {std::string(2'000, ' '), many}) {
      FakeExchange exchange = in_session("NEW_SESSION", body, path);
      const http::BodyMode mode = rig.router.on_head(exchange);
      ASSERT_NE(mode, http::BodyMode::kDiscard) << exchange.answer;
      if (mode == http::BodyMode::kStream) {
        rig.router.on_body(exchange, body.substr(0, 100), false);
      }
      rig.router.on_abandoned(exchange);
      rig.settle();
    }
  }
  EXPECT_NE(open_session(rig), "");
}

TEST(SessionRoute, AnOpenSessionKeepsItsPlace) {
  ServeRig rig;
  leave_one_place(rig);
  EXPECT_NE(open_session(rig), "");
  FakeExchange late = in_session("NEW_SESSION", kOpen);
  rig.ask(late);
  EXPECT_EQ(late.status, 503);
}

TEST(SessionRoute, TheClientsOfTheApiHaveSessionsToo) {
  ServeRig rig;
  rig.state.runtime_api = true;
  rig.state.ready = true;
  FakeExchange opened = in_session("NEW_SESSION", kOpen, "/endpoints/any/invocations");
  rig.ask(opened);
  EXPECT_EQ(opened.status, 200) << opened.answer;
  const std::string value = value_of(opened, "X-Amzn-SageMaker-New-Session-Id");
  FakeExchange used =
      in_session(value.substr(0, value.find(';')), "1,2\n", "/endpoints/any/invocations");
  rig.ask(used);
  EXPECT_EQ(used.answer, "3\n");
  FakeExchange unknown = in_session("unknown", "1,2\n", "/endpoints/any/invocations");
  rig.ask(unknown);
  EXPECT_EQ(unknown.status, 424);
}

/// Two shards whose mailboxes are told by hand.
struct TwoShardsOfSessions {
  TwoShardsOfSessions() {
    for (size_t shard = 0; shard < 2; ++shard) {
      routes.push_back(std::make_unique<SessionRoute>(
          shard, SessionOptions{.shards = 2, .key = {1, 2}}, sessions_open, rig.reactor(),
          rig.models, rig.invocations, [this](size_t to, SessionClosing& closing) {
            if (full) {
              return false;
            }
            mail.emplace_back(to, &closing);
            return true;
          }));
    }
  }
  void ask(size_t shard, FakeExchange& exchange) {
    SessionRoute& route = *routes[shard];
    const auto mode = route.on_head(exchange, *rig.models.own(), Route::kInvocations);
    if (mode == http::BodyMode::kCollect) {
      if (route.holds(exchange)) {
        route.on_request(exchange, exchange.body());
      } else {
        rig.invocations.on_request(exchange, exchange.body());
      }
    }
    rig.settle();
  }
  int status(size_t shard, const std::string& id, const std::string& body = "1,2\n") {
    FakeExchange exchange = in_session(id, body);
    ask(shard, exchange);
    return exchange.status;
  }
  std::string open(size_t shard) {
    FakeExchange exchange = in_session("NEW_SESSION", kOpen);
    ask(shard, exchange);
    const std::string value = value_of(exchange, kHeader);
    return value.substr(0, value.find(';'));
  }
  void deliver() {
    for (const auto& [to, closing] : std::exchange(mail, {})) {
      routes[to]->heed(*closing);
    }
    for (const auto& route : routes) {
      route->work();
    }
  }

  ServeRig rig;
  SessionCount sessions_open{4};
  bool full = false;
  std::vector<std::pair<size_t, SessionClosing*>> mail;
  std::vector<std::unique_ptr<SessionRoute>> routes;
};

TEST(SessionRoute, AConnectionMayComeToAnyShard) {
  TwoShardsOfSessions shards;
  const std::string id = shards.open(0);
  EXPECT_EQ(shards.status(0, id), 200);
  EXPECT_EQ(shards.status(1, id), 200);
}

TEST(SessionRoute, AClosedSessionIsOverOnEveryShardWhenItsCloseIsAnswered) {
  for (const size_t closing_shard : {0U, 1U}) {
    TwoShardsOfSessions shards;
    const std::string id = shards.open(0);
    FakeExchange close = in_session(id, kClose);
    shards.ask(closing_shard, close);
    EXPECT_EQ(close.status, 0) << "the other has not heard of it";
    EXPECT_TRUE(shards.routes[closing_shard]->work_pending());
    shards.deliver();
    EXPECT_EQ(close.status, 200);
    EXPECT_EQ(shards.status(0, id), 400);
    EXPECT_EQ(shards.status(1, id), 400);
    EXPECT_FALSE(shards.routes[closing_shard]->work_pending());
  }
}

TEST(SessionRoute, AShardWhoseMailboxIsFullIsToldLater) {
  TwoShardsOfSessions shards;
  const std::string id = shards.open(0);
  shards.full = true;
  FakeExchange close = in_session(id, kClose);
  shards.ask(0, close);
  shards.deliver();
  EXPECT_EQ(close.status, 0);
  shards.full = false;
  shards.deliver();
  shards.deliver();
  EXPECT_EQ(close.status, 200);
  EXPECT_EQ(shards.status(1, id), 400);
}

TEST(SessionRoute, WhoGoesWhileASessionClosesLeavesItClosed) {
  TwoShardsOfSessions shards;
  const std::string id = shards.open(0);
  FakeExchange close = in_session(id, kClose);
  shards.ask(0, close);
  ASSERT_TRUE(shards.routes[0]->holds(close));
  shards.routes[0]->on_abandoned(close);
  shards.deliver();
  EXPECT_EQ(close.status, 0);
  EXPECT_EQ(shards.status(1, id), 400);
  EXPECT_FALSE(shards.routes[0]->work_pending());
}

TEST(SessionRoute, AsManyAreOpenAsMayBe) {
  TwoShardsOfSessions shards;
  const std::string first = shards.open(0);
  for (const size_t shard : {0U, 0U, 1U}) {
    EXPECT_NE(shards.open(shard), "") << "whichever shard they come to";
  }
  for (const size_t shard : {0U, 1U}) {
    EXPECT_EQ(shards.status(shard, "NEW_SESSION", kOpen), 503);
  }
  EXPECT_EQ(shards.status(0, first), 200) << "those that are open go on";
  FakeExchange close = in_session(first, kClose);
  shards.ask(0, close);
  shards.deliver();
  EXPECT_NE(shards.open(1), "");
}

TEST(SessionRoute, WhatExpiresMakesRoomOnAShardThatNobodyAsks) {
  TwoShardsOfSessions shards;
  for (int i = 0; i < 4; ++i) {
    EXPECT_NE(shards.open(0), "");
  }
  shards.rig.pass(1'199 * base::kNanosecondsPerSecond);
  shards.routes[0]->work();
  EXPECT_EQ(shards.status(1, "NEW_SESSION", kOpen), 503);
  shards.rig.pass(2 * base::kNanosecondsPerSecond);
  shards.routes[0]->work();
  EXPECT_NE(shards.open(1), "");
}

TEST(SessionRoute, TheWaitOfAShardEndsWhenASessionExpires) {
  ServeRig rig;
  EXPECT_EQ(rig.reactor().timers().until_next_ns(rig.now_ns()), UINT64_MAX);
  open_session(rig);
  EXPECT_LE(rig.reactor().timers().until_next_ns(rig.now_ns()),
            1'200 * base::kNanosecondsPerSecond);
  rig.pass(1'201 * base::kNanosecondsPerSecond);
  rig.sessions.work();
  EXPECT_EQ(rig.reactor().timers().size(), 0U);
}

TEST(SessionRoute, AnInvocationThatFailsOpensNone) {
  TwoShardsOfSessions shards;
  for (int i = 0; i < 5; ++i) {
    FakeExchange bad = in_session("NEW_SESSION", "no number,2\n");
    shards.ask(0, bad);
    EXPECT_EQ(bad.status, 400);
    EXPECT_THAT(bad.extra, IsEmpty());
  }
  EXPECT_NE(shards.open(0), "");
  EXPECT_NE(shards.open(0), "") << "a place is given back";
}

TEST(SessionRoute, AStreamUsesASessionAndOpensNone) {
  ServeRig rig;
  const std::string id = open_session(rig);
  const auto why = [&](const std::string& value) {
    return std::string(rig.sessions.why_not_stream(in_session(value, "").head()));
  };
  EXPECT_EQ(why(id), "");
  EXPECT_THAT(why("NEW_SESSION"), HasSubstr("cannot open"));
  EXPECT_THAT(why("unknown"), HasSubstr("unknown"));
  FakeExchange stream(http::Method::kGet, std::string(kStreamPath), {{kHeader, "unknown"}});
  rig.ask(stream);
  EXPECT_EQ(stream.status, 400);
}

}  // namespace
}  // namespace ringmaker::serve
