#include "codec/csv/csv_dialect.h"

#include <gtest/gtest.h>

namespace ringmaker::codec {
namespace {

TEST(CsvDialect, TheSeparatorThatFitsTheWidthWins) {
  EXPECT_EQ(sniff_separator("1,5;2,5", 2), ';');
  EXPECT_EQ(sniff_separator("1,5;2,5", 3), ',');
  EXPECT_EQ(sniff_separator("1,2;3", 2), ',');
  EXPECT_EQ(sniff_separator("a\tb\tc", 3), '\t');
  EXPECT_EQ(sniff_separator("a|b", 2), '|');
}

TEST(CsvDialect, ElseTheMostFrequentOutsideQuotes) {
  EXPECT_EQ(sniff_separator("a;b;c,d"), ';');
  EXPECT_EQ(sniff_separator("\"a;b;c;d\",e"), ',');
  EXPECT_EQ(sniff_separator("a;b,c"), ',');
  EXPECT_EQ(sniff_separator("12"), ',');
  EXPECT_EQ(sniff_separator(""), ',');
  EXPECT_EQ(sniff_separator("1;2;3", 7), ';');
}

TEST(CsvDialect, ReturnsThatEndRowsAreTold) {
  EXPECT_TRUE(has_bare_return("1,2\r3,4"));
  EXPECT_TRUE(has_bare_return("1\r\"a\"\r"));
  EXPECT_FALSE(has_bare_return("1,2\r\n"));
  EXPECT_FALSE(has_bare_return("1,2\r"));
  EXPECT_FALSE(has_bare_return("1\r,2\r\r")) << "a blank at the end of a field";
  EXPECT_FALSE(has_bare_return("\"a\rb\",2")) << "part of a quoted field";
}

TEST(CsvDialect, BlankLines) {
  EXPECT_TRUE(is_blank_line(""));
  EXPECT_TRUE(is_blank_line(" \t\r"));
  EXPECT_FALSE(is_blank_line(" , "));
}

}  // namespace
}  // namespace ringmaker::codec
