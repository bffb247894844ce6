#include "train/distributed/rendezvous.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <future>
#include <optional>
#include <string_view>
#include <thread>

namespace ringmaker::train {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

bool never() { return false; }

/// Hosts by loopback addresses, which resolve as names do.
class RendezvousTest : public testing::Test {
 protected:
  config::Resources host(size_t i) const { return {.current_host = hosts_[i], .hosts = hosts_}; }
  std::future<base::Result<void>> follower(size_t i, const StopRequested& stop = never) {
    return std::async(std::launch::async,
                      [this, i, stop] { return follow(host(i), options_, stop); });
  }
  Leader leader() {
    auto leader = Leader::listen(host(0), options_);
    EXPECT_TRUE(leader) << leader.error().message();
    return std::move(*leader);
  }

  std::vector<std::string> hosts_{"127.0.0.1", "127.0.0.2", "127.0.0.3"};
  RendezvousOptions options_{.port = static_cast<uint16_t>(test::free_port()),
                             .failure_patience = milliseconds(1000)};
};

TEST_F(RendezvousTest, AllAreLetGoWhenTheLeaderIsDone) {
  auto early = follower(1);  // tries until the leader is there
  std::this_thread::sleep_for(milliseconds(50));
  Leader listening = leader();
  auto late = std::async(std::launch::async, [this] {
    std::this_thread::sleep_for(milliseconds(150));
    return follow(host(2), options_, never);
  });
  EXPECT_THAT(listening.dismiss(never), IsEmpty());
  EXPECT_TRUE(early.get());
  EXPECT_TRUE(late.get());
}

TEST_F(RendezvousTest, AFailedLeaderSaysWhyAndWhoseFaultItIs) {
  using base::ErrorCode;
  hosts_.pop_back();
  options_.failure_patience = std::chrono::minutes(1);  // for the one that comes
  for (const ErrorCode code :
       {ErrorCode::kInvalidInput, ErrorCode::kNotFound, ErrorCode::kUnsupported,
        ErrorCode::kCorrupt, ErrorCode::kExhausted, ErrorCode::kPlatform, ErrorCode::kInternal}) {
    Leader listening = leader();
    auto waiting = follower(1);
    listening.dismiss_failed({code, "a.csv:3: no\nnumber"}, never);
    const auto end = waiting.get();
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code(), code);
    EXPECT_EQ(end.error().message(), "the leader 127.0.0.1 failed: a.csv:3: no number");
  }
}

TEST_F(RendezvousTest, ALeaderWhoseFirstWordIsNoCodeLosesNoWord) {
  const auto listener = io::listen_on({.port = options_.port});
  ASSERT_TRUE(listener);
  auto waiting = follower(1);
  pollfd wanted{listener->get(), POLLIN, 0};
  ASSERT_EQ(::poll(&wanted, 1, 10'000), 1);
  const io::Descriptor peer = io::accept_waiting(listener->get());
  constexpr std::string_view kWord = "failed the train channel has no data\n";
  ASSERT_EQ(::send(peer.get(), kWord.data(), kWord.size(), MSG_NOSIGNAL), ssize_t{kWord.size()});
  const auto end = waiting.get();
  EXPECT_EQ(end.error().code(), base::ErrorCode::kPlatform);
  EXPECT_EQ(end.error().message(), "the leader 127.0.0.1 failed: the train channel has no data");
}

TEST_F(RendezvousTest, AFailedLeaderTellsThoseWhoComeAMomentLater) {
  Leader listening = leader();
  options_.arrival_patience = std::chrono::seconds(10);
  auto late = std::async(std::launch::async, [this] {
    std::this_thread::sleep_for(milliseconds(150));
    return follow(host(1), options_, never);
  });
  listening.dismiss_failed({base::ErrorCode::kInvalidInput, "no number"}, never);
  EXPECT_EQ(late.get().error().message(), "the leader 127.0.0.1 failed: no number");
}

TEST_F(RendezvousTest, ADeadLeaderIsNoticed) {
  std::optional<Leader> listening(leader());
  auto waiting = follower(1);
  std::this_thread::sleep_for(milliseconds(100));
  listening.reset();
  EXPECT_THAT(waiting.get().error().message(), HasSubstr("ended without saying that it was done"));
}

TEST_F(RendezvousTest, ALeaderThatNeverComesIsGivenUp) {
  options_.arrival_patience = milliseconds(200);
  const auto end = follow(host(1), options_, never);
  ASSERT_FALSE(end);
  EXPECT_THAT(end.error().message(), HasSubstr("the leader 127.0.0.1 was not reached within 0 s"));
}

TEST_F(RendezvousTest, WhoeverIsAskedToStopStops) {
  EXPECT_TRUE(follow(host(1), options_, [] { return true; }));
  Leader listening = leader();
  std::atomic<bool> stop = false;
  auto waiting = follower(1, [&stop] { return stop.load(); });
  stop = true;
  EXPECT_TRUE(waiting.get());
  listening.dismiss([] { return true; });
}

TEST_F(RendezvousTest, StrangersAreNotTakenForFollowers) {
  options_.departure_patience = milliseconds(300);
  Leader listening = leader();
  auto stranger = std::async(std::launch::async, [this] {
    return follow({.current_host = "127.0.0.9", .hosts = hosts_}, options_, never);
  });
  EXPECT_THAT(listening.dismiss(never), ElementsAreArray(hosts_.begin() + 1, hosts_.end()));
  EXPECT_FALSE(stranger.get());
}

TEST_F(RendezvousTest, APortThatIsTakenIsNamedByItsOption) {
  const Leader first = leader();
  EXPECT_THAT(
      Leader::listen(host(0), options_).error().message(),
      testing::StartsWith("rendezvous-port: port " + std::to_string(options_.port) + " is in use"));
}

}  // namespace
}  // namespace ringmaker::train
