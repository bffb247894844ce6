#include "model/import/pickle_scan.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ringmaker::model {
namespace {

using std::string_view_literals::operator""sv;

base::Result<PickleContent> scanned(std::string_view text) {
  return scan_pickle(std::as_bytes(std::span(text.data(), text.size())));
}

/// The one byte string of an object of XGBoost's whose state is `opcodes`.
std::string string_of(std::string_view opcodes) {
  const auto found = scanned(
      "\x80\x02"
      "cxgboost.core\nBooster\n)\x81" +
      std::string(opcodes) + "b.");
  EXPECT_TRUE(found) << found.error().message();
  EXPECT_TRUE(found->of_xgboost);
  EXPECT_EQ(found->strings.size(), 1U);
  const auto& bytes = found->strings.at(0);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(PickleScan, FindsTheBytesOfEveryProtocol) {
  EXPECT_EQ(string_of("C\x10"
                      "0123456789abcdefC\x02hi"sv),
            "0123456789abcdef");
  EXPECT_EQ(string_of("B\x10\x00\x00\x00"
                      "0123456789abcdef\x94"sv),
            "0123456789abcdef");
  EXPECT_EQ(string_of("\x96\x10\x00\x00\x00\x00\x00\x00\x00"
                      "0123456789abcdef"sv),
            "0123456789abcdef");
  EXPECT_EQ(string_of("X\x11\x00\x00\x00"
                      "0123456789abcde\xC3\xBF"sv),
            "0123456789abcde\xFF");
  EXPECT_EQ(string_of("T\x10\x00\x00\x00"
                      "0123456789abcdefL12\nI1\nK\x01M\x01\x02"
                      "J\x01\x02\x03\x04"sv),
            "0123456789abcdef");
  EXPECT_EQ(string_of("V0123456789\\u000a\xFF"
                      "abcdef\n"sv),
            "0123456789\n\xFF"
            "abcdef");
}

TEST(PickleScan, KnowsTheClassOfTheOutermostObject) {
  const auto of_xgboost = [](std::string_view text) {
    const auto found = scanned(text);
    EXPECT_TRUE(found) << found.error().message();
    return found && found->of_xgboost;
  };
  EXPECT_TRUE(
      of_xgboost("\x80\x02"
                 "cxgboost.core\nBooster\n)\x81}b."sv));
  EXPECT_TRUE(
      of_xgboost("\x80\x04\x8c\x0fxgboost.sklearn\x94\x8c\x0cXGBRegressor\x94\x93)\x81}b."sv));
  EXPECT_TRUE(of_xgboost("ccopy_reg\n_reconstructor\nq\x00(cxgboost.core\nBooster\nN}b."sv));
  EXPECT_FALSE(
      of_xgboost("\x80\x02"
                 "cos\nsystem\n}b."sv));
  EXPECT_FALSE(of_xgboost("\x80\x02](cxgboost.core\nBooster\n)\x81}b."sv)) << "a list";
  EXPECT_FALSE(
      of_xgboost("\x80\x02"
                 "cxgboost.core\nBooster\n)\x81}bK\x01\x86."sv))
      << "a pair";
  EXPECT_FALSE(of_xgboost("\x80\x02X\x0c\x00\x00\x00xgboost.core."sv)) << "a text";
}

TEST(PickleScan, WhatIsCutOffOrUnknownIsAnError) {
  const std::string object =
      "\x80\x02"
      "cxgboost.core\nBooster\n";
  for (const std::string_view rest :
       {""sv, "X\xFF\xFF\xFF\xFF"sv, "\x96\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF."sv, "~."sv, "I12"sv}) {
    EXPECT_FALSE(scanned(object + std::string(rest)));
  }
  EXPECT_FALSE(scanned(""));
}

TEST(PickleScan, OfAnotherClassTheRestIsNotRead) {
  const auto found = scanned(
      "\x80\x02"
      "csklearn.svm\nSVC\n\xFF\xFF"sv);
  ASSERT_TRUE(found) << found.error().message();
  EXPECT_FALSE(found->of_xgboost);
}

TEST(PickleScan, AProtocolBeforeTwoIsKnownByHowItBegins) {
  const auto mark = [](std::string_view text) {
    return is_pickle(std::as_bytes(std::span(text.data(), text.size())));
  };
  EXPECT_TRUE(mark("\x80\x02"sv));
  EXPECT_TRUE(mark("\x80\x05"sv));
  EXPECT_FALSE(mark("\x80\x06"sv));
  EXPECT_FALSE(mark("\x80"sv));
  EXPECT_TRUE(mark("(dp0\n"sv));
  EXPECT_TRUE(mark("]q\x00("sv));
  EXPECT_TRUE(mark("ccopy_reg\n_reconstructor\n"sv));
  EXPECT_TRUE(mark("cnumpy.core.multiarray\n_reconstruct\n"sv));
  for (const std::string_view text : {"country\ncity\n", "c\n_reconstruct", "(draft)\n", "c"}) {
    EXPECT_FALSE(mark(text)) << text;
  }
}

}  // namespace
}  // namespace ringmaker::model
