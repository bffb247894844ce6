// Shards with their threads: how they begin, how they end, also half-way.
#include "serve/shard_set.h"

#include "serve/model_keeper.h"
#include "tests/support/loopback.h"
#include "tests/support/loopback_peer.h"
#include "tests/support/no_more_threads.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <set>
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
          ShardSurroundings{predictor_, keeper_, placement_, state_, registry_, sessions_, log_});
    }
    return *set_;
  }
  std::string ping() const {
    return ask("GET /ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }
  std::string ask(std::string_view request) const {
    const io::Descriptor peer = test::connect_loopback(port_);
    ::fcntl(peer.get(), F_SETFL, ::fcntl(peer.get(), F_GETFL) & ~O_NONBLOCK);
    EXPECT_EQ(::send(peer.get(), request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string got;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::recv(peer.get(), buffer.data(), buffer.size(), 0)) > 0;) {
      got.append(buffer.data(), static_cast<size_t>(size));
    }
    return got;
  }

  void serve(const model::Predictor& predictor) {
    predictor_ = &predictor;
    state_.ready = true;
    ASSERT_TRUE(set().start());
    set().accept();
  }

  const model::Predictor* predictor_ = nullptr;
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

/// The body of an answer, whether in chunks or not.
std::string body_of(std::string_view answer) {
  const size_t end = answer.find("\r\n\r\n") + 4;
  std::string_view rest = answer.substr(end);
  if (answer.substr(0, end).find("chunked") == std::string_view::npos) {
    return std::string(rest);
  }
  std::string body;
  for (size_t size = 1; size > 0 && !rest.empty();) {
    size = std::strtoul(std::string(rest.substr(0, 8)).c_str(), nullptr, 16);
    const size_t begin = rest.find("\r\n") + 2;
    body += rest.substr(begin, size);
    rest.remove_prefix(std::min(rest.size(), begin + size + 2));
  }
  return body;
}

/// Adds two values, slowly; remembers on which threads.
class SlowPredictor final : public model::Predictor {
 public:
  SlowPredictor() { schema_.feature_names = {"a", "b"}; }
  [[nodiscard]] const data::Schema& schema() const noexcept override { return schema_; }
  [[nodiscard]] const data::OutputSchema& output() const noexcept override { return output_; }
  [[nodiscard]] std::string_view kind() const noexcept override { return "slow"; }
  [[nodiscard]] std::string_view instruction_set() const noexcept override { return "none"; }
  void predict_raw(data::DenseView rows, data::DenseSpan raw) const noexcept override {
    {
      const std::lock_guard lock(mutex_);
      threads_.insert(std::this_thread::get_id());
    }
    std::this_thread::sleep_for(std::chrono::nanoseconds(rows.rows * 500));
    for (size_t i = 0; i < rows.rows; ++i) {
      raw.row(i)[0] = rows.row(i)[0] + rows.row(i)[1];
    }
  }
  void link(data::DenseSpan /*values*/) const noexcept override {}
  [[nodiscard]] size_t threads() const {
    const std::lock_guard lock(mutex_);
    return threads_.size();
  }

 private:
  data::Schema schema_;
  data::OutputSchema output_;
  mutable std::mutex mutex_;
  mutable std::set<std::thread::id> threads_;
};

TEST_F(ShardSetTest, AShardThatRestsHelpsWithALargePayload) {
  const SlowPredictor predictor;
  serve(predictor);
  std::string body;
  std::string expected;
  for (size_t i = 0; i < 200'000; ++i) {
    body += std::to_string(i % 1000) + ",1\n";
    expected += std::to_string(i % 1000 + 1) + "\n";
  }
  const std::string answer = ask(fmt::format(
      "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nConnection: close\r\n"
      "Content-Length: {}\r\n\r\n{}",
      body.size(), body));
  EXPECT_TRUE(body_of(answer) == expected) << answer.substr(0, 200);
  EXPECT_EQ(predictor.threads(), 2U);
  set_.reset();
}

TEST_F(ShardSetTest, WhatIsLentWhenItMustStopIsForgotten) {
  const SlowPredictor predictor;
  serve(predictor);
  std::string body;
  for (size_t i = 0; i < 500'000; ++i) {
    body += "1,2\n";
  }
  test::LoopbackPeer peer(port_);
  ASSERT_TRUE(
      peer.send(fmt::format("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                            "Content-Length: {}\r\n\r\n{}",
                            body.size(), body)));
  for (int i = 0; i < 5'000 && predictor.threads() < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_EQ(predictor.threads(), 2U);
  set().stop();
  set_.reset();
}

TEST_F(ShardSetTest, WithoutAThreadItDoesNotBeginAndEnds) {
  const test::NoMoreThreads none;
  const auto started = set().start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().message(),
            "cannot start a thread: the limit of processes is reached (pids cgroup, ulimit -u), or "
            "there is no memory for its stack (ulimit -v)");
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
