// Many connections, and what they cost: memory each, memory afterwards, and a line for what http
// turns down by itself.
#include "io/socket.h"
#include "tests/contract/iris_model.h"
#include "tests/support/loopback.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

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

const std::string kPing = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
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

  void start(test::Program::Variables variables,
             const test::Program::Descriptors& descriptors = {}) {
    server_.reset();
    port_ = test::free_port();
    variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port_);
    variables["RINGMAKER_IO"] = GetParam();
    variables["RINGMAKER_LOG_FORMAT"] = "json";
    server_ =
        std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables, descriptors);
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
    std::vector<LoopbackPeer> peers;
    peers.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      peers.emplace_back(port_, static_cast<uint8_t>(1 + i % 8));
      EXPECT_TRUE(peers.back().send(kPing)) << i;
      EXPECT_THAT(peers.back().receive_until("\r\n\r\n\n"), StartsWith("HTTP/1.1 200")) << i;
      if (testing::Test::HasFailure()) {
        break;
      }
    }
    return peers;
  }

  /// The value of one sample of /metrics; -1: it is not there.
  double metric(const std::string& sample) const {
    const std::string text = "\n" + test::get(port_, "/metrics").body;
    const size_t at = text.find("\n" + sample + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + sample.size() + 2));
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

// ---- Those who never read

/// Sends requests as long as they are taken, and reads no answer.
class Hoarder {
 public:
  explicit Hoarder(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int small = 4096;  // so that the kernel keeps few of the answers
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    const sockaddr_in address = test::loopback_address(static_cast<uint16_t>(port));
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
  }
  /// What is left of the request in hand, and more of them, until the socket takes no more or
  /// `bytes_max` were sent in all. Returns whether anything was sent.
  bool send(std::string_view request, size_t bytes_max) {
    const size_t before = sent_;
    while (sent_ < bytes_max) {
      const std::string_view rest = request.substr(sent_ % request.size());
      const ssize_t sent =
          ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0) {
        break;
      }
      sent_ += static_cast<size_t>(sent);
    }
    return sent_ > before;
  }
  [[nodiscard]] size_t sent() const noexcept { return sent_; }

 private:
  io::Descriptor socket_;
  size_t sent_ = 0;
};

TEST_P(Connections, WhoNeverReadsHoldsWhatIsStatedAndHarmsNoNeighbour) {
  // Freed memory of a build with AddressSanitizer is to be given back as it is elsewhere. What they
  // send is more than such a build answers in time; here nobody is turned away for that.
  start({{"RINGMAKER_SHARDS", "1"},
         {"RINGMAKER_QUEUE_MS_MAX", "0"},
         {"ASAN_OPTIONS", "quarantine_size_mb=1"}});
  std::string rows;
  for (int i = 0; i < 500; ++i) {
    rows += "5.1,3.5,1.4,0.2\n";
  }
  const std::string request =
      "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
      "Content-Length: " +
      std::to_string(rows.size()) + "\r\n\r\n" + rows;
  const auto answer = test::post(port_, "/invocations", "Content-Type: text/csv\r\n", rows);
  ASSERT_EQ(answer.status, 200);
  constexpr size_t kHoarders = 32;
  constexpr size_t kSentMax = size_t{16} << 20;  // each; the kernel takes some megabytes of them
  // Answers up to 256 KiB, those of the sixteen requests in hand, and a buffer of requests; where
  // the model is slow, as a sanitizer makes it, their bodies and blocks of rows and of scores too.
  // Strings that grow take twice what they hold.
  const size_t waiting = rows.size() + 2 * (size_t{8} << 10);
  const size_t each_max =
      2 * ((size_t{256} << 10) + 17 * (answer.body.size() + waiting)) + (size_t{64} << 10);
  const size_t before = resident_bytes(server_->pid());
  {
    std::vector<std::unique_ptr<Hoarder>> hoarders;
    for (size_t i = 0; i < kHoarders; ++i) {
      hoarders.push_back(std::make_unique<Hoarder>(port_));
    }
    // Until none of them gets rid of anything any more, seen from a neighbour on the same shard.
    for (int quiet = 0; quiet < 20;) {
      bool moved = false;
      for (const auto& hoarder : hoarders) {
        moved |= hoarder->send(request, kSentMax);
      }
      quiet = moved ? 0 : quiet + 1;
      EXPECT_EQ(test::get(port_, "/ping").status, 200);
      EXPECT_EQ(test::post(port_, "/invocations", "Content-Type: text/csv\r\n", rows).body,
                answer.body);
    }
    const size_t grown = resident_bytes(server_->pid()) - before;
    std::printf("%zu who never read: %zu bytes resident each\n", kHoarders, grown / kHoarders);
    EXPECT_LE(grown, kHoarders * each_max);
    for (const auto& hoarder : hoarders) {
      EXPECT_LT(hoarder->sent(), kSentMax) << "it was made to wait";
    }
  }
  wait_until_alone();
}

