#include "train/reader/printable.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

TEST(Printable, WhatATerminalWouldObeyIsEscaped) {
  EXPECT_EQ(printable("age \"\xC3\xA9\" \xE2\x82\xAC"), "age \"\xC3\xA9\" \xE2\x82\xAC");
  EXPECT_EQ(printable("\x1b[31mred\r\n\x7f"), R"(\x1b[31mred\r\n\x7f)");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m \xC2\xA0"),
            "\\xc2\\x9b"
            "31m \xC2\xA0")
      << "one character, two bytes";
  EXPECT_EQ(printable("caf\xE9 \xC3\xA9 \xC2"), "caf\\xe9 \xC3\xA9 \\xc2") << "not UTF-8";
  EXPECT_EQ(printable(std::string_view("3\0009", 3)), R"(3\x009)");
  EXPECT_EQ(printable(""), "");
}

}  // namespace
}  // namespace ringmaker::train
