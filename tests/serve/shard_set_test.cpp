// Shards with their threads: how they begin, how they end, also half-way.
#include "serve/shard_set.h"

#include "serve/model_keeper.h"
#include "tests/support/loopback.h"
#include "tests/support/no_more_threads.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ringmaker::serve {
namespace {

using testing::HasSubstr;

constexpr size_t kShards = 2;

class ShardSetTest : public testing::Test {
 protected:
  ShardSetTest() {
    for (size_t i = 0; i < kShards; ++i) {
      auto listener = io::listen_on({.port = port_, .loopback_only = true});
      EXPECT_TRUE(listener);
      port_ = *io::local_port(listener->get());
      listeners_.push_back(std::move(*listener));
    }
  }
  ShardSet& set() {
    if (!set_) {
      set_.emplace(
          ShardSetOptions{.shard = {},
                          .backend = {io::BackendKind::kEpoll, "epoll (asked for)", true},
                          .backend_options = {}},
          std::move(listeners_), clock_,
          ShardSurroundings{nullptr, keeper_, placement_, state_, registry_, sessions_, log_});
    }
    return *set_;
  }
  std::string ping() const {
    const io::Descriptor peer = test::connect_loopback(port_);
    constexpr std::string_view kPing = "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::send(peer.get(), kPing.data(), kPing.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(kPing.size()));
    ::fcntl(peer.get(), F_SETFL, ::fcntl(peer.get(), F_GETFL) & ~O_NONBLOCK);
    std::string got;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::recv(peer.get(), buffer.data(), buffer.size(), 0)) > 0;) {
      got.append(buffer.data(), static_cast<size_t>(size));
    }
    return got;
  }

  uint16_t port_ = 0;
  std::vector<io::Descriptor> listeners_;
  base::SystemClock clock_;
  ServerState state_;
  MetricsRegistry registry_;
  SessionCount sessions_{16};
  Placement placement_{kShards};
  telemetry::Log log_{clock_, {.level_min = telemetry::Level::kError}};
  ModelKeeper keeper_{{.post = [](size_t, const ShardMessage&) { return true; }}, clock_, log_};
  std::optional<ShardSet> set_;
};

TEST(BackendsText, NamesWhatAllUseOnceAndWhatSomeUseWithTheirNumber) {
  EXPECT_EQ(backends_text({"io_uring", "io_uring"}), "io_uring");
  EXPECT_EQ(backends_text({"io_uring", "epoll (refused)", "io_uring"}),
            "io_uring (2 shards), epoll (refused) (1 shard)");
}

TEST_F(ShardSetTest, AnswersOnceItAcceptsAndIsQuietOnceItNoLongerListens) {
  ASSERT_TRUE(set().start());
  EXPECT_EQ(set().backends(), "epoll (asked for)");
  set().accept();
  EXPECT_THAT(ping(), HasSubstr("503")) << "there is no model";
  set().tell({.kind = ShardMessage::Kind::kDrain});
  set().tell({.kind = ShardMessage::Kind::kStopListening});
  while (!set().quiet()) {
    std::this_thread::yield();
  }
  set().stop();
  EXPECT_EQ(set().metrics()[0]->requests() + set().metrics()[1]->requests(), 1U);
}

TEST_F(ShardSetTest, WithoutAThreadItDoesNotBeginAndEnds) {
  const test::NoMoreThreads none;
  const auto started = set().start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message(),
            "cannot start a thread: the limit of processes is reached (pids cgroup, ulimit -u)");
  set_.reset();
}

TEST_F(ShardSetTest, WhatIsBuiltButNeverAcceptsEnds) {
  ASSERT_TRUE(set().start());
  set_.reset();
}

TEST_F(ShardSetTest, WhatAcceptsEndsWithIt) {
  ASSERT_TRUE(set().start());
  set().accept();
  set_.reset();
}

}  // namespace
}  // namespace ringmaker::serve
