#include "train/reader/printable.h"

#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

TEST(Printable, WhatATerminalWouldObeyIsAQuestionMark) {
  EXPECT_EQ(printable("age \"\xC3\xA9\" \xE2\x82\xAC"), "age \"\xC3\xA9\" \xE2\x82\xAC");
  EXPECT_EQ(printable("\x1b[31mred\r\n\x7f"), "?[31mred???");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m \xC2\xA0"),
            "?31m \xC2\xA0")
      << "one character, two bytes";
  EXPECT_EQ(printable("caf\xE9 \xC2"), "caf? ?") << "not UTF-8";
  EXPECT_EQ(printable(""), "");
}

}  // namespace
}  // namespace ringmaker::train
