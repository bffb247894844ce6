#include "wire/number_parse.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

namespace ringmaker::wire {
namespace {

uint32_t bits_of(float value) { return std::bit_cast<uint32_t>(value); }

void expect_like_strtof(const std::string& text) {
  const ParsedNumber<float> parsed = parse_float(text);
  ASSERT_TRUE(parsed.ok()) << text;
  ASSERT_EQ(bits_of(parsed.value), bits_of(std::strtof(text.c_str(), nullptr))) << text;
  const ParsedNumber<double> wide = parse_double(text);
  ASSERT_TRUE(wide.ok()) << text;
  ASSERT_EQ(std::bit_cast<uint64_t>(wide.value),
            std::bit_cast<uint64_t>(std::strtod(text.c_str(), nullptr)))
      << text;
}

TEST(NumberParse, ReadsOrdinaryNumbers) {
  for (const char* text : {"0",
                           "-0",
                           "1",
                           "-1",
                           "+3",
                           "1.5",
                           ".5",
                           "5.",
                           "-.5",
                           "00012",
                           "1e3",
                           "1E-5",
                           "1e+10",
                           "123456789",
                           "0.1",
                           "3.4028235e38",
                           "1.17549435e-38",
                           "1e-45",
                           "16777217",
                           "16777216.5",
                           "9007199254740993",
                           "0.000000000000001",
                           "1234567890123456",
                           "123456.7890123456"}) {
    expect_like_strtof(text);
  }
}

TEST(NumberParse, KnowsTheSpellingsOfInfAndNan) {
  for (const char* text : {"inf", "INF", "+inf", "Infinity", "infinity"}) {
    EXPECT_EQ(parse_float(text).value, INFINITY) << text;
    EXPECT_TRUE(parse_float(text).ok()) << text;
  }
  EXPECT_EQ(parse_float("-inf").value, -INFINITY);
  for (const char* text : {"nan", "NaN", "NAN", "-nan", "+nan"}) {
    EXPECT_TRUE(parse_float(text).ok()) << text;
    EXPECT_TRUE(std::isnan(parse_float(text).value)) << text;
  }
}

TEST(NumberParse, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"",    "-",      "+",    ".",       "-.", "e5",  "1e",      "1e+",  "--1",
        "+-1", "-+1",    "++1",  "1.2.3",   "1-", "1 ",  " 1",      "0x10", "1_000",
        "1,5", "nan(1)", "nano", "infinit", "1f", "abc", "\xc2\xb2"}) {
    EXPECT_EQ(parse_float(text).status, NumberStatus::kNotANumber) << text;
    EXPECT_EQ(parse_double(text).status, NumberStatus::kNotANumber) << text;
  }
}

TEST(NumberParse, TooLargeIsAnErrorTooSmallIsZero) {
  for (const char* text :
       {"1e999", "-1e999", "3.5e38", "1e39", "340282366920938463463374607431768211456"}) {
    EXPECT_EQ(parse_float(text).status, NumberStatus::kOutOfRange) << text;
  }
  EXPECT_EQ(parse_double("1e999").status, NumberStatus::kOutOfRange);
  EXPECT_TRUE(parse_double("1e300").ok());
  EXPECT_TRUE(parse_float("1e-999").ok());
  EXPECT_EQ(parse_float("1e-999").value, 0.0F);
  EXPECT_TRUE(std::signbit(parse_float("-1e-999").value));
}

TEST(NumberParse, LengthIsBounded) {
  EXPECT_EQ(parse_float("0." + std::string(kNumberLengthMax - 2, '3')).value, 1.0F / 3);
  EXPECT_EQ(parse_float("0." + std::string(kNumberLengthMax - 1, '3')).status,
            NumberStatus::kTooLong);
}

TEST(NumberParse, ADecimalCommaIsRecognisedButNotRead) {
  for (const char* text : {"5,1", "-0,25", "+3,0", "12,345"}) {
    EXPECT_TRUE(is_decimal_comma(text)) << text;
    EXPECT_EQ(parse_float(text).status, NumberStatus::kNotANumber) << text;
  }
  for (const char* text : {"", ",", "5,", ",5", "5.1", "5,1,2", "5,1e3", "a,1", "1,a", "-,1"}) {
    EXPECT_FALSE(is_decimal_comma(text)) << text;
  }
}

TEST(NumberParse, EqualsStrtofOnPrintedNumbers) {
  std::mt19937_64 random(11);
  char text[64];
  for (int i = 0; i < 300'000; ++i) {
    const double value = std::bit_cast<float>(static_cast<uint32_t>(random()));
    if (!std::isfinite(value)) {
      continue;
    }
    static constexpr const char* kFormats[] = {"%.3g", "%.6g", "%.9g", "%.17g", "%.8e"};
    std::snprintf(text, sizeof text, kFormats[random() % 5], value);
    if (std::isfinite(std::strtof(text, nullptr))) {
      expect_like_strtof(text);
    }
  }
}

TEST(NumberParse, EveryShortDecimalRoundsRight) {
  // All digit counts up to seven with the point at every place: the claim of the short path.
  std::mt19937 random(12);
  for (int i = 0; i < 500'000; ++i) {
    std::string text = std::to_string(random() % 10'000'000);
    text.insert(random() % (text.size() + 1), ".");
    if (text.size() > 1) {
      expect_like_strtof(text);
    }
  }
}

}  // namespace
}  // namespace ringmaker::wire
