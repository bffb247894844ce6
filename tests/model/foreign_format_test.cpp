#include "model/foreign_format.h"

#include <gtest/gtest.h>

namespace ringmaker::model {
namespace {

TEST(ForeignFormat, SaysNothingAboutWhatItDoesNotKnow) {
  for (const std::string_view text : {"", "x", "\x89RMK\r\n\x1a\n", "1,2,3\n"}) {
    EXPECT_FALSE(foreign_format(std::as_bytes(std::span(text)))) << text;
  }
}

TEST(ForeignFormat, TellsPickleFromOtherBytes) {
  for (const auto& [text, foreign] : {std::pair<std::string_view, bool>{"\x80\x05", true},
                                      {"\x80\x07", false},
                                      {"\x80", false}}) {
    EXPECT_EQ(foreign_format(std::as_bytes(std::span(text))).has_value(), foreign);
  }
}

TEST(ForeignFormat, CompressedPicklesAreNamed) {
  for (const std::string_view text : {"\x78\x01", "\x78\x5e", "\x78\x9c", "\x78\xda"}) {
    const auto sentence = foreign_format(std::as_bytes(std::span(text)));
    ASSERT_TRUE(sentence);
    EXPECT_NE(sentence->find("zlib, as joblib writes a Python pickle"), sentence->npos);
  }
}

TEST(ForeignFormat, JsonIsKnownByItsFirstByte) {
  const auto json = [](std::string_view text) { return is_json(std::as_bytes(std::span(text))); };
  EXPECT_TRUE(json("{}"));
  EXPECT_TRUE(json(" \n[1]"));
  EXPECT_FALSE(json(""));
  EXPECT_FALSE(json("a {}"));
}

TEST(ForeignFormat, AConfigurationOfXgboostIsNamed) {
  const std::string_view text = R"({"learner":{"learner_train_param":{"booster":"gbtree"}}})";
  EXPECT_NE(foreign_format(std::as_bytes(std::span(text)))->find("save_config"),
            std::string_view::npos);
}

}  // namespace
}  // namespace ringmaker::model
