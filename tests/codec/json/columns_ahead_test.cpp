#include "codec/json/columns_ahead.h"

#include "codec/json/column_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

using testing::ElementsAre;
using testing::Optional;

/// Looks from behind the bracket of "data" on, `piece` bytes at a time.
class ColumnsAheadTest : public testing::Test {
 protected:
  void look(std::string_view payload, size_t piece = SIZE_MAX) {
    JsonSplitter splitter;
    splitter.reset();
    size_t at = 0;
    while (splitter.next(payload, at).token != JsonSplitter::Token::kBeginArray) {
    }
    ahead_.reset();
    ahead_.begin(splitter, at);
    while (ahead_.looking()) {
      const std::string_view part = payload.substr(at, piece);
      at += ahead_.look(part, at + part.size() == payload.size());
    }
  }

  wire::JsonEvents events_;
  ColumnsAhead ahead_{events_};
};

TEST_F(ColumnsAheadTest, FindsTheNamesWhereverTheTextIsCut) {
  const std::string payload = R"({"data":[[1,2],[3,"]"]],"index":["columns"],"columns":["a",2]})";
  for (size_t piece = 1; piece <= payload.size(); ++piece) {
    look(payload, piece);
    EXPECT_THAT(ahead_.columns(), Optional(ElementsAre("a", "2"))) << piece;
    EXPECT_TRUE(std::string_view(payload).substr(9).starts_with(ahead_.held()));
    EXPECT_EQ(ahead_.held_byte(), 9U);
  }
}

TEST_F(ColumnsAheadTest, FindsNothingWhereThereIsNothing) {
  for (const char* payload :
       {R"({"data":[[1,2]]})", R"({"data":[])", R"({"data":[[1,2]],"columns":5})",
        R"({"data":[[1,2]],"columns":["a",[]]})", R"({"data":[[1,2]],,)",
        R"({"data":[{"columns":["a"]}]})"}) {
    look(payload);
    EXPECT_FALSE(ahead_.columns().has_value()) << payload;
  }
}

TEST_F(ColumnsAheadTest, LooksAsFarAsItsLimitAndKeepsNoMore) {
  const std::string end = R"(],"columns":["a"])";
  for (const size_t more : {0U, 1U}) {
    const std::string payload =
        R"({"data":[)" + std::string(ColumnsAhead::kBytesMax - end.size() + more, ' ') + end + "}";
    for (const size_t piece : {size_t{1000}, payload.size()}) {
      look(payload, piece);
      EXPECT_EQ(ahead_.columns().has_value(), more == 0);
      EXPECT_LE(ahead_.held().size(), ColumnsAhead::kBytesMax);
    }
  }
}

TEST_F(ColumnsAheadTest, WhatIsHeldIsReadInParts) {
  look(R"({"data":[1,2,3]})");
  ASSERT_EQ(ahead_.held(), "1,2,3]}");
  ahead_.drop(2);
  EXPECT_EQ(ahead_.held(), "2,3]}");
  EXPECT_EQ(ahead_.held_byte(), 11U);
  ahead_.hold(" ");
  ahead_.drop(4);
  EXPECT_EQ(ahead_.held(), "} ");
  EXPECT_EQ(ahead_.held_byte(), 15U);
}

TEST(ColumnNames, AreTextsOrNumbersAndNothingElse) {
  for (const auto& [text, good] : {std::pair{R"(["a",1,"b"])", true},
                                   {"[null]", false},
                                   {"[true]", false},
                                   {"[{}]", false},
                                   {"[[]]", false}}) {
    std::vector<std::string> names;
    ColumnNames reader(names);
    std::string padded(text);
    padded.reserve(padded.size() + wire::JsonEvents::kPadding);
    const auto outcome = wire::JsonEvents().parse(padded, reader).outcome;
    EXPECT_EQ(outcome == wire::JsonOutcome::kComplete, good) << text;
  }
}

}  // namespace
}  // namespace ringmaker::codec
