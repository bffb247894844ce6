#include "wire/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::wire {
namespace {

using ::testing::HasSubstr;

JsonValue parsed(std::string_view text, JsonOptions options = {}) {
  auto value = JsonValue::parse(text, options);
  EXPECT_TRUE(value.has_value()) << text << ": " << (value ? "" : value.error().message());
  return value ? std::move(*value) : JsonValue();
}

std::string parse_error(std::string_view text, JsonOptions options = {}) {
  const auto value = JsonValue::parse(text, options);
  return value ? "(parsed)" : value.error().message();
}

TEST(JsonReader, ReadsEveryKindOfValue) {
  const JsonValue root = parsed(
      R"({"n":null,"b":true,"i":-42,"u":18446744073709551615,"d":1.5e3,"s":"a\n\u00e4","a":[1,[2]],"o":{}})");
  EXPECT_TRUE(root.find("n")->is_null());
  EXPECT_EQ(root.find("b")->as_bool().value(), true);
  EXPECT_EQ(root.find("i")->as_int64().value(), -42);
  EXPECT_EQ(root.find("u")->as_uint64().value(), 18446744073709551615ULL);
  EXPECT_EQ(root.find("d")->as_double().value(), 1500.0);
  EXPECT_EQ(root.find("s")->as_string().value(), "a\n\xc3\xa4");
  EXPECT_EQ(root.find("a")->as_array().value().size(), 2U);
  EXPECT_EQ(root.find("o")->as_object().value().size(), 0U);
  EXPECT_EQ(root.find("x"), nullptr);
}

TEST(JsonReader, ScalarsMayStandAlone) {
  EXPECT_EQ(parsed(" 7 ").as_int64().value(), 7);
  EXPECT_EQ(parsed("\"x\"").as_string().value(), "x");
  EXPECT_TRUE(parsed("null").is_null());
  EXPECT_EQ(parsed("false").as_bool().value(), false);
}

TEST(JsonReader, MembersKeepTheirOrderAndPath) {
  const JsonValue root = parsed(R"({"z":{"list":[{"deep":1}]},"a":2})");
  const auto members = root.as_object().value();
  EXPECT_EQ(members[0].key(), "z");
  EXPECT_EQ(members[1].key(), "a");
  const JsonValue& deep = members[0].find("list")->as_array().value()[0].as_object().value()[0];
  EXPECT_EQ(deep.path(), "z.list[0].deep");
}

TEST(JsonReader, WrongKindSaysPathExpectationAndWhatWasMet) {
  const JsonValue root = parsed(R"({"a":{"b":["x", 1.5]}})");
  const auto elements = root.find("a")->find("b")->as_array().value();
  EXPECT_EQ(elements[0].as_double().error().message(),
            R"("a.b[0]" should be a number, but is the string "x")");
  EXPECT_EQ(elements[1].as_int64().error().message(),
            R"("a.b[1]" should be a whole number, but is 1.5)");
  EXPECT_EQ(root.as_array().error().message(), "the document should be an array, but is an object");
  EXPECT_EQ(root.find("a")->require("c").error().message(), R"("a" has no "c")");
}

TEST(JsonReader, SyntaxErrorsSayWhere) {
  EXPECT_THAT(parse_error(""), HasSubstr("empty"));
  EXPECT_THAT(parse_error("  "), HasSubstr("empty"));
  EXPECT_THAT(parse_error("{\n\"a\": 1,\n\"b\": x}"), HasSubstr("line 3, column 6"));
  EXPECT_THAT(parse_error("{\"a\": \"b"), HasSubstr("not closed"));
  EXPECT_THAT(parse_error("[1, 2"), HasSubstr("line 1, column 5"));
  EXPECT_THAT(parse_error("{} {}"), HasSubstr("after the end"));
  EXPECT_THAT(parse_error("[1] x"), HasSubstr("after the end"));
  EXPECT_THAT(parse_error("[\"\xff\"]"), HasSubstr("byte 2): the text is not UTF-8"));
  EXPECT_THAT(parse_error(R"({"a":1,"a":2})"), HasSubstr("\"a\" occurs twice"));
}

TEST(JsonReader, RefusesWhatJsonDoesNotKnow) {
  for (const std::string_view text : {"[01]", "[1.]", "[.5]", "[+1]", "[nan]", "[1,,2]", "[tru]",
                                      "{\"a\" 1}", "{a:1}", "[1 2]", "[\"\\x\"]", "nul", "1 2"}) {
    EXPECT_NE(parse_error(text), "(parsed)") << text;
  }
}

TEST(JsonReader, DepthIsBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(parse_error(nested(JsonValue::kDepthMax)), "(parsed)");
  EXPECT_THAT(parse_error(nested(JsonValue::kDepthMax + 1)), HasSubstr("64 levels deep"));
  EXPECT_NE(parse_error(std::string(100'000, '[')), "(parsed)");
}

TEST(JsonReader, TrailingCommasAreAcceptedOnRequestOnly) {
  const std::string_view text = "{\"a\": [1, 2, ],\n \"b\": \"x,]\\\",}\",\n}";
  EXPECT_NE(parse_error(text), "(parsed)");
  const JsonValue root = parsed(text, {.trailing_commas = true});
  EXPECT_EQ(root.find("a")->as_array().value().size(), 2U);
  EXPECT_EQ(root.find("b")->as_string().value(), "x,]\",}");
  EXPECT_NE(parse_error("[1,,]", {.trailing_commas = true}), "(parsed)");
  EXPECT_NE(parse_error("[,]", {.trailing_commas = true}), "(parsed)");
}

TEST(JsonReader, AByteOrderMarkIsSkipped) {
  const auto document = JsonValue::parse("\xef\xbb\xbf{\"a\": 1}");
  ASSERT_TRUE(document) << document.error().message();
  EXPECT_NE(document->find("a"), nullptr);
  EXPECT_FALSE(JsonValue::parse("\xef\xbb\xbf\xef\xbb\xbf{}"));
}

}  // namespace
}  // namespace ringmaker::wire
