#include "bench/latency/arrival_schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace ringmaker::latency {
namespace {

std::vector<uint64_t> times(ArrivalSchedule schedule, size_t count) {
  std::vector<uint64_t> result;
  for (size_t i = 0; i < count; ++i) {
    result.push_back(schedule.next_ns());
    schedule.advance();
  }
  return result;
}

TEST(ArrivalSchedule, UniformArrivalsAreOneGapApart) {
  EXPECT_EQ(times(ArrivalSchedule(Arrivals::kUniform, 1e6, 5'000, 1), 4),
            (std::vector<uint64_t>{6'000, 7'000, 8'000, 9'000}));
}

TEST(ArrivalSchedule, AGapThatIsNoWholeNanosecondDoesNotDrift) {
  auto schedule = times(ArrivalSchedule(Arrivals::kUniform, 3e8, 0, 1), 3'000'000);
  EXPECT_NEAR(static_cast<double>(schedule.back()), 1e7, 2.0);
}

TEST(ArrivalSchedule, TheSameSeedGivesTheSameTimes) {
  auto first = times(ArrivalSchedule(Arrivals::kPoisson, 1000, 0, 42), 100);
  EXPECT_EQ(first, times(ArrivalSchedule(Arrivals::kPoisson, 1000, 0, 42), 100));
  EXPECT_NE(first, times(ArrivalSchedule(Arrivals::kPoisson, 1000, 0, 43), 100));
}

TEST(ArrivalSchedule, PoissonGapsAverageToTheRateAndSpreadExponentially) {
  constexpr size_t kCount = 200'000;
  auto schedule = times(ArrivalSchedule(Arrivals::kPoisson, 1e6, 0, 3), kCount);
  double sum = 0;
  double squares = 0;
  uint64_t before = 0;
  for (uint64_t time : schedule) {
    double gap = static_cast<double>(time - before);
    before = time;
    sum += gap;
    squares += gap * gap;
  }
  double mean = sum / kCount;
  double deviation = std::sqrt(squares / kCount - mean * mean);
  EXPECT_NEAR(mean, 1000.0, 10.0);
  EXPECT_NEAR(deviation / mean, 1.0, 0.02);  // an exponential's deviation equals its mean
}

}  // namespace
}  // namespace ringmaker::latency
