#include "base/text.h"

#include <gtest/gtest.h>

namespace ringmaker::base {
namespace {

TEST(Text, BlanksAroundAreTakenOff) {
  EXPECT_EQ(trimmed("  a b\t"), "a b");
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("\r\n a\n"), "\r\n a\n") << "only what was asked for";
  EXPECT_EQ(trimmed("\r\n a\n", " \r\n"), "a");
}

TEST(Text, WhatIsLeftIsAPartOfTheText) {
  const std::string_view text = " \t ";
  EXPECT_EQ(trimmed(text).data(), text.data() + text.size());
}

TEST(Text, CaseOfAsciiDoesNotCount) {
  EXPECT_TRUE(equals_ignoring_case("GZip", "gzip"));
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("gzip", "gzi"));
  EXPECT_FALSE(equals_ignoring_case("[", "{")) << "32 apart, and no letters";
}

TEST(Text, ItemsOfAListComeOneByOne) {
  std::string_view list = " a,b ,,c";
  EXPECT_EQ(take_item(list), "a");
  EXPECT_EQ(take_item(list), "b");
  EXPECT_EQ(take_item(list), "");
  EXPECT_EQ(take_item(list), "c");
  EXPECT_TRUE(list.empty());
}

TEST(Text, OneIsNotCountedAsMany) {
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(0, "row"), "0 rows");
  EXPECT_EQ(counted(2, "leaf", "leaves"), "2 leaves");
  EXPECT_EQ(counted(1, "leaf", "leaves"), "1 leaf");
}

}  // namespace
}  // namespace ringmaker::base
