#include "model/import/pickle_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ringmaker::model {
namespace {

using std::string_view_literals::operator""sv;

base::Result<PickledBytes> scanned(std::string_view text) {
  return scan_pickle(std::as_bytes(std::span(text.data(), text.size())));
}

std::string longest(std::string_view text) {
  const auto found = scanned(text);
  EXPECT_TRUE(found) << found.error().message();
  return {reinterpret_cast<const char*>(found->longest.data()), found->longest.size()};
}

TEST(PickleScan, FindsTheLongestBytesOfEveryProtocol) {
  EXPECT_EQ(longest("\x80\x03}q\x00(X\x01\x00\x00\x00h"
                    "C\x02hi"
                    "C\x01xu."sv),
            "hi");
  EXPECT_EQ(longest("\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00"
                    "B\x03\x00\x00\x00"
                    "abc\x94."sv),
            "abc");
  EXPECT_EQ(longest("\x80\x05\x96\x03\x00\x00\x00\x00\x00\x00\x00"
                    "xyz."sv),
            "xyz");
  EXPECT_EQ(longest("\x80\x02X\x03\x00\x00\x00"
                    "a\xC3\xBF."sv),
            "a\xFF");
  EXPECT_EQ(longest("\x80\x02T\x02\x00\x00\x00okL12\nI1\nK\x01M\x01\x02J\x01\x02\x03\x04."sv),
            "ok");
}

TEST(PickleScan, KnowsABoosterByItsName) {
  EXPECT_TRUE(scanned("\x80\x02"
                      "cxgboost.core\nBooster\n."sv)
                  ->of_xgboost);
  EXPECT_TRUE(scanned("\x80\x04\x8c\x0cxgboost.core\x8c\x07"
                      "Booster\x93."sv)
                  ->of_xgboost);
  EXPECT_FALSE(scanned("\x80\x02"
                       "cos\nsystem\n."sv)
                   ->of_xgboost);
}

TEST(PickleScan, WhatIsCutOffOrUnknownIsAnError) {
  for (const std::string_view text :
       {"\x80\x02"sv, "\x80\x02X\xFF\xFF\xFF\xFF"sv,
        "\x80\x05\x96\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF."sv, "\x80\x02~."sv, "\x80\x02I12"sv, ""sv}) {
    EXPECT_FALSE(scanned(text));
  }
}

TEST(PickleScan, AProtocolBeforeTwoHasNoMark) {
  const auto mark = [](std::string_view text) {
    return is_pickle(std::as_bytes(std::span(text.data(), text.size())));
  };
  EXPECT_TRUE(mark("\x80\x02"sv));
  EXPECT_TRUE(mark("\x80\x05"sv));
  EXPECT_FALSE(mark("\x80\x06"sv));
  EXPECT_FALSE(mark("(dp0"sv));
  EXPECT_FALSE(mark("\x80"sv));
}

}  // namespace
}  // namespace ringmaker::model
