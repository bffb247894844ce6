// How `ringmaker serve` ends: what is still accepted, answered and cut, and which signals do what.
// The exact times are tested on a manual clock (Drain, ServerTest, Deadlines).
#include "tests/contract/iris_model.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>

namespace ringmaker {
namespace {

using std::chrono::steady_clock;
using test::LoopbackPeer;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kPing = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kRow =
    "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
    "Content-Length: 16\r\n\r\n5.1,3.5,1.4,0.2\n";

class Shutdown : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    port_ = test::free_port();
    server_ = std::make_unique<test::Program>(
        std::vector<std::string>{"serve"},
        test::Program::Variables{{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                                 {"SAGEMAKER_BIND_TO_PORT", std::to_string(port_)},
                                 {"RINGMAKER_IO", GetParam()}});
    if (!test::wait_until_healthy(port_, *server_)) {
      if (server_->errors().find("cannot be had") != std::string::npos) {
        GTEST_SKIP() << "io_uring is refused here: " << server_->errors();
      }
      FAIL() << server_->errors();
    }
  }

  /// A connection that has been served once, so that the server knows it.
  LoopbackPeer known_peer() const {
    LoopbackPeer peer(port_);
    EXPECT_TRUE(peer.send(kPing));
    EXPECT_THAT(peer.receive_until("\r\n\r\n\n"), StartsWith("HTTP/1.1 200"));
    return peer;
  }

  std::unique_ptr<test::Program> server_;
  int port_ = 0;
};

TEST_P(Shutdown, PingTurns503AndEveryAnswerAnnouncesTheClose) {
  LoopbackPeer pinging = known_peer();
  LoopbackPeer scoring = known_peer();
  server_->signal(SIGTERM);
  // The signal may come a moment later than the bytes.
  std::string answer;
  do {
    ASSERT_TRUE(pinging.send(kPing));
    answer = pinging.receive_until("\n");
    answer = answer.substr(answer.rfind("HTTP/1.1"));
  } while (answer.starts_with("HTTP/1.1 200"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  ASSERT_TRUE(scoring.send(kRow));
  answer = scoring.receive_until("e-8\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(server_->wait(30), 0);
}

TEST_P(Shutdown, ConnectionsThatComeJustAfterTheSignalAreServed) {
  server_->signal(SIGTERM);
  LoopbackPeer late(port_);
  ASSERT_TRUE(late.connected());
  ASSERT_TRUE(late.send(kRow));
  EXPECT_THAT(late.receive_until("e-8\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_FALSE(LoopbackPeer(port_).connected()) << "the port is free again";
}

TEST_P(Shutdown, IdleConnectionsAreClosedInOrderAndNotWaitedFor) {
  LoopbackPeer idle = known_peer();
  LoopbackPeer never_spoke(port_);
  server_->signal(SIGTERM);
  EXPECT_TRUE(idle.ends()) << "FIN, not a reset";
  EXPECT_TRUE(never_spoke.ends());
  EXPECT_EQ(server_->wait(30), 0);
}

TEST_P(Shutdown, ARequestBegunIsCompleted) {
  LoopbackPeer slow = known_peer();
  ASSERT_TRUE(slow.send(std::string_view(kRow).substr(0, kRow.size() - 5)));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // for it to arrive
  server_->signal(SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(2'500));  // longer than idle ones have
  ASSERT_TRUE(slow.send(std::string_view(kRow).substr(kRow.size() - 5)));
  EXPECT_THAT(slow.receive_until("e-8\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(server_->wait(30), 0);
}

TEST_P(Shutdown, ARequestWithoutProgressIsCutAndTheEndIsStillInOrder) {
  LoopbackPeer stalled = known_peer();
  ASSERT_TRUE(stalled.send(std::string_view(kRow).substr(0, kRow.size() - 5)));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  server_->signal(SIGTERM);
  EXPECT_THAT(stalled.receive_until("\r\n\r\n"), StartsWith("HTTP/1.1 408"));
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_THAT(server_->errors(), HasSubstr("\"event\":\"stop\""));
}

TEST_P(Shutdown, ASecondSignalShortensTheWaitForIt) {
  LoopbackPeer stalled = known_peer();
  ASSERT_TRUE(stalled.send(std::string_view(kRow).substr(0, kRow.size() - 5)));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto begun = steady_clock::now();
  server_->signal(SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  server_->signal(SIGINT);
  EXPECT_THAT(stalled.receive_until("\r\n\r\n"), StartsWith("HTTP/1.1 408"));
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_LT(steady_clock::now() - begun, std::chrono::seconds(8)) << "what one signal takes";
}

TEST_P(Shutdown, OtherSignalsAreNeverFatal) {
  for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE}) {
    server_->signal(signal);
    EXPECT_EQ(test::get(port_, "/ping").status, 200) << signal;
  }
  // A peer that goes away while it is answered.
  for (int i = 0; i < 20; ++i) {
    LoopbackPeer gone(port_);
    ASSERT_TRUE(gone.send(kRow) && gone.send(kRow) && gone.send(kRow));
    gone.reset();
  }
  EXPECT_EQ(test::get(port_, "/ping").status, 200);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
}

TEST_P(Shutdown, InterruptEndsItAsTerminateDoes) {
  server_->signal(SIGINT);
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_THAT(server_->errors(), HasSubstr("\"event\":\"stop\""));
}

TEST_P(Shutdown, TheNextServerCanHaveThePortAtOnce) {
  LoopbackPeer idle = known_peer();
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  test::Program next({"serve"}, {{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                                 {"SAGEMAKER_BIND_TO_PORT", std::to_string(port_)},
                                 {"RINGMAKER_IO", GetParam()}});
  EXPECT_TRUE(test::wait_until_healthy(port_, next)) << next.errors();
}

INSTANTIATE_TEST_SUITE_P(Backends, Shutdown, testing::Values("uring", "epoll"),
                         [](const testing::TestParamInfo<const char*>& parameter) {
                           return std::string(parameter.param);
                         });

}  // namespace
}  // namespace ringmaker
