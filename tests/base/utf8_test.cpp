#include "base/utf8.h"

#include <gtest/gtest.h>

namespace ringmaker::base {
namespace {

TEST(Utf8, TheFirstCharacterHasOneToFourBytes) {
  EXPECT_EQ(character_bytes("ab"), 1U);
  EXPECT_EQ(character_bytes("\u00e9b"), 2U);
  EXPECT_EQ(character_bytes("\u20acb"), 3U);
  EXPECT_EQ(character_bytes("\U0001f600b"), 4U);
}

TEST(Utf8, WhatIsNotWellFormedIsNone) {
  EXPECT_EQ(character_bytes(""), 0U);
  for (const char* text : {"\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                           "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82",
                           "\xE2\x82"
                           "b"}) {
    EXPECT_EQ(character_bytes(text), 0U) << text;
  }
}

}  // namespace
}  // namespace ringmaker::base
