#include "wire/number_fields.h"

#include "tests/support/instruction_sets.h"
#include "wire/number_parse.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::wire {
namespace {

/// Texts joined by commas in an exact-size heap block, so that reading outside it is seen.
struct Line {
  explicit Line(const std::vector<std::string>& fields) {
    std::string joined;
    marks.push_back(UINT32_MAX);
    for (const std::string& field : fields) {
      joined += (joined.empty() && marks.size() == 1 ? "" : ",") + field;
      marks.push_back(static_cast<uint32_t>(joined.size()));
    }
    text = std::make_unique<char[]>(joined.size());
    std::memcpy(text.get(), joined.data(), joined.size());
  }
  std::unique_ptr<char[]> text;
  std::vector<uint32_t> marks;
};

bool is_plain(std::string_view field) {
  if (field.empty() || field.size() > 16) {
    return false;
  }
  field.remove_prefix(field.front() == '-' ? 1 : 0);
  size_t points = 0;
  size_t digits = 0;
  for (const char c : field) {
    points += c == '.' ? 1 : 0;
    digits += c >= '0' && c <= '9' ? 1 : 0;
  }
  return digits > 0 && points <= 1 && points + digits == field.size();
}

void expect_parsed(const std::vector<std::string>& fields) {
  const Line line(fields);
  for (const auto set : test::instruction_sets_here()) {
    std::vector<float> out(fields.size(), -77.0F);
    const uint64_t left =
        fields_parser(set)(line.text.get(), line.marks.data(), fields.size(), out.data());
    ASSERT_TRUE(fields.size() == 64 || left >> fields.size() == 0);
    for (size_t k = 0; k < fields.size(); ++k) {
      const bool parsed = (left >> k & 1) == 0;
      ASSERT_TRUE(!parsed || is_plain(fields[k])) << name(set) << " took " << fields[k];
      if (parsed) {
        ASSERT_EQ(std::bit_cast<uint32_t>(out[k]),
                  std::bit_cast<uint32_t>(parse_float(fields[k]).value))
            << name(set) << ": " << fields[k];
      }
    }
  }
}

TEST(NumberFields, EveryCountOfFieldsIsParsedAndOthersAreReported) {
  std::vector<std::string> fields;
  const std::vector<std::string> samples = {"1",
                                            "-2.5",
                                            "",
                                            "1e5",
                                            "0.333333",
                                            "1234567890123456",
                                            "12345678901234567",
                                            "-",
                                            ".",
                                            "-.",
                                            "x",
                                            "1-2",
                                            "1.2.3",
                                            "5.",
                                            ".5",
                                            "-0",
                                            "--1",
                                            "16777217",
                                            "\"1\"",
                                            " 1",
                                            "nan"};
  for (size_t i = 0; i < 64; ++i) {
    fields.push_back(samples[i % samples.size()]);
    expect_parsed(fields);
  }
}

TEST(NumberFields, OrdinaryFieldsAreNotLeftOver) {
  const std::vector<std::string> fields = {"1",  "0.5",    "-3.25",   "123456", "0.000123",
                                           "-9", "77.125", "1234.56", "3",      "-0.75"};
  const Line line(fields);
  for (const auto set : test::instruction_sets_here()) {
    std::vector<float> out(fields.size());
    EXPECT_EQ(fields_parser(set)(line.text.get(), line.marks.data(), fields.size(), out.data()), 0U)
        << name(set);
  }
}

TEST(NumberFields, AllSetsAgreeWithTheSlowParserOnPrintedNumbers) {
  std::mt19937_64 random(21);
  std::normal_distribution<double> normal(0, 1000);
  static constexpr const char* kFormats[] = {"%.6g", "%.0f", "%.3f", "%.12f", "%.15g", "%.9e"};
  char text[64];
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string> fields(random() % 64 + 1);
    for (std::string& field : fields) {
      std::snprintf(text, sizeof text, kFormats[random() % 6], normal(random));
      field = text;
    }
    expect_parsed(fields);
  }
}

TEST(NumberFields, AllSetsAgreeNearFloatTies) {
  // Decimal texts of the middle between neighbouring floats, and of numbers just beside it.
  std::mt19937 random(22);
  char text[64];
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string> fields(8);
    for (std::string& field : fields) {
      const float low =
          std::ldexp(static_cast<float>(random() >> 8U), -static_cast<int>(random() % 20));
      const double middle = (static_cast<double>(low) + std::nextafter(low, INFINITY)) / 2;
      std::snprintf(text, sizeof text, "%.*f", static_cast<int>(random() % 14), middle);
      field = std::string(text).substr(0, 16);
    }
    expect_parsed(fields);
  }
}

TEST(NumberFields, AllSetsAgreeOnRandomBytes) {
  std::mt19937 random(23);
  constexpr std::string_view kAlphabet = "0123456789012345678901234567890123456789..--+eE\" x\xff";
  for (int i = 0; i < 20'000; ++i) {
    std::vector<std::string> fields(random() % 20 + 1);
    for (std::string& field : fields) {
      const size_t length = random() % 19;
      for (size_t c = 0; c < length; ++c) {
        field += kAlphabet[random() % kAlphabet.size()];
      }
    }
    expect_parsed(fields);
  }
}

}  // namespace
}  // namespace ringmaker::wire
