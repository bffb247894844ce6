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

}  // namespace
}  // namespace ringmaker::model
