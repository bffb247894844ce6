// One suite, every backend: nothing above io can tell them apart.
#include "io/backend.h"

#include "io/backend_choice.h"
#include "io/epoll_backend.h"
#include "io/socket.h"
#include "io/uring_backend.h"
#include "tests/support/loopback.h"
#include "tests/support/simulated_backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <functional>
#include <numeric>
#include <string>
#include <thread>

namespace ringmaker::io {
namespace {

constexpr uint64_t kSecond = base::kNanosecondsPerSecond;

enum class Life { kUring, kUringQueueOf8, kUringOddBuffers, kEpoll, kEpollOddBuffers, kSimulation };

/// What a test gets that asks for nothing particular. Odd buffers are few and of seven bytes.
BackendOptions usual(Life life) {
  return life == Life::kUringOddBuffers || life == Life::kEpollOddBuffers
             ? BackendOptions{.buffer_count = 4, .buffer_bytes = 7}
             : BackendOptions{};
}

class BackendTest : public testing::TestWithParam<Life> {
 protected:
  /// Skips the test where the kernel refuses io_uring.
  void open() { open(usual(GetParam())); }
  void open(const BackendOptions& options, UringOptions uring = {}) {
    if (GetParam() == Life::kSimulation) {
      // Only what real kernels do every day.
      backend_ = std::make_unique<test::SimulatedBackend>(
          1, options, test::SimulatedFaults{.late = 0.1, .woken = 0.01}, [](uint64_t timeout_ns) {
            std::this_thread::sleep_for(
                std::chrono::nanoseconds(std::min<uint64_t>(timeout_ns, 1'000'000)));
          });
      return;
    }
    if (GetParam() == Life::kEpoll || GetParam() == Life::kEpollOddBuffers) {
      auto created = EpollBackend::create(clock_, options);
      ASSERT_TRUE(created) << created.error().message();
      backend_ = std::move(*created);
      return;
    }
    if (GetParam() == Life::kUringQueueOf8) {
      uring = {.submission_entries = 8, .completion_entries = 8};
    }
    auto created = UringBackend::create(clock_, options, uring);
    if (!created) {
      GTEST_SKIP() << "io_uring cannot be had here: " << created.error().message();
    }
    backend_ = std::move(*created);
  }

  void listen() {
    auto listener = listen_on({.port = 0, .loopback_only = true});
    ASSERT_TRUE(listener) << listener.error().message();
    listener_ = std::move(*listener);
    port_ = *local_port(listener_.get());
    backend_->start_accepting(listener_.get());
  }

