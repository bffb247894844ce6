#include "wire/number_format.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace ringmaker::wire {
namespace {

template <class Number>
std::string formatted(Number value) {
  std::string out;
  append_number(out, value);
  return out;
}

TEST(NumberFormat, WritesNumbersAsPeopleDo) {
  EXPECT_EQ(formatted(0.0F), "0");
  EXPECT_EQ(formatted(-0.0F), "-0");
  EXPECT_EQ(formatted(1.0F), "1");
  EXPECT_EQ(formatted(100000.0F), "100000");
  EXPECT_EQ(formatted(-12.5F), "-12.5");
  EXPECT_EQ(formatted(0.1F), "0.1");
  EXPECT_EQ(formatted(0.1), "0.1");
  EXPECT_EQ(formatted(0.00001), "0.00001");
  EXPECT_EQ(formatted(0.000038585466F), "0.000038585466") << "fewest digits, not characters";
  EXPECT_EQ(formatted(0.0000099999F), "9.9999e-6");
  EXPECT_EQ(formatted(0.000001), "1e-6");
  EXPECT_EQ(formatted(1e15), "1000000000000000");
  EXPECT_EQ(formatted(1e16), "1e+16");
  EXPECT_EQ(formatted(1.5e300), "1.5e+300");
  EXPECT_EQ(formatted(123456.789), "123456.789");
  EXPECT_EQ(formatted(std::numeric_limits<float>::max()), "3.4028235e+38");
  EXPECT_EQ(formatted(std::numeric_limits<double>::denorm_min()), "5e-324");
  EXPECT_EQ(formatted(int64_t{-9223372036854775807} - 1), "-9223372036854775808");
  EXPECT_EQ(formatted(uint64_t{18446744073709551615ULL}), "18446744073709551615");
}

TEST(NumberFormat, NamesWhatIsNotFinite) {
  EXPECT_EQ(formatted(std::nanf("")), "nan");
  EXPECT_EQ(formatted(-std::numeric_limits<double>::infinity()), "-inf");
  EXPECT_EQ(formatted(std::numeric_limits<float>::infinity()), "inf");
}

TEST(NumberFormat, EveryKindOfFloatReadsBackAsItself) {
  std::mt19937 random(5);
  for (int i = 0; i < 200'000; ++i) {
    const auto value = std::bit_cast<float>(static_cast<uint32_t>(random()));
    if (!std::isfinite(value)) {
      continue;
    }
    const std::string text = formatted(value);
    ASSERT_LE(text.size(), kNumberBytesMax);
    ASSERT_EQ(std::strtof(text.c_str(), nullptr), value) << text;
  }
}

TEST(NumberFormat, EveryKindOfDoubleReadsBackAsItself) {
  std::mt19937_64 random(6);
  for (int i = 0; i < 200'000; ++i) {
    const auto value = std::bit_cast<double>(static_cast<uint64_t>(random()));
    if (!std::isfinite(value)) {
      continue;
    }
    const std::string text = formatted(value);
    ASSERT_LE(text.size(), kNumberBytesMax);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
  }
}

}  // namespace
}  // namespace ringmaker::wire
