// Few connections must not leave a shard idle: whoever accepts them, they are spread.
#include "base/clock.h"
#include "io/backend_choice.h"
#include "io/socket.h"
#include "serve/shard.h"
#include "tests/batch/sum_predictor.h"
#include "tests/support/loopback.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

constexpr size_t kShards = 2;
constexpr int kTries = 100;

/// Two shards on one port, turned by hand.
class TwoShards : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto choice = io::choose_backend(GetParam());
    if (!choice) {
      GTEST_SKIP() << "cannot be had here: " << choice.error().message();
    }
    ShardOptions options;
    options.reactor.spin_ns = UINT64_MAX;  // never block: the test turns both
    for (size_t i = 0; i < kShards; ++i) {
      auto backend = io::make_backend(*choice, clock_, {});
      ASSERT_TRUE(backend) << backend.error().message();
      registry_.add(metrics_[i]);
      shards_.push_back(std::make_unique<Shard>(i, clock_, std::move(*backend), surroundings_,
                                                options, metrics_[i]));
      auto listener = io::listen_on({.port = port_, .loopback_only = true});
      ASSERT_TRUE(listener) << listener.error().message();
      port_ = *io::local_port(listener->get());
      shards_.back()->listen(std::move(*listener));
    }
  }

  io::Descriptor connect() const { return test::connect_loopback(port_); }

  [[nodiscard]] bool turn_until(const std::function<bool()>& done) {
    for (int i = 0; i < 100'000; ++i) {
      if (done()) {
        return true;
      }
      for (const auto& shard : shards_) {
        shard->turn();
      }
    }
    return false;
  }

  [[nodiscard]] bool each_shard_has(size_t connections) const {
    return shards_[0]->server().connections() == connections &&
           shards_[1]->server().connections() == connections;
  }

  base::SystemClock clock_;
  batch::SumPredictor predictor_;
  Placement placement_{kShards};
  ServerState state_;
  MetricsRegistry registry_;
  ShardMetrics metrics_[kShards];
  telemetry::Log log_{clock_, {.level_min = telemetry::Level::kError}};
  ModelKeeper keeper_{{.post = [](size_t, const ShardMessage&) { return true; }}, clock_, log_};
  SessionCount sessions_{0};
  const ShardSurroundings surroundings_{&predictor_, keeper_,   placement_, state_,
                                        registry_,   sessions_, log_};
  std::vector<std::unique_ptr<Shard>> shards_;
  uint16_t port_ = 0;
};

TEST_P(TwoShards, TwoConnectionsOccupyBothEveryTime) {
  for (int i = 0; i < kTries; ++i) {
    io::Descriptor first = connect();
    io::Descriptor second = connect();
    ASSERT_TRUE(turn_until([this] {
      return shards_[0]->server().connections() + shards_[1]->server().connections() == 2;
    }));
    ASSERT_TRUE(each_shard_has(1)) << "try " << i;
    first.reset();
    second.reset();
    ASSERT_TRUE(turn_until([this] { return each_shard_has(0); }));
  }
}

// Neither shard has a connection then; but who takes them for quiet loses one.
TEST_P(TwoShards, AConnectionOnItsWayFromOneToTheOtherIsNotForgotten) {
  Shard& giver = *shards_[0];
  Shard& taker = *shards_[1];
  const auto turn_giver = [&giver] {
    for (int turn = 0; turn < 50; ++turn) {
      giver.turn();
    }
  };
  bool seen = false;
  for (int i = 0; i < kTries && !seen; ++i) {
    io::Descriptor kept = connect();
    io::Descriptor given = connect();
    turn_giver();
    seen = giver.server().connections() == 1 && placement_.connections(1) == 1;
    if (seen) {
      // Which of the two is which is the kernel's affair: it has chosen a listener for each.
      kept.reset();
      given.reset();
      turn_giver();
      EXPECT_EQ(giver.server().connections() + taker.server().connections(), 0U);
      EXPECT_FALSE(placement_.empty());
    }
    kept.reset();
    given.reset();
    ASSERT_TRUE(turn_until([this] { return placement_.empty() && each_shard_has(0); }));
  }
  EXPECT_TRUE(seen) << "in " << kTries << " tries the first shard has never given one away";
}

INSTANTIATE_TEST_SUITE_P(Backends, TwoShards, testing::Values("uring", "epoll"));

}  // namespace
}  // namespace ringmaker::serve
