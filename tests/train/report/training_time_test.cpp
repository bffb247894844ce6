#include "train/report/training_time.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

TEST(TrainingTime, TheSourceDateStandsBeforeTheSeedAndTheSeedBeforeTheClock) {
  EXPECT_EQ(training_time(1'000'000'000, true, 0), "2001-09-09T01:46:40Z");
  EXPECT_EQ(training_time(std::nullopt, true, 0), "");
  EXPECT_EQ(training_time(std::nullopt, false, 0), "1970-01-01T00:00:00Z");
}

TEST(TrainingTime, ASourceDateIsANumberOfSeconds) {
  EXPECT_EQ(*parse_source_date(""), std::nullopt);
  EXPECT_EQ(*parse_source_date("0"), 0);
  EXPECT_EQ(*parse_source_date("253402300799"), 253'402'300'799);
  for (const char* text : {"-1", "253402300800", "1.5", "now", " 1", "99999999999999999999"}) {
    EXPECT_FALSE(parse_source_date(text)) << text;
  }
}

}  // namespace
}  // namespace ringmaker::train