  Descriptor connect() const {
    Descriptor client = test::connect_loopback(port_);
    const timeval limit{5, 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    return client;
  }

  /// Runs turns until `done` or five seconds have passed. Received bytes are collected in
  /// received_, their buffers returned unless keep_buffers_.
  void run_until(const std::function<bool()>& done) {
    const uint64_t deadline = clock_.now_ns() + 5 * kSecond;
    while (!done()) {
      ASSERT_LT(clock_.now_ns(), deadline) << "nothing happens any more";
      turn(kSecond / 50);
    }
  }

  void turn(uint64_t timeout_ns) {
    for (const Completion& completion : backend_->wait(timeout_ns)) {
      events_.push_back(completion);
      if (completion.kind == CompletionKind::kReceived && completion.result > 0) {
        received_.append(completion.bytes.data(), completion.bytes.size());
        if (keep_buffers_) {
          kept_.push_back(completion.buffer);
        } else {
          backend_->return_buffer(completion.buffer);
        }
      }
    }
  }

  size_t count(CompletionKind kind) const {
    return static_cast<size_t>(
        std::count_if(events_.begin(), events_.end(),
                      [kind](const Completion& event) { return event.kind == kind; }));
  }

  const Completion* find(CompletionKind kind) const {
    for (const Completion& event : events_) {
      if (event.kind == kind) {
        return &event;
      }
    }
    return nullptr;
  }

  /// A connected pair: our stream and the peer's socket.
  std::pair<StreamId, Descriptor> connected() {
    Descriptor client = connect();
    const size_t before = count(CompletionKind::kAccepted);
    run_until([&] { return count(CompletionKind::kAccepted) > before; });
    int accepted = -1;
    for (const Completion& event : events_) {
      if (event.kind == CompletionKind::kAccepted) {
        accepted = event.result;
      }
    }
    auto stream = backend_->add_stream(accepted);
    EXPECT_TRUE(stream);
    return {*stream, std::move(client)};
  }

  static std::string read_all(int descriptor, size_t bytes) {
    std::string text(bytes, '\0');
    size_t have = 0;
    while (have < bytes) {
      const ssize_t got = ::recv(descriptor, text.data() + have, bytes - have, 0);
      if (got <= 0) {
        break;
      }
      have += static_cast<size_t>(got);
    }
    text.resize(have);
    return text;
  }

  base::SystemClock clock_;
  Descriptor listener_;
  std::unique_ptr<Backend> backend_;  // goes before the listener it watches
  uint16_t port_ = 0;
  std::vector<Completion> events_;
  std::string received_;
  bool keep_buffers_ = false;
  std::vector<BufferId> kept_;
};

#define OPEN_OR_SKIP(...) \
  open(__VA_ARGS__);      \
  if (backend_ == nullptr) return

TEST_P(BackendTest, AcceptsReceivesAndSends) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  backend_->start_receive(stream);
  ASSERT_EQ(::send(client.get(), "hello", 5, 0), 5);
  run_until([&] { return received_ == "hello"; });
  const std::string answer = "world";
  backend_->send(stream, answer);
  run_until([&] { return count(CompletionKind::kSent) == 1; });
  EXPECT_EQ(find(CompletionKind::kSent)->result, 5);
  EXPECT_EQ(read_all(client.get(), 5), "world");
}

TEST_P(BackendTest, BytesThatCameBeforeReceivingWasAskedForAreNotLost) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  ASSERT_EQ(::send(client.get(), "early", 5, 0), 5);
  turn(kSecond / 100);
  EXPECT_EQ(received_, "");
  backend_->start_receive(stream);
  run_until([&] { return received_ == "early"; });
}

TEST_P(BackendTest, EndOfStreamFollowsTheLastByteAndComesOnce) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  ASSERT_EQ(::send(client.get(), "bye", 3, 0), 3);
  ASSERT_EQ(::shutdown(client.get(), SHUT_WR), 0);
  backend_->start_receive(stream);
  run_until([&] { return count(CompletionKind::kReceived) >= 2; });
  EXPECT_EQ(received_, "bye");
  EXPECT_EQ(events_.back().result, 0);
  turn(kSecond / 100);
  EXPECT_EQ(count(CompletionKind::kReceived), 2U);
  // The other direction is still open.
  const std::string answer = "still here";
  backend_->send(stream, answer);
  run_until([&] { return count(CompletionKind::kSent) == 1; });
  EXPECT_EQ(read_all(client.get(), answer.size()), answer);
}

TEST_P(BackendTest, ResetByThePeerIsAnErrorNotACrash) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  backend_->start_receive(stream);
  const linger hard{1, 0};
  ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  client.reset();
  run_until([&] { return count(CompletionKind::kReceived) == 1; });
  EXPECT_EQ(events_.back().result, -ECONNRESET);
  const std::string answer = "nobody listens";
  backend_->send(stream, answer);
  run_until([&] { return count(CompletionKind::kSent) == 1; });
  EXPECT_LT(events_.back().result, 0);
}

TEST_P(BackendTest, PauseStopsTheFlowAndStartResumesIt) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  backend_->start_receive(stream);
  ASSERT_EQ(::send(client.get(), "one", 3, 0), 3);
  run_until([&] { return received_ == "one"; });
  backend_->pause_receive(stream);
  turn(kSecond / 100);
  ASSERT_EQ(::send(client.get(), "two", 3, 0), 3);
  turn(kSecond / 50);
  EXPECT_EQ(received_, "one");
  backend_->start_receive(stream);
  run_until([&] { return received_ == "onetwo"; });
}

