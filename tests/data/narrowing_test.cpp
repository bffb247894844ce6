// What a model asks of a double, its float32 answers.
#include "data/narrowing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace ringmaker::data {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kReach = 1.0000000180025095e-35;

double above(double x) { return std::nextafter(x, kInfinity); }
double below(double x) { return std::nextafter(x, -kInfinity); }

/// Every cut is answered for every value, and floats that are not suspect are what they were.
void expect_the_same_answers(const Narrowing& narrowing, const std::vector<double>& cuts,
                             const std::vector<double>& values) {
  for (const double x : values) {
    const float narrowed = narrowing.narrow(0, x);
    for (const double cut : cuts) {
      ASSERT_EQ(x >= cut, narrowed >= narrowing.narrowed_cut(0, cut))
          << x << " at " << cut << " became " << narrowed;
    }
    const auto plain = static_cast<float>(x);
    if (!narrowing.suspect(0, plain)) {
      ASSERT_EQ(narrowed, plain) << x;
    }
    ASSERT_LE(std::fabs(static_cast<double>(narrowed) - x), std::fabs(x) * 1e-5 + 1e-40) << x;
  }
}

TEST(Narrowing, ANeighbourOfACutIsOnItsSide) {
  const std::vector<double> cuts{0.1, 1.0, above(1.0), 29.700000000000003, -3.5, 1e-40, 16777217.0};
  const auto narrowing = Narrowing::make({{.cuts = cuts}}, 0);
  ASSERT_TRUE(narrowing);
  std::vector<double> values{0, -0.0, 1e30, -1e30};
  for (const double cut : cuts) {
    for (const double x : {cut, static_cast<double>(static_cast<float>(cut))}) {
      values.insert(values.end(), {below(below(x)), below(x), x, above(x), above(above(x))});
    }
  }
  expect_the_same_answers(*narrowing, cuts, values);
}

TEST(Narrowing, ManyCutsWithinOneFloatAreToldApart) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> offset(-3e-7, 3e-7);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> cuts;
    std::vector<double> values;
    for (int i = 0; i < 12; ++i) {
      cuts.push_back(1 + offset(random));
      values.insert(values.end(), {cuts.back(), below(cuts.back()), above(cuts.back())});
      values.push_back(1 + 2 * offset(random));
    }
    const auto narrowing = Narrowing::make({{.cuts = cuts}}, 0);
    ASSERT_TRUE(narrowing);
    expect_the_same_answers(*narrowing, cuts, values);
  }
}

TEST(Narrowing, BeyondFloatThereIsRoomForOneCut) {
  const auto narrowing = Narrowing::make({{.cuts = {1e300, -1e300}}}, 0);
  ASSERT_TRUE(narrowing);
  for (const double x :
       {1e39, 1e299, below(1e300), 1e300, kInfinity, -1e39, -1e300, below(-1e300), -kInfinity}) {
    EXPECT_EQ(x >= 1e300, narrowing->narrow(0, x) >= narrowing->narrowed_cut(0, 1e300)) << x;
    EXPECT_EQ(x >= -1e300, narrowing->narrow(0, x) >= narrowing->narrowed_cut(0, -1e300)) << x;
  }
  const auto two = Narrowing::make({{}, {.cuts = {1e299, 1e300}}}, 0);
  ASSERT_FALSE(two);
  EXPECT_NE(two.error().message().find("feature 1 has several"), std::string::npos);
}

TEST(Narrowing, WhatIsNearZeroIsZeroAndNothingElseIs) {
  const auto narrowing = Narrowing::make({{.cuts = {above(kReach), 1}}}, kReach);
  ASSERT_TRUE(narrowing);
  for (const double x : {0.0, kReach, -kReach, 1e-40, -1e-300}) {
    EXPECT_EQ(narrowing->narrow(0, x), 0) << x;
  }
  for (const double x : {above(kReach), below(-kReach), 1.1e-35}) {
    EXPECT_GT(std::fabs(static_cast<double>(narrowing->narrow(0, x))), kReach) << x;
    EXPECT_TRUE(narrowing->suspect(0, static_cast<float>(x)) || x == 1.1e-35) << x;
  }
}

TEST(Narrowing, ACodeIsNeverRoundedToTheNext) {
  const auto narrowing = Narrowing::make({{.cuts = {}, .truncated = true}}, kReach);
  ASSERT_TRUE(narrowing);
  for (const double x : {0.0, below(1.0), 1.0, below(-1.0), above(-1.0), 2.7, below(300.0)}) {
    EXPECT_EQ(std::trunc(narrowing->narrow(0, x)), static_cast<float>(std::trunc(x))) << x;
    EXPECT_TRUE(narrowing->suspect(0, static_cast<float>(x)) ||
                narrowing->narrow(0, x) == static_cast<float>(x) || x == 2.7);
  }
}

TEST(Narrowing, MissingStaysMissing) {
  const auto narrowing = Narrowing::make({{.cuts = {1}}}, 0);
  ASSERT_TRUE(narrowing);
  EXPECT_TRUE(std::isnan(narrowing->narrow(0, std::nan(""))));
  EXPECT_FALSE(narrowing->empty());
  EXPECT_TRUE(Narrowing().empty());
}

}  // namespace
}  // namespace ringmaker::data
