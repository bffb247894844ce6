#include "wire/delimiter_scan.h"

#include "tests/support/instruction_sets.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::wire {
namespace {

struct Scanned {
  std::vector<uint32_t> marks;
  std::vector<uint32_t> rows;
  bool quoted = false;
  bool quotes_seen = false;
  bool operator==(const Scanned&) const = default;
};

/// Scans `text` in pieces cut at `cuts`, from an exact-size heap copy.
Scanned scanned(base::InstructionSet set, std::string_view text, char separator = ',',
                std::vector<size_t> cuts = {}) {
  const auto copy = std::make_unique<char[]>(text.size());
  std::memcpy(copy.get(), text.data(), text.size());
  Scanned result;
  result.marks.resize(text.size() + 64);
  result.rows.resize(text.size() + 64);
  DelimiterScan scan;
  scan.separator = separator;
  scan.marks = result.marks.data();
  scan.rows = result.rows.data();
  cuts.push_back(text.size());
  size_t begin = 0;
  for (const size_t cut : cuts) {
    delimiter_scanner(set)(copy.get(), begin, cut, scan);
    begin = cut;
  }
  result.marks.resize(scan.marks_count);
  result.rows.resize(scan.rows_count);
  result.quoted = scan.quoted != 0;
  result.quotes_seen = scan.quotes_seen != 0;
  return result;
}

TEST(DelimiterScan, MarksSeparatorsAndNewlinesOutsideQuotes) {
  for (const auto set : {base::InstructionSet::kPortable, base::detect_instruction_set()}) {
    const Scanned result = scanned(set, "a,\"b,\n\"\"c\",d\ne,f\n");
    EXPECT_EQ(result.marks, (std::vector<uint32_t>{1, 10, 12, 14, 16})) << name(set);
    EXPECT_EQ(result.rows, (std::vector<uint32_t>{3, 5})) << name(set);
    EXPECT_TRUE(result.quotes_seen);
    EXPECT_FALSE(result.quoted);
  }
}

TEST(DelimiterScan, QuotesOpenAtTheEndAreRemembered) {
  for (const auto set : {base::InstructionSet::kPortable, base::detect_instruction_set()}) {
    EXPECT_TRUE(scanned(set, "1,\"2,\n3").quoted) << name(set);
    EXPECT_FALSE(scanned(set, "1,2,\n3").quotes_seen) << name(set);
  }
}

TEST(DelimiterScan, AllSetsAndAllCutsAgree) {
  std::mt19937 random(31);
  for (int i = 0; i < 3000; ++i) {
    const std::string_view alphabet =
        i % 2 == 0 ? "0123456789.,;\n\r\"" : "01234567890123456789,,\n";
    std::string text(random() % 400, ' ');
    for (char& c : text) {
      c = alphabet[random() % alphabet.size()];
    }
    const char separator = i % 3 == 0 ? ';' : ',';
    const Scanned reference = scanned(base::InstructionSet::kPortable, text, separator);
    const size_t cut = random() % (text.size() + 1);
    for (const auto set : test::instruction_sets_here()) {
      EXPECT_EQ(scanned(set, text, separator), reference) << name(set);
      EXPECT_EQ(scanned(set, text, separator, {cut}), reference) << name(set) << " cut at " << cut;
    }
  }
}

TEST(DelimiterScan, ABlockOfMarksAloneFits) {
  for (const auto set : test::instruction_sets_here()) {
    const std::string text(256, '\n');
    EXPECT_EQ(scanned(set, text).rows.size(), 256U);
    EXPECT_EQ(scanned(set, text), scanned(base::InstructionSet::kPortable, text));
  }
}

}  // namespace
}  // namespace ringmaker::wire