TEST_P(BackendTest, PauseAndStartInOneTurnLoseNothing) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  backend_->start_receive(stream);
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    const std::string piece = std::to_string(i);
    expected += piece;
    ASSERT_EQ(::send(client.get(), piece.data(), piece.size(), 0),
              static_cast<ssize_t>(piece.size()));
    backend_->pause_receive(stream);
    backend_->start_receive(stream);
    if (i % 3 == 0) {
      turn(0);
    }
  }
  run_until([&] { return received_.size() == expected.size(); });
  EXPECT_EQ(received_, expected);
}

TEST_P(BackendTest, RunningOutOfBuffersParksStreamsAndLosesNothing) {
  OPEN_OR_SKIP({.streams_max = 64, .buffer_count = 2, .buffer_bytes = 16});
  listen();
  keep_buffers_ = true;
  std::vector<std::pair<StreamId, Descriptor>> streams;
  const std::string text = "0123456789abcdef0123456789abcdef0123";
  for (int i = 0; i < 6; ++i) {
    streams.push_back(connected());
    ASSERT_EQ(::send(streams.back().second.get(), text.data(), text.size(), 0),
              static_cast<ssize_t>(text.size()));
    backend_->start_receive(streams.back().first);
  }
  run_until([&] { return kept_.size() == 2; });
  for (int i = 0; i < 5; ++i) {
    turn(kSecond / 200);
  }
  EXPECT_EQ(kept_.size(), 2U) << "there are only two buffers";
  EXPECT_GT(backend_->stats().buffers_exhausted, 0U);
  EXPECT_LT(backend_->stats().buffers_exhausted, 200U) << "waiting must not spin";
  run_until([&] {
    for (const BufferId buffer : kept_) {
      backend_->return_buffer(buffer);
    }
    kept_.clear();
    return received_.size() == text.size() * streams.size();
  });
}

TEST_P(BackendTest, AShortSendReportsWhatTheKernelTook) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  const std::string huge(32 << 20, 'x');
  size_t sent = 0;
  size_t reported = 0;
  std::string got;
  std::thread reader([&, descriptor = client.get()] { got = read_all(descriptor, huge.size()); });
  while (sent < huge.size() && !HasFatalFailure()) {
    backend_->send(stream, {huge.data() + sent, huge.size() - sent});
    run_until([&] { return count(CompletionKind::kSent) > reported; });
    ++reported;
    ASSERT_GT(events_.back().result, 0);
    sent += static_cast<size_t>(events_.back().result);
  }
  reader.join();
  EXPECT_EQ(got.size(), huge.size());
}

TEST_P(BackendTest, CloseReportsClosedOnceAndLastWhateverIsInFlight) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  backend_->start_receive(stream);
  // Fill the socket so that a send is in flight for good.
  const std::string huge(32 << 20, 'x');
  size_t sent = 0;
  for (int i = 0; i < 100; ++i) {
    backend_->send(stream, {huge.data() + sent, huge.size() - sent});
    const size_t before = count(CompletionKind::kSent);
    turn(kSecond / 50);
    if (count(CompletionKind::kSent) == before) {
      break;
    }
    sent += static_cast<size_t>(events_.back().result);
  }
  ASSERT_EQ(::send(client.get(), "late", 4, 0), 4);
  events_.clear();
  backend_->close(stream);
  run_until([&] { return count(CompletionKind::kClosed) == 1; });
  EXPECT_EQ(events_.size(), 1U);
  turn(kSecond / 100);
  EXPECT_EQ(events_.size(), 1U);
}

