// One shard's loop on real sockets, and how connections are spread over shards.
#include "serve/shard.h"

#include "base/clock.h"
#include "io/epoll_backend.h"
#include "tests/batch/sum_predictor.h"
#include "tests/support/loopback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <numeric>
#include <string>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

TEST(Placement, TheFewestConnectionsWinAndOwnAmongEquals) {
  Placement placement(3);
  EXPECT_EQ(placement.choose(1), 1U);
  EXPECT_EQ(placement.choose(1), 0U);
  EXPECT_EQ(placement.choose(1), 2U);
  EXPECT_EQ(placement.choose(2), 2U);
  placement.leave(1);
  EXPECT_EQ(placement.choose(2), 1U);
  EXPECT_EQ(placement.connections(2), 2U);
}

TEST(Placement, AShardThatRestsHelpsWithTwoThingsAtOnce) {
  Placement placement(3);
  constexpr uint64_t kNow = 10 * Placement::kRestNs;
  placement.note_work(0, kNow);
  placement.note_work(1, kNow);
  EXPECT_EQ(placement.choose_helper(0, kNow), 2U);
  EXPECT_EQ(placement.choose_helper(1, kNow), 2U);
  EXPECT_EQ(placement.choose_helper(0, kNow), std::nullopt) << "one is busy, one has enough";
  EXPECT_EQ(placement.choose_helper(2, kNow), std::nullopt);
  placement.end_loan(2);
  EXPECT_EQ(placement.choose_helper(1, kNow), 2U);
  EXPECT_EQ(placement.choose_helper(0, kNow + Placement::kRestNs), 1U);
}

class ShardTest : public testing::Test {
 protected:
  explicit ShardTest(const io::BackendOptions& backend = {}) : backend_options_(backend) {
    state_.ready = true;
    registry_.add(metrics_);
    auto listener = io::listen_on({.port = 0, .loopback_only = true});
    EXPECT_TRUE(listener);
    port_ = *io::local_port(listener->get());
    shard_.listen(std::move(*listener));
  }

