#include "codec/json/json_splitter.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::codec {
namespace {

using Token = JsonSplitter::Token;

/// Tokens and contents in one line, of `text` given in pieces of `step` bytes.
std::string split(std::string_view text, size_t step = SIZE_MAX, bool whole_if_flat = false) {
  JsonSplitter splitter;
  splitter.reset();
  std::string out;
  while (!text.empty()) {
    const std::string_view piece = text.substr(0, step);
    text.remove_prefix(piece.size());
    for (size_t at = 0;;) {
      const JsonSplitter::Step told = splitter.next(piece, at);
      out += told.content;
      switch (told.token) {
        case Token::kNeedMore:
          break;
        case Token::kBeginArray:
          out += splitter.key() + "[";
          if (splitter.key() == "deep" && !splitter.descended()) {
            splitter.descend();
          } else if (whole_if_flat) {
            splitter.keep_flat_array_whole();
          }
          continue;
        case Token::kElement:
          out += splitter.is_whole_array() ? "!" : "|";
          continue;
        case Token::kEndArray:
          out += "]";
          continue;
        case Token::kValue:
          out += "<" + splitter.key() + ">";
          continue;
        case Token::kBeginObject:
          out += "(";
          continue;
        case Token::kEndObject:
          out += ")";
          continue;
        case Token::kSyntaxError:
          return out + " syntax";
        case Token::kDepthError:
          return out + " depth";
        case Token::kNotAContainer:
          return out + " scalar";
      }
      break;
    }
  }
  return out + (splitter.complete() ? "." : splitter.at_start() ? " nothing" : " cut");
}

TEST(JsonSplitter, CutsArraysAtTheirCommas) {
  EXPECT_EQ(split("[[1,2], {\"a\":[3]} ]"), "[[1,2]| {\"a\":[3]} |].");
  EXPECT_EQ(split("[]"), "[].");
  EXPECT_EQ(split(" [ ] "), "[].");
  EXPECT_EQ(split("[1,2]"), "[1|2|].");
  EXPECT_EQ(split("[\"],\\\"\",\"[\"]"), "[\"],\\\"\"|\"[\"|].");
  EXPECT_EQ(split("\xEF\xBB\xBF[1]"), "[1|].");
}

TEST(JsonSplitter, TellsTheMembersOfTheOutermostObject) {
  EXPECT_EQ(split(R"({"k" : [1, [2]], "v":{"x":[1,2]},"s":"a,}", "n":5 })"),
            R"(k[1| [2]|]{"x":[1,2]}<v>"a,}"<s>5 <n>.)");
  EXPECT_EQ(split("{}"), ".");
  EXPECT_EQ(split(R"({"a\"b":1})"), "1<a\"b>.");
}

TEST(JsonSplitter, KeysAreReadAndMustBeText) {
  for (size_t step = 1; step < 20; ++step) {
    EXPECT_EQ(split(R"({"inst\u0061nces":[1],"\u00fc\n":2})", step), "instances[1|]2<\u00fc\n>.");
    EXPECT_EQ(split("{\"\u00fc\":1,\"a\":2}", step), "1<\u00fc>2<a>.");
    for (const std::string_view wrong :
         {"\xff", "\xed\xa0\x80", "a\x01", "\\ud800", "\\x", "\\u12"}) {
      EXPECT_EQ(split("{\"" + std::string(wrong) + "\":[1]}", step), " syntax") << wrong;
    }
  }
}

TEST(JsonSplitter, ObjectsOfAnArrayAreCutAsThePayloadIs) {
  constexpr std::string_view kText =
      R"({"deep" : [ {"a":1, "b":[2,[3]]} , { } ], "k":[4], "deep":[] })";
  for (size_t step = 1; step <= kText.size(); ++step) {
    EXPECT_EQ(split(kText, step), "deep[(1<a>b[2|[3]|])()]k[4|]deep[].") << step;
  }
  EXPECT_EQ(split(R"({"deep":[{"deep":[1]}]})"), "deep[(deep[1|])].");
  EXPECT_EQ(split(R"({"deep":[1]})"), "deep[ scalar");
  EXPECT_EQ(split(R"({"deep":[{},]})"), "deep[() syntax");
  EXPECT_EQ(split(R"({"deep":[{}{}]})"), "deep[() syntax");
  EXPECT_EQ(split(R"({"deep":[,{}]})"), "deep[ syntax");
}

