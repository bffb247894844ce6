// The handshake of a bidirectional stream: what is refused, and what an accepted one is told.
#include "serve/stream_route.h"

#include "tests/serve/stream_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(StreamRoute, AHandshakeTurnsTheConnection) {
  StreamRig stream;
  EXPECT_TRUE(stream.socket.switched);
  EXPECT_EQ(stream.socket.status, 101);
  EXPECT_THAT(stream.socket.extra,
              ElementsAre(Pair("Upgrade", "websocket"), Pair("Connection", "Upgrade"),
                          Pair("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")));
  EXPECT_EQ(stream.rig.streams.open(), 1U);
}

TEST(StreamRoute, WhatIsNoHandshakeIsToldWhatIs) {
  ServeRig rig;
  FakeExchange plain(http::Method::kGet, std::string(kStreamPath));
  rig.ask(plain);
  EXPECT_EQ(plain.status, 426);
  EXPECT_THAT(plain.extra, Contains(Pair("Sec-WebSocket-Version", "13")));
  EXPECT_THAT(plain.extra, Contains(Pair("Upgrade", "websocket")));

  FakeExchange posted(http::Method::kPost, std::string(kStreamPath), {}, "1,2");
  rig.ask(posted);
  EXPECT_EQ(posted.status, 405);
  EXPECT_THAT(posted.extra, Contains(Pair("Allow", "GET, OPTIONS")));

  FakeExchange options(http::Method::kOptions, std::string(kStreamPath));
  rig.ask(options);
  EXPECT_EQ(options.status, 204);

  FakeExchange broken(http::Method::kGet, std::string(kStreamPath),
                      {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}});
  rig.ask(broken);
  EXPECT_EQ(broken.status, 400);
  EXPECT_EQ(rig.metrics.routes[static_cast<size_t>(Route::kStream)].by_status[426].value(), 1U);
  EXPECT_EQ(rig.streams.open(), 0U);
}

TEST(StreamRoute, TypesAreSettledBeforeTheFirstMessage) {
  ServeRig rig;
  FakeExchange unknown = handshake({{"Content-Type", "text/plain"}});
  rig.ask(unknown);
  EXPECT_EQ(unknown.status, 415);
  FakeExchange unwritable = handshake({{"Accept", "image/png"}});
  rig.ask(unwritable);
  EXPECT_EQ(unwritable.status, 406);
  FakeExchange based = handshake();
  based.edit_head().query = "content-type=text/libsvm;index_base=7";
  rig.ask(based);
  EXPECT_EQ(based.status, 400);
}

TEST(StreamRoute, WithoutAModelThereIsNoStream) {
  // As Router tells /invocations: while it loads, and where there is none.
  ServeRig rig;
  rig.state.ready = false;
  ModelTable none(nullptr, {});
  Router router(rig.reactor(), none, rig.invocations, rig.model_routes, rig.streams, rig.sessions,
                rig.state, rig.registry, rig.metrics, rig.log);
  FakeExchange early = handshake();
  EXPECT_EQ(router.on_head(early), http::BodyMode::kDiscard);
  EXPECT_EQ(early.status, 503);
  rig.state.ready = true;
  FakeExchange never = handshake();
  EXPECT_EQ(router.on_head(never), http::BodyMode::kDiscard);
  EXPECT_EQ(never.status, 404);
}

TEST(StreamRoute, StreamsAreUsedAgain) {
  ServeRig rig;
  for (int i = 0; i < 5; ++i) {
    FakeExchange socket = handshake();
    ASSERT_EQ(rig.router.on_head(socket), http::BodyMode::kStream);
    rig.router.on_body(socket, test::masked_frame(test::Frame::kText, "1,2", false), false);
    EXPECT_EQ(rig.streams.open(), 1U);
    rig.router.on_abandoned(socket);
    EXPECT_EQ(rig.streams.open(), 0U);
  }
}

TEST(StreamRoute, OneThatBeginsWhileTheServerDrainsIsAnsweredAndEndsSoon) {
  ServeRig rig;
  rig.router.begin_drain();
  FakeExchange socket = handshake();
  ASSERT_EQ(rig.router.on_head(socket), http::BodyMode::kStream);
  EXPECT_LE(socket.due_ns, rig.now_ns() + StreamOptions().drain_ns);
  rig.router.on_abandoned(socket);
}

}  // namespace
}  // namespace ringmaker::serve
