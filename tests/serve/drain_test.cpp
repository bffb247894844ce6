// When a server that was told to end does what.
#include "serve/drain.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kBegun = 5 * base::kNanosecondsPerSecond;

constexpr uint64_t kTurnedAway = kBegun + Drain::kAcceptMoreNs;

TEST(Drain, GoesOnAcceptingForAMomentEvenWhenQuiet) {
  Drain drain(kBegun);
  EXPECT_EQ(drain.next(kBegun, true), Drain::Step::kWait);
  EXPECT_EQ(drain.next(kTurnedAway - 1, true), Drain::Step::kWait);
  EXPECT_EQ(drain.next(kTurnedAway, true), Drain::Step::kTurnAway);
}

TEST(Drain, HandshakesUnderWayGetTheirTimeEvenIfTheirBeginningWasLate) {
  Drain drain(kBegun);
  const uint64_t late = kTurnedAway + 1;
  EXPECT_EQ(drain.next(late, true), Drain::Step::kTurnAway);
  EXPECT_EQ(drain.next(kTurnedAway + Drain::kHandshakesNs, true), Drain::Step::kWait);
  EXPECT_EQ(drain.next(late + Drain::kHandshakesNs, true), Drain::Step::kStopListening);
}

TEST(Drain, StopsListeningOnceAndLeavesWhenAllIsQuiet) {
  Drain drain(kBegun);
  (void)drain.next(kTurnedAway, false);
  const uint64_t later = kTurnedAway + Drain::kHandshakesNs;
  EXPECT_EQ(drain.next(later, false), Drain::Step::kStopListening);
  EXPECT_EQ(drain.next(later, false), Drain::Step::kWait);
  EXPECT_EQ(drain.next(later, true), Drain::Step::kStop);
}

TEST(Drain, LeavesBeforeThePlatformLosesPatience) {
  Drain drain(kBegun);
  (void)drain.next(kTurnedAway, false);
  (void)drain.next(kTurnedAway + Drain::kHandshakesNs, false);
  EXPECT_EQ(drain.next(kBegun + Drain::kLongestNs - 1, false), Drain::Step::kWait);
  EXPECT_EQ(drain.next(kBegun + Drain::kLongestNs, false), Drain::Step::kStop);
}

}  // namespace
}  // namespace ringmaker::serve