  io::Descriptor connect() const { return test::connect_loopback(port_); }
  static void send_text(const io::Descriptor& peer, const std::string& text) {
    ASSERT_EQ(::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT),
              static_cast<ssize_t>(text.size()));
  }
  /// Turns until `peer` has got something that ends so.
  std::string receive(const io::Descriptor& peer, const std::string& end) {
    std::string got;
    for (int i = 0; i < 100'000 && !got.ends_with(end); ++i) {
      shard_.turn();
      char buffer[65'536];
      const ssize_t size = ::recv(peer.get(), buffer, sizeof buffer, MSG_DONTWAIT);
      if (size > 0) {
        got.append(buffer, static_cast<size_t>(size));
      }
    }
    return got;
  }
  static std::string csv_request(const std::string& body) {
    return "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  /// The loop must not block when the test has nothing to send.
  static ShardOptions options() {
    ShardOptions made;
    made.reactor.spin_ns = UINT64_MAX;
    return made;
  }

  io::BackendOptions backend_options_;
  base::SystemClock clock_;
  batch::SumPredictor predictor_;
  Placement placement_{1};
  ServerState state_;
  MetricsRegistry registry_;
  ShardMetrics metrics_;
  telemetry::Log log_{clock_, {.level_min = telemetry::Level::kError}};
  ModelKeeper keeper_{{.post = [](size_t, const ShardMessage&) { return true; }}, clock_, log_};
  SessionCount sessions_{0};
  const ShardSurroundings surroundings_{&predictor_, keeper_,   placement_, state_,
                                        registry_,   sessions_, log_};
  Shard shard_{0,
               clock_,
               std::move(io::EpollBackend::create(clock_, backend_options_).value()),
               surroundings_,
               options(),
               metrics_};
  uint16_t port_ = 0;
};

TEST_F(ShardTest, AcceptsScoresAndCounts) {
  const io::Descriptor peer = connect();
  send_text(peer, csv_request("1,2\n"));
  EXPECT_THAT(receive(peer, "\r\n\r\n3\n"), HasSubstr("200 OK"));
  EXPECT_EQ(metrics_.connections.value(), 1U);
  EXPECT_EQ(placement_.connections(0), 1U);
  EXPECT_FALSE(shard_.quiet());
}

TEST_F(ShardTest, EachPhaseOfARequestIsTimed) {
  const io::Descriptor peer = connect();
  send_text(peer, csv_request("1,2\n3,4\n"));
  receive(peer, "7\n");
  shard_.turn();  // which tells that the answer has been taken
  for (size_t phase = 0; phase < kPhases; ++phase) {
    telemetry::HistogramSum sum;
    sum.add(metrics_.phases[phase]);
    EXPECT_EQ(std::accumulate(sum.buckets.begin(), sum.buckets.end(), uint64_t{0}), 1U) << phase;
  }
  EXPECT_EQ(metrics_.batch_rows.bucket(1), 1U);
  EXPECT_EQ(metrics_.batch_rows.sum(), 2U);
}

TEST_F(ShardTest, ASmallRequestIsAnsweredInTheTurnThatBringsABulkPiece) {
  const io::Descriptor bulk = connect();
  const io::Descriptor small = connect();
  send_text(small, csv_request("1,2\n"));
  (void)receive(small, "3\n");
  std::string rows;
  while (rows.size() < 100'000) {
    rows += "1,1\n";
  }
  send_text(bulk, csv_request(rows).substr(0, 50'000));
  send_text(small, csv_request("2,2\n"));
  EXPECT_THAT(receive(small, "\r\n\r\n4\n"), HasSubstr("200 OK"));
  send_text(bulk, csv_request(rows).substr(50'000));
  EXPECT_THAT(receive(bulk, "0\r\n\r\n"), HasSubstr("200 OK"));
  EXPECT_EQ(metrics_.rows.value(), 2 + rows.size() / 4);
}

TEST_F(ShardTest, DrainsStopsListeningAndLeaves) {
  const io::Descriptor idle = connect();
  send_text(idle, "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n");
  (void)receive(idle, "\r\n\r\n\n");
  const io::Descriptor queued = connect();
  send_text(queued, csv_request("1,2\n"));
  EXPECT_TRUE(shard_.post({.kind = ShardMessage::Kind::kDrain}));
  EXPECT_TRUE(shard_.post({.kind = ShardMessage::Kind::kStopListening}));
  const std::string answer = receive(queued, "\r\n\r\n3\n");
  EXPECT_THAT(answer, HasSubstr("Connection: close")) << "what was queued is taken and answered";
  EXPECT_TRUE(shard_.post({.kind = ShardMessage::Kind::kStop}));
  bool goes_on = true;
  for (int i = 0; i < 1000 && goes_on; ++i) {
    goes_on = shard_.turn();
  }
  EXPECT_FALSE(goes_on);
}

class ShardOfOneBuffer : public ShardTest {
 protected:
  ShardOfOneBuffer() : ShardTest({.buffer_count = 1, .buffer_bytes = 4096}) {}
};

TEST_F(ShardOfOneBuffer, WhatItsBackendMadeUpForIsCounted) {
  const io::Descriptor first = connect();
  const io::Descriptor second = connect();
  EXPECT_EQ(metrics_.buffers_exhausted.value(), 0U);
  for (const io::Descriptor* peer : {&first, &second}) {
    send_text(*peer, csv_request("1,2\n"));
  }
  for (const io::Descriptor* peer : {&first, &second}) {
    EXPECT_THAT(receive(*peer, "\r\n\r\n3\n"), HasSubstr("200 OK")) << "late, but answered";
  }
  shard_.turn();
  EXPECT_GE(metrics_.buffers_exhausted.value(), 1U);
}

}  // namespace
}  // namespace ringmaker::serve
