#include "io/signals.h"

#include "base/clock.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <thread>

namespace ringmaker::io {
namespace {

constexpr uint64_t kLong = 5 * base::kNanosecondsPerSecond;

TEST(Signals, StopSignalsAreWaitedForWhicheverThreadTheyFind) {
  const Signals signals;
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(signals.wait(kLong), SIGTERM);
  std::thread([] { ::kill(::getpid(), SIGINT); }).join();
  EXPECT_EQ(signals.wait(kLong), SIGINT);
}

TEST(Signals, ASecondSignalIsNotLostWhileTheFirstIsHandled) {
  const Signals signals;
  ::kill(::getpid(), SIGTERM);
  ::kill(::getpid(), SIGINT);
  EXPECT_TRUE(signals.wait(kLong));
  EXPECT_TRUE(signals.wait(kLong));
}

TEST(Signals, WhatCameBeforeThemIsKeptForThem) {
  sigset_t before{};
  ::pthread_sigmask(SIG_BLOCK, nullptr, &before);
  hold_stop_signals();
  ::kill(::getpid(), SIGTERM);
  {
    const Signals signals;
    EXPECT_EQ(signals.wait(kLong), SIGTERM);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST(Signals, NothingComesWhenTheTimeIsOver) {
  const Signals signals;
  EXPECT_FALSE(signals.wait(1'000'000));
}

TEST(Signals, AnotherThreadEndsTheWait) {
  const Signals signals;
  std::thread([&] { signals.wake(); }).join();
  EXPECT_FALSE(signals.wait(kLong)) << "woken before it waited";
  std::thread waker([&] { signals.wake(); });
  EXPECT_FALSE(signals.wait(kLong));
  waker.join();
  ::kill(::getpid(), SIGTERM);
  EXPECT_EQ(signals.wait(kLong), SIGTERM) << "each wake ends one wait";
}

TEST(Signals, WhatNobodyWaitedForDoesNotEndTheProcessLater) {
  {
    const Signals signals;
    ::kill(::getpid(), SIGTERM);
    ::kill(::getpid(), SIGINT);
    signals.wake();
  }
  SUCCEED() << "else this process would be gone";
}

TEST(Signals, TheOtherUsualSignalsAreHarmless) {
  const Signals signals;
  for (const int harmless : {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE}) {
    ::kill(::getpid(), harmless);
  }
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ::close(ends[0]);
  EXPECT_EQ(::write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  ::close(ends[1]);
  EXPECT_FALSE(signals.wait(1'000'000));
}

}  // namespace
}  // namespace ringmaker::io
