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

}  // namespace
}  // namespace ringmaker::batch
