#include "io/timer_wheel.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ringmaker::io {
namespace {

constexpr uint64_t kMs = 1'000'000;

std::vector<uint32_t> advance(TimerWheel& wheel, uint64_t now_ns) {
  std::vector<uint32_t> due;
  wheel.advance(now_ns, [&](Timer& timer) { due.push_back(timer.owner); });
  return due;
}

TEST(TimerWheel, ATimerIsNeverEarlyAndAtMostOneTickLate) {
  TimerWheel wheel(0);
  Timer timer;
  wheel.schedule(timer, 100 * kMs);
  EXPECT_TRUE(advance(wheel, 100 * kMs - 1).empty());
  EXPECT_EQ(advance(wheel, 100 * kMs).size(), 1U);
  EXPECT_FALSE(timer.scheduled());
  EXPECT_EQ(wheel.size(), 0U);
}

TEST(TimerWheel, ATimerOfNobodyEndsAWaitAndIsNobodyToldOf) {
  TimerWheel wheel(0);
  Timer timer{.owner = TimerWheel::kNobody};
  wheel.schedule(timer, 100 * kMs);
  EXPECT_LE(wheel.until_next_ns(0), 100 * kMs + TimerWheel::kTickNs);
  EXPECT_TRUE(advance(wheel, 100 * kMs).empty());
  EXPECT_FALSE(timer.scheduled());
}

TEST(TimerWheel, ADeadlineInThePastIsDueAtOnce) {
  TimerWheel wheel(1000 * kMs);
  Timer timer;
  wheel.schedule(timer, 1);
  EXPECT_EQ(advance(wheel, 1000 * kMs).size(), 1U);
}

TEST(TimerWheel, ADeadlineBeyondOneTurnWaitsForItsOwnTurn) {
  TimerWheel wheel(0);
  Timer timer;
  const uint64_t turn = TimerWheel::kSlots * TimerWheel::kTickNs;
  wheel.schedule(timer, 3 * turn + 5 * kMs);
  for (uint64_t now = 0; now < 3 * turn + 5 * kMs; now += turn / 7) {
    EXPECT_TRUE(advance(wheel, now).empty());
  }
  EXPECT_EQ(advance(wheel, 3 * turn + 5 * kMs).size(), 1U);
}

TEST(TimerWheel, CancelAndRescheduleInsideTheCallback) {
  TimerWheel wheel(0);
  Timer first;
  Timer second;
  wheel.schedule(first, kMs);
  wheel.schedule(second, kMs);
  int calls = 0;
  wheel.advance(kMs, [&](Timer& timer) {
    ++calls;
    wheel.cancel(&timer == &first ? second : first);
    wheel.schedule(timer, 50 * kMs);
  });
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(wheel.size(), 1U);
}

TEST(TimerWheel, TheNextWaitNeverMissesATimer) {
  base::Random random(7);
  for (int round = 0; round < 200; ++round) {
    uint64_t now = random.below(1'000'000 * kMs);
    TimerWheel wheel(now);
    std::vector<Timer> timers(20);
    for (Timer& timer : timers) {
      wheel.schedule(timer, now + random.below(20'000 * kMs));
    }
    while (wheel.size() > 0) {
      const uint64_t wait = wheel.until_next_ns(now);
      ASSERT_NE(wait, UINT64_MAX);
      now += wait;
      wheel.advance(now, [&](Timer& timer) {
        EXPECT_LE(timer.deadline_ns, now);
        EXPECT_GE(timer.deadline_ns + 2 * TimerWheel::kTickNs, now);
      });
    }
    EXPECT_EQ(wheel.until_next_ns(now), UINT64_MAX);
  }
}

}  // namespace
}  // namespace ringmaker::io
