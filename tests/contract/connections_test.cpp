// Many connections, and what they cost: memory each, memory afterwards, and a line for what http
// turns down by itself.
#include "tests/contract/iris_model.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace ringmaker {
namespace {

using test::LoopbackPeer;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr size_t kIdleBytesMax = 16 * 1024;

size_t resident_bytes(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    if (word == "VmRSS:") {
      size_t kilobytes = 0;
      status >> kilobytes;
      return kilobytes * 1024;
    }
  }
  return 0;
}

class Connections : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    descriptors_ = limit.rlim_cur;
    start({});
  }

  void start(test::Program::Variables variables) {
    server_.reset();
    port_ = test::free_port();
    variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port_);
    variables["RINGMAKER_IO"] = GetParam();
    variables["RINGMAKER_LOG_FORMAT"] = "json";
    server_ = std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables);
    if (!test::wait_until_healthy(port_, *server_)) {
      if (server_->errors().find("cannot be had") != std::string::npos) {
        GTEST_SKIP() << "io_uring is refused here: " << server_->errors();
      }
      FAIL() << server_->errors();
    }
  }

  /// Connections that have been served and now say nothing. Several addresses, so that the ports of
  /// one do not run out.
  std::vector<LoopbackPeer> idle_connections(size_t count) const {
    const std::string ping = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
    std::vector<LoopbackPeer> peers;
    peers.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      peers.emplace_back(port_, static_cast<uint8_t>(1 + i % 8));
      EXPECT_TRUE(peers.back().send(ping)) << i;
      EXPECT_THAT(peers.back().receive_until("\r\n\r\n\n"), StartsWith("HTTP/1.1 200")) << i;
      if (testing::Test::HasFailure()) {
        break;
      }
    }
    return peers;
  }

  static void let_go(std::vector<LoopbackPeer>& peers) {
    for (LoopbackPeer& peer : peers) {
      peer.reset();
    }
    peers.clear();
  }

  void wait_until_alone() const {
    for (int i = 0; i < 2000; ++i) {
      if (test::get(port_, "/metrics").body.find("ringmaker_connections 1\n") !=
          std::string::npos) {
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    FAIL() << "connections do not go away: " << test::get(port_, "/metrics").body;
  }

  std::unique_ptr<test::Program> server_;
  int port_ = 0;
  size_t descriptors_ = 0;
};

TEST_P(Connections, AnIdleOneHoldsAtMost16KiBAndGivesThemBackToTheNext) {
  constexpr size_t kReserve = 200;
  const size_t count = std::min<size_t>(10'000, (descriptors_ - kReserve) / 2);
  if (count < 1'000) {
    GTEST_SKIP() << "RLIMIT_NOFILE is " << descriptors_ << ": NOT CHECKED";
  }
  std::vector<LoopbackPeer> few = idle_connections(100);  // to warm up
  const size_t before = resident_bytes(server_->pid());
  std::vector<LoopbackPeer> peers = idle_connections(count);
  const size_t with = resident_bytes(server_->pid());
  const size_t each = (with - before) / count;
  std::printf("%zu idle connections: %zu bytes resident each\n", count, each);
  RecordProperty("bytes_per_idle_connection", static_cast<int>(each));
  EXPECT_LE(each, kIdleBytesMax);
  let_go(few);
  let_go(peers);
  wait_until_alone();
  // The same again costs nothing more.
  std::vector<LoopbackPeer> again = idle_connections(count);
  EXPECT_LE(resident_bytes(server_->pid()), with + count * 1024);
  let_go(again);
}

TEST_P(Connections, TwentyThousandInARowLeaveMemoryFlat) {
  const auto connect_and_leave = [this](size_t count) {
    for (size_t i = 0; i < count && !HasFailure(); ++i) {
      std::vector<LoopbackPeer> one = idle_connections(1);
      let_go(one);
    }
  };
  connect_and_leave(2'000);
  const size_t before = resident_bytes(server_->pid());
  connect_and_leave(20'000);
  EXPECT_LE(resident_bytes(server_->pid()), before + (2U << 20));
}

// ---- What http turns down by itself

TEST_P(Connections, ARefusalIsOneLineAKindHoweverOftenItComes) {
  const std::string no_host = "GET /ping HTTP/1.1\r\n\r\n";
  const std::string too_new = "GET /ping HTTP/2.0\r\nHost: x\r\n\r\n";
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(test::ask(port_, no_host).status, 400);
    EXPECT_EQ(test::ask(port_, too_new).status, 505);
  }
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  const std::string log = server_->errors();
  EXPECT_THAT(log, HasSubstr("\"level\":\"warn\",\"event\":\"http_refused\",\"status\":400,"
                             "\"detail\":\"the request has no Host header\"}\n"));
  EXPECT_THAT(log, HasSubstr("\"event\":\"http_refused\",\"status\":505,"));
  EXPECT_THAT(log, HasSubstr("\"event\":\"repeated\",\"times\":"));
  EXPECT_LT(std::count(log.begin(), log.end(), '\n'), 50) << "not a line each";
}

TEST_P(Connections, NoRefusalIsWrittenWhenAccessLogsAreOff) {
  start({{"RINGMAKER_ACCESS_LOG", "off"}});
  EXPECT_EQ(test::ask(port_, "GET /ping HTTP/1.1\r\n\r\n").status, 400);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_THAT(server_->errors(), Not(HasSubstr("http_refused")));
}

INSTANTIATE_TEST_SUITE_P(Backends, Connections, testing::Values("uring", "epoll"),
                         [](const testing::TestParamInfo<const char*>& parameter) {
                           return std::string(parameter.param);
                         });

}  // namespace
}  // namespace ringmaker
