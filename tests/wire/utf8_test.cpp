#include "wire/utf8.h"

#include <gtest/gtest.h>

namespace ringmaker::wire {
namespace {

TEST(Utf8, AcceptsWellFormedTextOnly) {
  for (const std::string_view good : {"", "abc", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x99\x82",
                                      "\xed\x9f\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
    EXPECT_EQ(utf8_valid_prefix(good), good.size());
  }
  for (const std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xff"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_EQ(utf8_valid_prefix(bad), 0U);
    EXPECT_EQ(utf8_valid_prefix("ok\xc3\xa4" + std::string(bad)), 4U);
  }
}

TEST(Utf8, PrintableEscapesAndShortens) {
  EXPECT_EQ(printable("plain \xc3\xa4"), "plain \xc3\xa4");
  EXPECT_EQ(printable("a\"b\\c\n\r\t"), "a\\\"b\\\\c\\n\\r\\t");
  EXPECT_EQ(printable(std::string_view("\0\x1b\x7f\xff", 4)), "\\x00\\x1b\\x7f\\xff");
  EXPECT_EQ(printable("abcdef", 3), "abc…");
  EXPECT_EQ(printable("ab\xc3\xa4", 3), "ab…");
  EXPECT_EQ(printable("abc", 3), "abc");
}

}  // namespace
}  // namespace ringmaker::wire
