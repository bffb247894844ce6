// How many rows fit a slice.
#include "batch/scoring_rate.h"

#include <gtest/gtest.h>

namespace ringmaker::batch {
namespace {

TEST(ScoringRate, ASliceHoldsAsManyRowsAsItsTimeAllows) {
  ScoringRate rate;
  EXPECT_EQ(rate.rows_per_slice(), ScoringRate::kRowsAtFirst);
  rate.record(128, 128'000);
  EXPECT_EQ(rate.rows_per_slice(), ScoringRate::kSliceNs / 1000);
}

TEST(ScoringRate, AFewRowsAreOneCallThoughTheyTakeLongerThanASliceUnlessMuchLonger) {
  ScoringRate rate;
  rate.record(128, 128 * ScoringRate::kSliceNs / 4);
  EXPECT_EQ(rate.rows_per_slice(), ScoringRate::kRowsWorthACall);
  ScoringRate slower;
  slower.record(128, 128 * ScoringRate::kLongSliceNs / 4);
  EXPECT_EQ(slower.rows_per_slice(), 4U);
}

TEST(ScoringRate, WhatATimeHoldsIsGuessedUntilItIsKnown) {
  ScoringRate rate;
  EXPECT_EQ(rate.rows_within(ScoringRate::kTurnNs), ScoringRate::kRowsAtFirst);
  rate.record(128, 128'000);
  EXPECT_EQ(rate.rows_within(ScoringRate::kTurnNs), ScoringRate::kTurnNs / 1000);
}

TEST(ScoringRate, NoModelIsSoSlowThatASliceIsEmpty) {
  ScoringRate rate;
  rate.record(128, 128 * 10 * ScoringRate::kSliceNs);
  EXPECT_EQ(rate.rows_per_slice(), 1U);
}

TEST(ScoringRate, ShortCallsSayLittleAboutLongOnes) {
  ScoringRate rate;
  rate.record(128, 128'000);
  rate.record(1, 100'000);
  EXPECT_GT(rate.rows_per_slice(), 20U);
  rate.record(0, 1);
  EXPECT_GT(rate.rows_per_slice(), 20U);
}

TEST(ScoringRate, TheFirstCallWhoseCachesAreColdIsSoonForgotten) {
  ScoringRate rate;
  rate.record(16, 16 * 100'000);
  EXPECT_EQ(rate.ns_for(1000), 0U) << "nobody is turned away for one call";
  rate.record(16, 16 * 10'000);
  EXPECT_LT(rate.ns_for(1), 30'000U);
  rate.record(16, 16 * 10'000);
  rate.record(16, 16 * 10'000);
  EXPECT_LT(rate.ns_for(1), 20'000U);
}

TEST(ScoringRate, ACallInWhichTheThreadDidNotRunSaysLittle) {
  ScoringRate rate;
  rate.record(128, 128'000);
  rate.record(128, 128'000);
  rate.record(16, 1'000'000'000);
  EXPECT_LT(rate.ns_for(1000), 1'500'000U);
  for (int call = 0; call < 100; ++call) {
    rate.record(16, 16'000'000);
  }
  EXPECT_GT(rate.ns_for(1000), 900'000'000U) << "unless it stays so";
}

}  // namespace
}  // namespace ringmaker::batch