// ---- Descriptors

TEST_P(Connections, WithoutDescriptorsNewcomersAreTurnedAwayAndItIsTold) {
  // Six connections may be, by the limit, but whoever started the server has left it three.
  start({{"RINGMAKER_SHARDS", "1"}}, {.max = 70, .taken = 58});
  EXPECT_EQ(metric("ringmaker_errors_total{reason=\"descriptors_exhausted\"}"), 0);
  std::vector<LoopbackPeer> served;
  size_t turned_away = 0;
  for (int i = 0; i < 12; ++i) {
    LoopbackPeer peer(port_);
    (void)peer.send(kPing);
    const std::string answer = peer.receive_until("\r\n\r\n\n");
    if (answer.empty()) {
      ++turned_away;
    } else {
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
      served.push_back(std::move(peer));
    }
  }
  EXPECT_GE(served.size(), 1U);
  EXPECT_GE(turned_away, 6U);
  for (const LoopbackPeer& peer : served) {
    EXPECT_TRUE(peer.send(kPing));
  }
  for (LoopbackPeer& peer : served) {
    EXPECT_THAT(peer.receive_until("\r\n\r\n\n"), StartsWith("HTTP/1.1 200"))
        << "who is served already goes on being served";
  }
  let_go(served);
  wait_until_alone();
  EXPECT_GE(metric("ringmaker_errors_total{reason=\"descriptors_exhausted\"}"), turned_away);
  for (const char* event : {"completion_overflows", "buffers_exhausted", "receive_rearms"}) {
    EXPECT_GE(metric("ringmaker_io_events_total{event=\"" + std::string(event) + "\"}"), 0)
        << event;
  }
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);
  EXPECT_THAT(server_->errors(),
              HasSubstr("\"level\":\"warn\",\"event\":\"descriptors_exhausted\",\"detail\":\"a "
                        "connection was turned away; raise RLIMIT_NOFILE (ulimit -n)\"}\n"));
}

TEST_P(Connections, UnderATightLimitAsManyAreServedAsFitAndTheRestIsToldToRetry) {
  start({{"RINGMAKER_SHARDS", "2"}}, {.max = 66});
  // The connection that asked whether the server is healthy may need a moment to go.
  std::vector<LoopbackPeer> peers;
  for (int i = 0; i < 1000 && peers.size() < 2; ++i) {
    LoopbackPeer peer(port_);
    (void)peer.send(kPing);
    if (peer.receive_until("\n").starts_with("HTTP/1.1 200")) {
      peers.push_back(std::move(peer));
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  ASSERT_EQ(peers.size(), 2U);
  LoopbackPeer third(port_);
  const std::string told = third.receive_until("retry\n");
  EXPECT_THAT(told, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(told, HasSubstr("Retry-After: 1\r\n"));
}

TEST_P(Connections, ALimitThatLeavesNoneIsToldAtStart) {
  for (const uint64_t limit : {32U, 65U}) {
    server_.reset();
    test::Program program({"serve"},
                          {{"SAGEMAKER_BASE_DIR", IrisModel::directory().path()},
                           {"SAGEMAKER_BIND_TO_PORT", std::to_string(test::free_port())},
                           {"RINGMAKER_SHARDS", "2"},
                           {"RINGMAKER_IO", GetParam()}},
                          {.max = limit});
    EXPECT_EQ(program.wait(20), 3) << "the platform's fault";
    EXPECT_THAT(
        program.errors(),
        HasSubstr("\"command\":\"serve\",\"detail\":\"RLIMIT_NOFILE is " + std::to_string(limit) +
                  ", which leaves no descriptors for connections; 2 shards need at least "
                  "66, better 1024 (ulimit -n 1024)\"}\n"));
    EXPECT_EQ(std::ranges::count(program.errors(), '\n'), 1) << program.errors();
  }
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
  EXPECT_THAT(log, HasSubstr("\"level\":\"warn\",\"event\":\"http_refused\",\"route\":\"/ping\","
                             "\"status\":400,\"detail\":\"the request has no Host header\"}\n"));
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
