#include "codec/csv/csv_lexer.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Reads `text` as a caller does whose buffer grows by `step` bytes at a time.
Rows lexed(std::string_view text, size_t step = SIZE_MAX, char separator = ',') {
  CsvLexer lexer(separator);
  Rows rows;
  size_t begin = 0;
  size_t end = 0;
  for (bool last = false; !last;) {
    end = step >= text.size() - end ? text.size() : end + step;
    last = end == text.size();
    for (;;) {
      lexer.index(text.substr(begin, end - begin), last, 256);
      if (lexer.rows() == 0) {
        break;
      }
      for (size_t i = 0; i < lexer.rows(); ++i) {
        rows.emplace_back();
        for (size_t k = 0; k < lexer.row(i).fields; ++k) {
          rows.back().emplace_back(lexer.field(i, k));
        }
      }
      begin += lexer.consumed();
    }
  }
  EXPECT_EQ(begin, text.size());
  return rows;
}

TEST(CsvLexer, FindsRowsAndFields) {
  EXPECT_EQ(lexed("a,b\nc,d\n"), (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(lexed("a,b\nc,d"), (Rows{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(lexed(",\n\n,,"), (Rows{{"", ""}, {""}, {"", "", ""}}));
  EXPECT_EQ(lexed("a;b", SIZE_MAX, ';'), (Rows{{"a", "b"}}));
  EXPECT_EQ(lexed(""), Rows{});
  EXPECT_EQ(lexed("\n"), (Rows{{""}}));
}

TEST(CsvLexer, SeparatorsAndNewlinesInsideQuotesAreText) {
  EXPECT_EQ(lexed("\"a,\n\"\"b\",c\r\nd"), (Rows{{"\"a,\n\"\"b\"", "c\r"}, {"d"}}));
}

TEST(CsvLexer, QuotedFieldSpansTwoBlocks) {
  const std::string field = "\"" + std::string(100, ',') + "\n" + std::string(100, '\n') + "\"";
  const Rows expected = {{"1", field}, {"2", "3"}};
  for (const size_t step : {1U, 63U, 64U, 65U, 128U}) {
    EXPECT_EQ(lexed("1," + field + "\n2,3\n", step), expected) << step;
  }
}

TEST(CsvLexer, EveryCutGivesTheSameRows) {
  std::mt19937 random(41);
  constexpr std::string_view kAlphabet = "0123456789.,,\n\r\"";
  for (int i = 0; i < 300; ++i) {
    std::string text(random() % 300, ' ');
    for (char& c : text) {
      c = kAlphabet[random() % kAlphabet.size()];
    }
    const Rows whole = lexed(text);
    for (const size_t step : {1U, 7U, 64U, 100U}) {
      ASSERT_EQ(lexed(text, step), whole);
    }
  }
}

TEST(CsvLexer, RowsLongerThanARunAreWhole) {
  std::string text;
  for (int row = 0; row < 3; ++row) {
    for (int k = 0; k < 20'000; ++k) {
      text += (k == 0 ? "" : ",") + std::to_string(k);
    }
    text += '\n';
  }
  const Rows rows = lexed(text, 5000);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].size(), 20'000U);
  EXPECT_EQ(rows[2][19'999], "19999");
}

TEST(CsvLexer, AQuoteOpenAtTheEndIsTold) {
  CsvLexer lexer;
  lexer.index("1,\"2\n", false);
  EXPECT_EQ(lexer.rows(), 0U);
  lexer.index("1,\"2\n", true);
  EXPECT_EQ(lexer.rows(), 1U);
  EXPECT_TRUE(lexer.unclosed_quote());
}

TEST(CsvLexer, FieldTextTakesOffBlanksAndQuotes) {
  struct Case {
    std::string_view raw;
    std::string_view text;
    bool quoted;
  };
  for (const Case& c : std::vector<Case>{{"abc", "abc", false},
                                         {" a b\t\r", "a b", false},
                                         {"", "", false},
                                         {"\"\"", "", true},
                                         {" \"a, b\" \r", "a, b", true},
                                         {"\" a \"", " a ", true},
                                         {"\"say \"\"hi\"\"\"", "say \"hi\"", true}}) {
    std::string scratch;
    const CsvText field = field_text(c.raw, scratch);
    EXPECT_TRUE(field.well_formed) << c.raw;
    EXPECT_EQ(field.text, c.text) << c.raw;
    EXPECT_EQ(field.quoted, c.quoted) << c.raw;
  }
  for (const std::string_view raw : {"a\"b", "\"a\"b", "\"", "\"a", "\"a\"\"", "\"a\"b\""}) {
    std::string scratch;
    EXPECT_FALSE(field_text(raw, scratch).well_formed) << raw;
  }
}

}  // namespace
}  // namespace ringmaker::codec