TEST(JsonSplitter, FlatArraysMayStayWhole) {
  EXPECT_EQ(split("[1, [2], 3]", SIZE_MAX, true), "[1, [2], 3!].");
  EXPECT_EQ(split("[[1],2]", SIZE_MAX, true), "[[1]|2|].");
  EXPECT_EQ(split("[ 1,2 ]", SIZE_MAX, true), "[1,2 !].");
}

TEST(JsonSplitter, ArraysOfTextsAreCutWhereOnlyThoseOfNumbersStayWhole) {
  for (const auto& [text, element, whole] :
       {std::tuple("[ \"a,b\", 2]", "\"a,b\"", false), {"[1,2]", "1,2", true}}) {
    JsonSplitter splitter;
    splitter.reset();
    size_t at = 0;
    ASSERT_EQ(splitter.next(text, at).token, Token::kBeginArray);
    splitter.keep_array_of_numbers_whole();
    const JsonSplitter::Step step = splitter.next(text, at);
    EXPECT_EQ(step.token, Token::kElement);
    EXPECT_EQ(step.content, element);
    EXPECT_EQ(splitter.is_whole_array(), whole);
  }
}

TEST(JsonSplitter, EveryCutGivesTheSameTokens) {
  for (const std::string_view text :
       {R"({"k" : [1, [2,"\"]"]], "v":{"x":[1,2]},"s":"a,\\", "n":5 } )", "[[1,2],[3,4]]",
        "\xEF\xBB\xBF{\"a\":[{\"b\":\"\\u005d\"}]}", "[1,,2]", "[1] x", "{\"a\":}"}) {
    const std::string whole = split(text);
    for (size_t step = 1; step < text.size(); ++step) {
      EXPECT_EQ(split(text, step), whole) << step;
    }
  }
}

TEST(JsonSplitter, RefusesWhatItCanSee) {
  EXPECT_EQ(split("[,1]"), "[ syntax");
  EXPECT_EQ(split("[1,]"), "[1| syntax");
  EXPECT_EQ(split("[1}"), "[1 syntax");
  EXPECT_EQ(split("{\"a\" 1}"), " syntax");
  EXPECT_EQ(split("{\"a\":1,}"), "1<a> syntax");
  EXPECT_EQ(split("{,}"), " syntax");
  EXPECT_EQ(split("{a:1}"), " syntax");
  EXPECT_EQ(split("{\"a\":,}"), " syntax");
  EXPECT_EQ(split("{\"a\":[1]]"), "a[1|] syntax");
  EXPECT_EQ(split("[1] 2"), "[1|] syntax");
  EXPECT_EQ(split("\xEF\xBB[1]"), " syntax");
  EXPECT_EQ(split("x"), " syntax");
  EXPECT_EQ(split("5"), " scalar");
  EXPECT_EQ(split("\"a\""), " scalar");
  EXPECT_EQ(split("  "), " nothing");
  EXPECT_EQ(split("[1"), "[1 cut");
  EXPECT_EQ(split("{\"" + std::string(JsonSplitter::kKeyBytesMax + 1, 'k') + "\":1}"), " syntax");
}

TEST(JsonSplitter, DepthIsBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  const auto member = [&](size_t depth) { return "{\"a\":" + nested(depth) + "}"; };
  EXPECT_EQ(split(nested(JsonSplitter::kDepthMax)).back(), '.');
  EXPECT_TRUE(split(nested(JsonSplitter::kDepthMax + 1)).ends_with(" depth"));
  EXPECT_EQ(split(member(JsonSplitter::kDepthMax - 1)).back(), '.');
  EXPECT_TRUE(split(member(JsonSplitter::kDepthMax)).ends_with(" depth"));
  EXPECT_TRUE(split(std::string(1'000'000, '[')).ends_with(" depth"));
  const std::string objects = "{\"a\":{\"b\":" + nested(JsonSplitter::kDepthMax - 2) + "}}";
  EXPECT_EQ(split(objects).back(), '.');
}

}  // namespace
}  // namespace ringmaker::codec
