// Plain numbers are what the careful reader makes of them; all others are left to it.
#include "wire/plain_number.h"

#include "base/random.h"
#include "wire/number_parse.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>
#include <string_view>

namespace ringmaker::wire {
namespace {

template <class Number>
std::string scanned(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const char* stop = scan_plain(text.data(), end, value);
  return stop == nullptr
             ? "no"
             : fmt::format("{} '{}'", value, text.substr(static_cast<size_t>(stop - text.data())));
}

TEST(PlainNumber, IsReadUpToWhatFollows) {
  EXPECT_EQ(scanned<double>("1.5,2"), "1.5 ',2'");
  EXPECT_EQ(scanned<double>("-12E2]"), "-1200 ']'");
  EXPECT_EQ(scanned<double>("0"), "0 ''");
  EXPECT_EQ(scanned<double>("-0.0 "), "-0 ' '");
  EXPECT_EQ(scanned<double>("3.1415927E-1,"), "0.31415927 ','");
  EXPECT_EQ(scanned<int32_t>("-2147483648 7"), "-2147483648 ' 7'");
  EXPECT_EQ(scanned<int32_t>("2147483647"), "2147483647 ''");
}

TEST(PlainNumber, AnythingElseIsLeftToOthers) {
  for (const std::string_view text :
       {"", "-", "+1", ".5", "1.", "1.e5", "1e", "1e+", "01", "-00", "NaN", "inf", "Infinity",
        "nan(1)", "1e99999", "1e400", " 1", "e5", "--1"}) {
    EXPECT_EQ(scanned<double>(text), "no") << text;
  }
  for (const std::string_view text : {"", "-", "+1", "1.5", "1e2", "2147483648", "-2147483649",
                                      "01", "99999999999999999999", "x"}) {
    EXPECT_EQ(scanned<int32_t>(text), "no") << text;
  }
}

TEST(PlainNumber, IsRoundedAsTheCarefulReaderDoes) {
  base::Random random(1);
  for (int i = 0; i < 200000; ++i) {
    const auto bits = random();
    const double any = std::bit_cast<double>(bits);
    const auto single = std::bit_cast<float>(static_cast<uint32_t>(bits));
    if (!std::isfinite(any) || !std::isfinite(single)) {
      continue;
    }
    for (const std::string& text :
         {fmt::format("{}", any), fmt::format("{}", single), fmt::format("{:.17g}", any),
          fmt::format("{:.9g}", single), fmt::format("{:.3f}", random.uniform() * 1e6),
          fmt::format("{}e{}", random.below(1000000), static_cast<int>(random.below(60)) - 30),
          fmt::format("{:.25f}", random.uniform())}) {
      double value = 0;
      const char* end = text.data() + text.size();
      ASSERT_EQ(scan_plain(text.data(), end, value), end) << text;
      ASSERT_EQ(std::bit_cast<uint64_t>(value), std::bit_cast<uint64_t>(parse_double(text).value))
          << text;
    }
  }
}

}  // namespace
}  // namespace ringmaker::wire
