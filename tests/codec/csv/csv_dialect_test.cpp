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
  EXPECT_EQ(sniff_separator("1,5;2,5;3,5"), ';') << "decimal commas";
  EXPECT_EQ(sniff_separator("setosa;5,1;-3,5;0\r"), ';');
  EXPECT_EQ(sniff_separator("1,5;2,5,3"), ',');
  EXPECT_EQ(sniff_separator("1,x;2,5"), ',');
}

TEST(CsvDialect, ReturnsThatEndRowsAreTold) {
  EXPECT_TRUE(has_bare_return("1,2\r3,4"));
  EXPECT_TRUE(has_bare_return("1\r\"a\"\r"));
  EXPECT_FALSE(has_bare_return("1,2\r\n"));
  EXPECT_FALSE(has_bare_return("1,2\r"));
  EXPECT_FALSE(has_bare_return("1\r,2\r\r")) << "a blank at the end of a field";
  EXPECT_FALSE(has_bare_return("\"a\rb\",2")) << "part of a quoted field";
}

TEST(CsvDialect, Utf16IsTold) {
  EXPECT_TRUE(
      looks_like_utf16("\xFF\xFE"
                       "1"));
  EXPECT_TRUE(looks_like_utf16("\xFE\xFF"));
  EXPECT_TRUE(looks_like_utf16(std::string_view("1\0,\0002\0", 6)));
  EXPECT_TRUE(looks_like_utf16(std::string_view("\0001\0,\0002\0", 7)));
  EXPECT_FALSE(looks_like_utf16("1,2"));
  EXPECT_FALSE(looks_like_utf16("\xC3\xBF,\xC3\xBE"));
  EXPECT_FALSE(looks_like_utf16(""));
  for (const std::string_view bytes :
       {std::string_view("5.1,\0,1.4", 9), std::string_view("\x80\4\x95\0\0\0\0", 7),
        std::string_view("\0\0\0\0", 4), std::string_view("\0", 1)}) {
    EXPECT_FALSE(looks_like_utf16(bytes)) << "a NUL alone makes no UTF-16";
    EXPECT_TRUE(holds_nul(bytes));
  }
  EXPECT_FALSE(holds_nul("1,2"));
}

TEST(CsvDialect, ValuesBetweenBlanksAreCounted) {
  EXPECT_EQ(blank_separated_values("1 2 3 4"), 4U);
  EXPECT_EQ(blank_separated_values("  1.5   -2e3 nan \r"), 3U);
  EXPECT_EQ(blank_separated_values("age mass", 2), 2U);
  EXPECT_EQ(blank_separated_values("age mass", 1), 0U) << "one name of two words";
  EXPECT_EQ(blank_separated_values("1 2x"), 0U);
  EXPECT_EQ(blank_separated_values("1"), 0U);
  EXPECT_EQ(blank_separated_values(" 1 "), 0U);
  EXPECT_EQ(blank_separated_values("1 2,3", 2), 0U);
  EXPECT_EQ(blank_separated_values("\"1 2\"", 2), 0U);
}

TEST(CsvDialect, WhatOtherToolsWriteForAMissingValueNamesNothing) {
  for (const char* name : {"a", "x1", "1st", "größe", "nation", "n"}) {
    EXPECT_TRUE(names_something(name)) << name;
  }
  for (const char* marker :
       {"", "?", "-", "--", ".", "12", "n/a", "N/A", "#N/A", "<NA>", "None", "\\N"}) {
    EXPECT_FALSE(names_something(marker)) << marker;
  }
}

TEST(CsvDialect, BlankLines) {
  EXPECT_TRUE(is_blank_line(""));
  EXPECT_TRUE(is_blank_line(" \t\r"));
  EXPECT_FALSE(is_blank_line(" , "));
}

}  // namespace
}  // namespace ringmaker::codec
