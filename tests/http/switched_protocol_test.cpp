// A connection that speaks another protocol from some request on: Exchange::switch_protocols.
#include "http/server.h"
#include "tests/support/http_rig.h"
#include "tests/support/manual_clock.h"
#include "tests/support/plain_refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>

namespace ringmaker::http {
namespace {

using test::receive_available;
using test::send_all;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kSwitch =
    "GET /raw HTTP/1.1\r\nHost: x\r\nUpgrade: shout\r\nConnection: Upgrade\r\n\r\n";

/// Answers in capitals; at /raw for as long as the connection lasts.
class ShoutingHandler final : public Handler {
 public:
  BodyMode on_head(Exchange& exchange) noexcept override {
    if (exchange.head().path != "/raw") {
      if (exchange.head().path == "/later") {
        later = &exchange;
        return BodyMode::kDiscard;
      }
      exchange.respond({}, "plain\n");
      return BodyMode::kDiscard;
    }
    const std::array<Header, 2> fields{{{"Upgrade", "shout"}, {"Connection", "Upgrade"}}};
    exchange.switch_protocols({.status = 101, .content_type = {}, .extra_headers = fields});
    raw = &exchange;
    return BodyMode::kStream;
  }
  void on_request(Exchange& /*exchange*/, std::string_view /*body*/) noexcept override {}
  void on_body(Exchange& exchange, std::string_view piece, bool last) noexcept override {
    std::string loud;
    for (const char c : piece) {
      loud += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    room = exchange.write(loud);
    ended = last;
    if (loud.ends_with("QUIT")) {
      raw = nullptr;
      exchange.finish();
    }
  }
  void on_writable(Exchange& /*exchange*/) noexcept override { ++writable; }
  void on_due(Exchange& exchange) noexcept override {
    ++due;
    (void)exchange.write("due\n");
  }
  void on_written(uint64_t /*nanoseconds*/) noexcept override {}
  void on_abandoned(Exchange& /*exchange*/) noexcept override {
    raw = nullptr;
    ++abandoned;
  }
  void on_refused(const Refusal& /*refusal*/, const RequestHead* /*head*/) noexcept override {}
  void answer_refusal(Exchange& exchange, const Refusal& refusal) noexcept override {
    test::answer_plainly(exchange, refusal);
  }
  void on_connection_refused(const Refusal& /*refusal*/) noexcept override {}

  Exchange* raw = nullptr;
  Exchange* later = nullptr;
  bool room = true;
  bool ended = false;
  int due = 0;
  int writable = 0;
  int abandoned = 0;
};

class SwitchedProtocol : public testing::Test {
 protected:
  std::string said() {
    rig_.settle();
    return receive_available(peer_, &closed_);
  }

