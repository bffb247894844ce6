#include "http/utf8_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ringmaker::http {
namespace {

/// As one text, cut at every place, and byte by byte: all agree.
bool valid(std::string_view text) {
  Utf8Stream whole;
  const bool verdict = whole.take(text) && whole.whole();
  for (size_t cut = 0; cut <= text.size(); ++cut) {
    Utf8Stream pieces;
    EXPECT_EQ(pieces.take(text.substr(0, cut)) && pieces.take(text.substr(cut)) && pieces.whole(),
              verdict)
        << text << " cut at " << cut;
  }
  return verdict;
}

TEST(Utf8Stream, TextIsValidHoweverItIsCut) {
  EXPECT_TRUE(valid(""));
  EXPECT_TRUE(valid("plain, and longer than a word of eight"));
  EXPECT_TRUE(valid("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 and \xED\x9F\xBF\xEE\x80\x80"));
  EXPECT_TRUE(valid("\xF4\x8F\xBF\xBF"));
}

TEST(Utf8Stream, WhatIsNoUtf8IsRefused) {
  for (const char* text :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82",
        "\xF0\x9F\x98", "\xC3\x41", "\xE2\x41\xAC", "12345678\x80", "1234567\xC3"}) {
    EXPECT_FALSE(valid(text)) << text;
  }
}

TEST(Utf8Stream, IsRefusedAtTheFirstByteThatCannotBe) {
  Utf8Stream stream;
  EXPECT_TRUE(stream.take("\xED"));
  EXPECT_FALSE(stream.whole());
  EXPECT_FALSE(stream.take("\xA0")) << "a surrogate, though its last byte is yet to come";
  stream.reset();
  EXPECT_TRUE(stream.take("a"));
  EXPECT_TRUE(stream.whole());
}

}  // namespace
}  // namespace ringmaker::http