TEST_P(BackendTest, AReusedDescriptorNumberNeverBringsAnOldStreamsBytes) {
  OPEN_OR_SKIP();
  listen();
  for (int i = 0; i < 200 && !HasFatalFailure(); ++i) {
    received_.clear();
    auto [stream, client] = connected();
    backend_->start_receive(stream);
    const std::string text = "connection " + std::to_string(i);
    ASSERT_EQ(::send(client.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    if (i % 2 == 0) {
      run_until([&] { return received_.size() >= text.size(); });
      ASSERT_EQ(received_, text);
    }
    const size_t closed = count(CompletionKind::kClosed);
    backend_->close(stream);
    run_until([&] { return count(CompletionKind::kClosed) > closed; });
  }
}

TEST_P(BackendTest, ResetIsSeenByThePeer) {
  OPEN_OR_SKIP();
  listen();
  auto [stream, client] = connected();
  backend_->start_receive(stream);
  backend_->reset(stream);
  run_until([&] { return count(CompletionKind::kClosed) == 1; });
  char byte = 0;
  EXPECT_EQ(::recv(client.get(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_P(BackendTest, NotifyFromAnotherThreadEndsAWait) {
  OPEN_OR_SKIP();
  std::thread waker([&] { backend_->notify(); });
  run_until([&] { return count(CompletionKind::kWoken) > 0; });
  waker.join();
  events_.clear();
  backend_->notify();
  run_until([&] { return count(CompletionKind::kWoken) > 0; });
}

TEST_P(BackendTest, AWaitWithoutEndSleepsUntilSomethingHappens) {
  open();
  if (GetParam() == Life::kSimulation) {
    GTEST_SKIP() << "the simulation's time is not the kernel's";
  }
  turn(0);
  const uint64_t waits = backend_->stats().waits;
  std::thread other([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    backend_->notify();
  });
  while (count(CompletionKind::kWoken) == 0) {
    turn(UINT64_MAX);
  }
  other.join();
  // A signal may end a wait early; looking again and again is what must not be.
  EXPECT_LT(backend_->stats().waits, waits + 10);
}

TEST_P(BackendTest, AWaitWithNothingToSayEndsEmptyHanded) {
  OPEN_OR_SKIP();
  // It may end early, when a signal interrupts it, but never without end.
  EXPECT_TRUE(backend_->wait(2'000'000).empty());
  EXPECT_TRUE(backend_->wait(0).empty());
}

TEST_P(BackendTest, NothingIsAcceptedOnceAcceptingHasStopped) {
  OPEN_OR_SKIP();
  listen();
  connected();
  backend_->stop_accepting();
  turn(0);
  events_.clear();
  const Descriptor client = connect();
  turn(kSecond / 50);
  EXPECT_EQ(count(CompletionKind::kAccepted), 0U);
  backend_->start_accepting(listener_.get());
  run_until([&] { return count(CompletionKind::kAccepted) == 1; });
}

TEST_P(BackendTest, StreamsBeyondTheLimitAreRefusedAndStayTheCallers) {
  OPEN_OR_SKIP({.streams_max = 1, .buffer_count = 2, .buffer_bytes = 64});
  listen();
  connected();
  const Descriptor second = connect();
  run_until([&] { return count(CompletionKind::kAccepted) == 2; });
  const Descriptor descriptor(events_.back().result);
  const auto refused = backend_->add_stream(descriptor.get());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), base::ErrorCode::kExhausted);
}

TEST_P(BackendTest, OutOfDescriptorsShedsPausesAndRecovers) {
  OPEN_OR_SKIP();
  listen();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  Descriptor shed = connect();
  // UBSan looks at an object's type through a pipe, once a type: that must happen while there are
  // descriptors for one.
  const base::Clock& clock = clock_;
  (void)clock.now_ns();
  const Descriptor highest(::dup(listener_.get()));
  const rlimit tight{static_cast<rlim_t>(highest.get()), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  for (int i = 0; i < 20 && backend_->stats().accept_pauses == 0; ++i) {
    turn(kSecond / 100);
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_GE(backend_->stats().accept_pauses, 1U);
  EXPECT_LE(backend_->stats().accept_pauses, 20U);
  if (backend_->name() != "simulation") {
    EXPECT_EQ(backend_->stats().connections_shed, 1U) << "there was no other";
  }
  const Descriptor client = connect();
  const size_t accepted = count(CompletionKind::kAccepted);
  run_until([&] { return count(CompletionKind::kAccepted) > accepted; });
}

TEST_P(BackendTest, AnOverflowingCompletionQueueLosesNothing) {
  OPEN_OR_SKIP({.streams_max = 128, .buffer_count = 128, .buffer_bytes = 64},
               {.submission_entries = 8, .completion_entries = 8});
  listen();
  std::vector<std::pair<StreamId, Descriptor>> streams;
  for (int i = 0; i < 40; ++i) {
    streams.push_back(connected());
    backend_->start_receive(streams.back().first);
  }
  const std::string answer = "answer";
  for (int round = 0; round < 5 && !HasFatalFailure(); ++round) {
    received_.clear();
    for (const auto& [stream, client] : streams) {
      ASSERT_EQ(::send(client.get(), "ping", 4, 0), 4);
    }
    run_until([&] { return received_.size() == 4 * streams.size(); });
    events_.clear();
    for (const auto& [stream, client] : streams) {
      backend_->send(stream, answer);
    }
    run_until([&] { return count(CompletionKind::kSent) == streams.size(); });
    for (const auto& [stream, client] : streams) {
      ASSERT_EQ(read_all(client.get(), answer.size()), answer);
    }
  }
}

/// The next client's descriptor has the number of the last one's while that is still closing.
TEST_P(BackendTest, ManyComeAndGoWithBytesInFlightAndEveryBufferReturns) {
  OPEN_OR_SKIP({.streams_max = 16, .buffer_count = 4, .buffer_bytes = 32});
  listen();
  const std::string text(300, 't');
  for (int round = 0; round < 50 && !HasFatalFailure(); ++round) {
    std::vector<std::pair<StreamId, Descriptor>> streams;
    for (int i = 0; i < 4; ++i) {
      streams.push_back(connected());
      backend_->start_receive(streams.back().first);
      ASSERT_EQ(::send(streams.back().second.get(), text.data(), text.size(), 0),
                static_cast<ssize_t>(text.size()));
    }
    if (round % 2 == 0) {
      turn(0);
    }
    const size_t closed = count(CompletionKind::kClosed);
    for (const auto& [stream, client] : streams) {
      round % 3 == 0 ? backend_->reset(stream) : backend_->close(stream);
    }
    run_until([&] { return count(CompletionKind::kClosed) == closed + streams.size(); });
    events_.clear();
  }
  // Had a buffer been lost in each round, none would be left.
  received_.clear();
  auto [stream, client] = connected();
  backend_->start_receive(stream);
  ASSERT_EQ(::send(client.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  run_until([&] { return received_ == text; });
}

TEST_P(BackendTest, ABusyStreamDoesNotStarveAQuietOne) {
  OPEN_OR_SKIP({.streams_max = 8, .buffer_count = 4, .buffer_bytes = 256});
  listen();
  auto [busy, busy_client] = connected();
  auto [quiet, quiet_client] = connected();
  const std::string flood(1 << 20, 'f');
  const timeval no_wait{0, 1000};
  ::setsockopt(busy_client.get(), SOL_SOCKET, SO_SNDTIMEO, &no_wait, sizeof no_wait);
  ::send(busy_client.get(), flood.data(), flood.size(), MSG_NOSIGNAL);
  backend_->start_receive(busy);
  backend_->start_receive(quiet);
  ASSERT_EQ(::send(quiet_client.get(), "q", 1, 0), 1);
  size_t turns = 0;
  while (received_.find('q') == std::string::npos) {
    ASSERT_LT(++turns, 50U);
    turn(kSecond / 100);
  }
}

std::string life_name(const testing::TestParamInfo<Life>& life) {
  constexpr std::array kNames{"Uring", "UringWithAQueueOf8",  "UringWithOddBuffers",
                              "Epoll", "EpollWithOddBuffers", "Simulation"};
  return kNames[static_cast<size_t>(life.param)];
}

INSTANTIATE_TEST_SUITE_P(Backends, BackendTest,
                         testing::Values(Life::kUring, Life::kUringQueueOf8, Life::kUringOddBuffers,
                                         Life::kEpoll, Life::kEpollOddBuffers, Life::kSimulation),
                         life_name);

}  // namespace
}  // namespace ringmaker::io
