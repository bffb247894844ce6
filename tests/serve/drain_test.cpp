// When a server that was told to end does what.
#include "serve/drain.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kBegun = 5 * base::kNanosecondsPerSecond;

TEST(Drain, GoesOnAcceptingForAMomentEvenWhenQuiet) {
  Drain drain(kBegun);
  EXPECT_EQ(drain.next(kBegun, true), Drain::Step::kWait);
  EXPECT_EQ(drain.next(kBegun + Drain::kAcceptMoreNs - 1, true), Drain::Step::kWait);
  EXPECT_EQ(drain.next(kBegun + Drain::kAcceptMoreNs, true), Drain::Step::kStopListening);
}

TEST(Drain, StopsListeningOnceAndLeavesWhenAllIsQuiet) {
  Drain drain(kBegun);
  const uint64_t later = kBegun + Drain::kAcceptMoreNs;
  EXPECT_EQ(drain.next(later, false), Drain::Step::kStopListening);
  EXPECT_EQ(drain.next(later, false), Drain::Step::kWait);
  EXPECT_EQ(drain.next(later, true), Drain::Step::kStop);
}

TEST(Drain, LeavesBeforeThePlatformLosesPatience) {
  Drain drain(kBegun);
  (void)drain.next(kBegun + Drain::kAcceptMoreNs, false);
  EXPECT_EQ(drain.next(kBegun + Drain::kLongestNs - 1, false), Drain::Step::kWait);
  EXPECT_EQ(drain.next(kBegun + Drain::kLongestNs, false), Drain::Step::kStop);
}

}  // namespace
}  // namespace ringmaker::serve
