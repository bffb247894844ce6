#include "bench/latency/histogram.h"

#include "base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ringmaker::latency {
namespace {

TEST(Histogram, IsZeroWhileNothingWasRecorded) {
  Histogram histogram;
  EXPECT_EQ(histogram.count(), 0u);
  EXPECT_EQ(histogram.max(), 0u);
  EXPECT_EQ(histogram.percentile(0.99), 0u);
}

TEST(Histogram, SmallValuesAreExact) {
  Histogram histogram;
  for (uint64_t value = 1; value <= 200; ++value) {
    histogram.record(value);
  }
  EXPECT_EQ(histogram.percentile(0.0), 1u);
  EXPECT_EQ(histogram.percentile(0.5), 100u);
  EXPECT_EQ(histogram.percentile(0.99), 198u);
  EXPECT_EQ(histogram.percentile(1.0), 200u);
}

TEST(Histogram, APercentileIsNeverBelowTheTruthAndAtMostOne128thAbove) {
  base::Random random(7);
  std::vector<uint64_t> values;
  Histogram histogram;
  for (int i = 0; i < 20'000; ++i) {
    values.push_back(random() >> random.below(64));
    histogram.record(values.back());
  }
  std::sort(values.begin(), values.end());
  for (double fraction : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999}) {
    auto rank = static_cast<size_t>(fraction * static_cast<double>(values.size()));
    uint64_t truth = values[rank - 1];
    EXPECT_GE(histogram.percentile(fraction), truth) << fraction;
    EXPECT_LE(histogram.percentile(fraction) - truth, truth / 128) << fraction;
  }
}

TEST(Histogram, TakesTheLargestValueThereIs) {
  Histogram histogram;
  histogram.record(UINT64_MAX);
  EXPECT_EQ(histogram.percentile(0.5), UINT64_MAX);
  EXPECT_EQ(histogram.max(), UINT64_MAX);
}

TEST(Histogram, NoPercentileExceedsTheMaximum) {
  Histogram histogram;
  histogram.record(1'000'001);
  EXPECT_EQ(histogram.percentile(0.999), 1'000'001u);
}

TEST(Histogram, MergingEqualsRecordingTogether) {
  Histogram low;
  Histogram high;
  Histogram both;
  for (uint64_t value = 0; value < 1000; ++value) {
    low.record(value);
    high.record(value * 1000);
    both.record(value);
    both.record(value * 1000);
  }
  low.merge(high);
  EXPECT_EQ(low.count(), both.count());
  EXPECT_EQ(low.max(), both.max());
  EXPECT_EQ(low.percentile(0.75), both.percentile(0.75));
}

}  // namespace
}  // namespace ringmaker::latency
