#include "wire/json_writer.h"

#include "wire/json_reader.h"

#include <gtest/gtest.h>

#include <limits>

namespace ringmaker::wire {
namespace {

TEST(JsonWriter, WritesCompactDocuments) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object();
  writer.member("s", "a\"b\\\n\x01").member("t", true).member("i", -3).member("u", uint64_t{7});
  writer.member("f", 0.1F).member("d", 0.1).key("n").null();
  writer.key("a").begin_array().value(1).value("x").begin_object().end_object().end_array();
  writer.end_object();
  EXPECT_EQ(out, R"({"s":"a\"b\\\n\u0001","t":true,"i":-3,"u":7,"f":0.1,"d":0.1,"n":null,)"
                 R"("a":[1,"x",{}]})");
}

TEST(JsonWriter, PrettyLayoutIndentsAndEndsWithANewline) {
  std::string out;
  JsonWriter writer(out, JsonWriter::Layout::kPretty);
  writer.begin_object().member("a", 1).key("list").begin_array(true).value(1).value(2).end_array();
  writer.key("inner").begin_object().member("b", "c").end_object();
  writer.key("none").begin_array().end_array().end_object();
  EXPECT_EQ(out,
            "{\n  \"a\": 1,\n  \"list\": [1, 2],\n  \"inner\": {\n    \"b\": \"c\"\n  },\n"
            "  \"none\": []\n}\n");
}

TEST(JsonWriter, NotFiniteNumbersBecomeNull) {
  std::string out;
  JsonWriter(out)
      .begin_array()
      .value(std::numeric_limits<float>::quiet_NaN())
      .value(-std::numeric_limits<double>::infinity())
      .end_array();
  EXPECT_EQ(out, "[null,null]");
}

TEST(JsonWriter, TextThatIsNotUtf8IsReplaced) {
  std::string out;
  append_json_string(out, "a\xff\xc3\xa4\xe2\x82");
  EXPECT_EQ(out, "\"a\xEF\xBF\xBD\xc3\xa4\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonWriter, WhatItWritesReadsBack) {
  std::string every_byte;
  for (int c = 0; c < 128; ++c) {
    every_byte += static_cast<char>(c);
  }
  std::string out;
  JsonWriter(out).begin_object().member(every_byte, every_byte).end_object();
  const auto root = JsonValue::parse(out);
  ASSERT_TRUE(root.has_value()) << root.error().message();
  EXPECT_EQ(root->find(every_byte)->as_string().value(), every_byte);
}

}  // namespace
}  // namespace ringmaker::wire