  test::ManualClock clock_;
  ShoutingHandler handler_;
  test::HttpRig rig_{handler_, clock_};
  io::Descriptor peer_ = rig_.connect();
  bool closed_ = false;
};

TEST_F(SwitchedProtocol, AllBytesAreTheExchangesFromTheHeadOn) {
  send_all(peer_, std::string(kSwitch) + "hello");
  const std::string answer = said();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nUpgrade: shout\r\nConnection: Upgrade\r\n"));
  EXPECT_EQ(answer.find("Content-Length"), std::string::npos);
  EXPECT_THAT(answer, EndsWith("\r\n\r\nHELLO"));
  send_all(peer_, "GET /plain HTTP/1.1\r\n\r\n");
  EXPECT_EQ(said(), "GET /PLAIN HTTP/1.1\r\n\r\n") << "no request any more";
}

TEST_F(SwitchedProtocol, ItsAnswerWaitsForThoseBeforeIt) {
  send_all(peer_, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n" + std::string(kSwitch) + "hello");
  EXPECT_EQ(said(), "");
  handler_.later->respond({}, "plain\n");
  const std::string answer = said();
  EXPECT_EQ(test::statuses(answer), (std::vector<int>{200, 101}));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nHELLO"));
}

TEST_F(SwitchedProtocol, FinishEndsTheConnectionInOrder) {
  send_all(peer_, std::string(kSwitch) + "quit");
  EXPECT_THAT(said(), EndsWith("QUIT"));
  EXPECT_TRUE(closed_);
  EXPECT_EQ(handler_.abandoned, 0);
  peer_.reset();
  rig_.settle();
  EXPECT_EQ(rig_.server().connections(), 0U);
  EXPECT_EQ(rig_.server().exchanges_in_hand(), 0U);
}

TEST_F(SwitchedProtocol, TheEndOfThePeersStreamIsTheLastPieceAndAnswersStillLeave) {
  send_all(peer_, std::string(kSwitch) + "hello");
  (void)said();
  ::shutdown(peer_.get(), SHUT_WR);
  EXPECT_EQ(said(), "");
  EXPECT_TRUE(handler_.ended);
  ASSERT_NE(handler_.raw, nullptr);
  handler_.raw->wake_at(0);
  EXPECT_EQ(said(), "due\n") << "it is woken nevertheless";
  (void)handler_.raw->write("bye");
  handler_.raw->finish();
  EXPECT_EQ(said(), "bye");
  EXPECT_TRUE(closed_);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(SwitchedProtocol, ABrokenConnectionAbandonsIt) {
  send_all(peer_, kSwitch);
  (void)said();
  rig_.settle();
  handler_.raw->abort("why");
  rig_.settle();
  EXPECT_EQ(rig_.server().connections(), 0U);
  EXPECT_EQ(handler_.abandoned, 0) << "it was the exchange's own will";
  peer_ = rig_.connect();
  send_all(peer_, kSwitch);
  rig_.settle();
  handler_.raw->pause_body();
  peer_.reset();  // with the answer unread
  rig_.settle();
  EXPECT_EQ(handler_.abandoned, 1);
}

TEST_F(SwitchedProtocol, IsWokenOnceAtItsTimeAndIsNeverIdleOrSlow) {
  send_all(peer_, kSwitch);
  (void)said();
  constexpr uint64_t kStep = 900 * base::kNanosecondsPerMillisecond;
  handler_.raw->wake_at(rig_.reactor().now_ns() + 500 * kStep);
  for (int step = 0; step < 499; ++step) {
    clock_.advance_ns(kStep);
    rig_.turn();
  }
  EXPECT_EQ(handler_.due, 0);
  clock_.advance_ns(kStep);
  rig_.turn();
  clock_.advance_ns(kStep);
  EXPECT_EQ(said(), "due\n");
  clock_.advance_ns(900 * base::kNanosecondsPerMillisecond);
  (void)said();
  EXPECT_EQ(handler_.due, 1);
  handler_.raw->wake_at(0);
  EXPECT_EQ(said(), "due\n") << "at once, when that time has passed";
  EXPECT_EQ(handler_.due, 2);
}

TEST_F(SwitchedProtocol, APeerThatNeverReadsIsReset) {
  send_all(peer_, kSwitch);
  rig_.settle();
  const std::string much(4'000'000, 'x');
  EXPECT_FALSE(handler_.raw->write(much)) << "enough is queued";
  rig_.settle();
  for (int second = 0; second < 17; ++second) {
    clock_.advance_ns(900 * base::kNanosecondsPerMillisecond);
    rig_.turn();
  }
  clock_.advance_ns(900 * base::kNanosecondsPerMillisecond);
  rig_.settle();
  EXPECT_EQ(handler_.abandoned, 1);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(SwitchedProtocol, IsToldWhenThereIsRoomAgain) {
  send_all(peer_, kSwitch);
  rig_.settle();
  (void)receive_available(peer_);
  const std::string much(4'000'000, 'x');
  EXPECT_FALSE(handler_.raw->write(much));
  size_t received = 0;
  for (int i = 0; i < 1'000 && received < much.size(); ++i) {
    received += said().size();
  }
  EXPECT_EQ(received, much.size());
  EXPECT_EQ(handler_.writable, 1);
}

}  // namespace
}  // namespace ringmaker::http
