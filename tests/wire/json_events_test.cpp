#include "wire/json_events.h"

#include "tests/support/json_numbers.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

namespace ringmaker::wire {
namespace {

/// Writes events down in one line; stops at the string "stop".
class Recorder final : public JsonHandler {
 public:
  bool on_begin_array() override { return add("["); }
  bool on_end_array() override { return add("]"); }
  bool on_begin_object() override { return add("{"); }
  bool on_end_object() override { return add("}"); }
  bool on_key(std::string_view key) override { return add(std::string(key) + ":"); }
  bool on_number(double value, std::string_view token) override {
    return add((std::isinf(value) ? "inf=" : std::isnan(value) ? "nan=" : "") + std::string(token));
  }
  bool on_string(std::string_view text) override {
    add("'" + std::string(text) + "'");
    return text != "stop";
  }
  bool on_bool(bool truth) override { return add(truth ? "true" : "false"); }
  bool on_null() override { return add("null"); }

  std::string events;

 private:
  bool add(std::string_view event) {
    events += (events.empty() ? "" : " ") + std::string(event);
    return true;
  }
};

JsonResult parse(std::string_view text, Recorder& recorder) {
  JsonEvents events;
  const std::string padded = std::string(text) + std::string(JsonEvents::kPadding, '"');
  return events.parse(std::string_view(padded).substr(0, text.size()), recorder);
}

TEST(JsonEvents, TellsEverythingInOrder) {
  Recorder recorder;
  const JsonResult result =
      parse(R"( [1, -2.5e3 ,"a\n\u00e4",{"k":null,"l":[true,false],"":{}},[]] )", recorder);
  EXPECT_EQ(result.outcome, JsonOutcome::kComplete);
  EXPECT_EQ(recorder.events, "[ 1 -2.5e3 'a\n\xc3\xa4' { k: null l: [ true false ] : { } } [ ] ]");
}

/// Takes every array, or only those that begin as "[1".
class Lists final : public JsonLists {
 public:
  Lists(Recorder& recorder, bool all) : recorder_(recorder), all_(all) {}
  bool takes_list() override { return true; }
  bool on_list(std::string_view list) override {
    const bool taken = all_ || list.starts_with("[1");
    recorder_.events += taken ? " " + std::string(list) : "";
    return taken;
  }

 private:
  Recorder& recorder_;
  bool all_;
};

struct Told {
  JsonResult result;
  std::string events;
};

Told told_with_lists(std::string text, bool all) {
  Recorder recorder;
  Lists lists(recorder, all);
  const size_t size = text.size();
  text.append(JsonEvents::kPadding, '"');
  JsonEvents events;
  const JsonResult result = events.parse(std::string_view(text).substr(0, size), recorder, lists);
  return {result, recorder.events};
}

TEST(JsonEvents, ListsMayComeAsTheirText) {
  const auto told = [](const std::string& text, bool all) {
    const auto [result, events] = told_with_lists(text, all);
    return result.outcome == JsonOutcome::kComplete ? events : "damaged";
  };
  EXPECT_EQ(told(R"({"a":[2,[1,[3]],{"b":[]}],"c":[1],"d":4})", false),
            "{ a: [ 2 [ [1,[3]] ] { b: [ ] } ] c: [ [1] ] d: 4 }");
  EXPECT_EQ(told(R"({"a":[2,[]],"d":4})", true), "{ a: [ [2,[]] ] d: 4 }");
  EXPECT_EQ(told(R"([[2,],[1]])", false), "damaged");
  EXPECT_EQ(told(R"({"a":[1,2)", true), "damaged");
}

TEST(JsonEvents, LongListsAreToldAsShortOnesAre) {
  const std::string taken = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]";
  const std::string left = "[2,3,4,5,6,7,8,NaN,10,11,12,13,14,15,-1e999]";
  const std::string left_told = "[ 2 3 4 5 6 7 8 nan=NaN 10 11 12 13 14 15 inf=-1e999 ]";
  const Told told = told_with_lists("{\"a\":" + taken + ",\"b\":" + left + ",\"c\":[[" + left +
                                        "]," + taken + "," + left + "],\"d\":[1," + taken + "]}",
                                    false);
  EXPECT_EQ(told.result.outcome, JsonOutcome::kComplete);
  EXPECT_EQ(told.events, "{ a: [ " + taken + " ] b: " + left_told + " c: [ [ " + left_told +
                             " ] [ " + taken + " ] " + left_told + " ] d: [ [1," + taken + "] ] }");
}

TEST(JsonEvents, SaysWhereTheErrorIsAmongLongLists) {
  const std::string taken = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]";
  const std::string bad = "[2,3,4,5,6,7,8,9,10,11,12,13,14,15,x,16,17]";
  const std::string bytes = "[2,3,4,5,6,7,8,9,10,11,12,13,14,15,\xff,16,17]";
  const std::string begin = "{\"a\":" + taken + ",\"b\":" + taken + ",\"c\":";
  const JsonResult within = told_with_lists(begin + bad + "}", false).result;
  EXPECT_EQ(within.outcome, JsonOutcome::kSyntaxError);
  EXPECT_EQ(within.byte, begin.size() + bad.find('x'));
  const JsonResult utf8 = told_with_lists(begin + bytes + "}", false).result;
  // Outside of strings simdjson's plainest kernel, on the oldest CPUs, finds no more than bad
  // syntax.
  EXPECT_TRUE(utf8.outcome == JsonOutcome::kInvalidUtf8 ||
              utf8.outcome == JsonOutcome::kSyntaxError);
  EXPECT_EQ(utf8.byte, begin.size() + bytes.find('\xff'));
  const JsonResult behind = told_with_lists(begin + "\"\xff\"}", false).result;
  EXPECT_EQ(behind.outcome, JsonOutcome::kInvalidUtf8);
  EXPECT_EQ(behind.byte, begin.size() + 1);
  EXPECT_EQ(told_with_lists(begin + taken + "]", false).result.byte, begin.size() + taken.size());
  EXPECT_EQ(told_with_lists(begin + "\"stop\"}", false).result.outcome, JsonOutcome::kStopped);
  EXPECT_EQ(told_with_lists(begin + taken, false).result.byte, begin.size() + taken.size());
}

TEST(JsonEvents, NumbersThatJsonDoesNotHaveAndPythonWrites) {
  Recorder recorder;
  EXPECT_EQ(parse("[NaN,Infinity,-Infinity,1e999,-1e999]", recorder).outcome,
            JsonOutcome::kComplete);
  EXPECT_EQ(recorder.events, "[ nan=NaN inf=Infinity inf=-Infinity inf=1e999 inf=-1e999 ]");
}

TEST(JsonEvents, ANumberTooLargeIsInfiniteHoweverItIsWritten) {
  const std::string digits(2000, '9');
  for (const std::string& number : {digits, digits + ".5", digits + "e+5", "1e" + digits,
                                    "0.1E" + digits, "1" + std::string(400, '0')}) {
    Recorder recorder;
    EXPECT_EQ(parse("[" + number + ",-" + number + "]", recorder).outcome, JsonOutcome::kComplete);
    EXPECT_EQ(recorder.events, "[ inf=" + number + " inf=-" + number + " ]");
  }
  for (const std::string& text :
       std::vector<std::string>{"0" + digits, digits + ".", digits + "e", digits + "e+",
                                digits + "x", "+" + digits, "01e999", "1.e999", ".1e999"}) {
    Recorder recorder;
    EXPECT_EQ(parse("[" + text + "]", recorder).outcome, JsonOutcome::kSyntaxError) << text;
  }
}

class Numbers final : public test::JsonNumberHandler {
 public:
  bool on_number(double value, std::string_view /*token*/) override {
    values.push_back(value);
    return true;
  }

  std::vector<double> values;
};

TEST(JsonEvents, ANumberIsReadAsStrtodDoesHoweverManyDigitsItHas) {
  std::vector<std::string> numbers = {
      "0.95000000000000000000",
      "0.99999999999999999999",
      "0.1000000000000000055511151231257827",
      "1e-00000000000000000000001",
      "5e-324",
      "1e-400",
      "-0.00000000000000000000000000000000000000012345678901234567890"};
  const std::string digits =
      "9517640238950124768530912847560192837465564738291098765432101234567890";
  for (size_t count = 1; count <= digits.size(); ++count) {
    const std::string some = digits.substr(0, count);
    for (const std::string_view begin : {"0.", "0.0", "0.000", "7.", "120.", "-0.", "3"}) {
      for (const std::string_view end : {"", "e5", "E-7", "e+300"}) {
        numbers.push_back(std::string(begin) + some + std::string(end));
      }
    }
  }
  std::string text = "[";
  for (const std::string& number : numbers) {
    text += number + " , {\"a\":" + number + "},";
  }
  text += "0]";
  const size_t size = text.size();
  text.append(JsonEvents::kPadding, '"');
  Numbers told;
  JsonEvents events;
  ASSERT_EQ(events.parse(std::string_view(text).substr(0, size), told).outcome,
            JsonOutcome::kComplete);
  ASSERT_EQ(told.values.size(), 2 * numbers.size() + 1);
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double expected = std::strtod(numbers[i].c_str(), nullptr);
    EXPECT_EQ(told.values[2 * i], expected) << numbers[i];
    EXPECT_EQ(told.values[2 * i + 1], expected) << numbers[i];
  }
}

TEST(JsonEvents, TheHandlerMayStop) {
  Recorder recorder;
  EXPECT_EQ(parse(R"([1,"stop",2])", recorder).outcome, JsonOutcome::kStopped);
  EXPECT_EQ(recorder.events, "[ 1 'stop'");
}

TEST(JsonEvents, RefusesWhatIsNotJson) {
  for (const std::string_view text :
       {"[1,]",      "[01]",     "[1.]",      "[.5]",        "[+1]",    "[nan]",
        "[NAN]",     "[Inf]",    "[1 2]",     "[1",          "[1]]",    "[1],",
        "{\"a\"}",   "{\"a\":}", "{a:1}",     "[tru]",       "[nul]",   "[\"\x01\"]",
        "[\"a]",     "[1}",      "{\"a\":1]", "[NaN1]",      "[-]",     "[1e999x]",
        "[\"\\q\"]", "[,]",      "[-NaN]",    "[truefalse]", "[2\x01]", "[2.5\x1f]"}) {
    Recorder recorder;
    EXPECT_EQ(parse(text, recorder).outcome, JsonOutcome::kSyntaxError) << text;
  }
}

TEST(JsonEvents, SaysWhereTheErrorIs) {
  Recorder recorder;
  const JsonResult utf8 = parse("[\"ab\xff\"]", recorder);
  EXPECT_EQ(utf8.outcome, JsonOutcome::kInvalidUtf8);
  EXPECT_EQ(utf8.byte, 4U);
  EXPECT_EQ(parse("[\"a\\\"\nb\"]", recorder).byte, 5U);
  EXPECT_EQ(parse("[\"ab", recorder).byte, 4U);
}

TEST(JsonEvents, OneParserReadsManyTexts) {
  JsonEvents events;
  for (const size_t count : {1U, 10'000U, 3U}) {
    std::string text = "[0";
    for (size_t i = 0; i < count; ++i) {
      text += ",1";
    }
    text += ']';
    const size_t size = text.size();
    text.append(JsonEvents::kPadding, '\0');
    Recorder recorder;
    EXPECT_EQ(events.parse(std::string_view(text).substr(0, size), recorder).outcome,
              JsonOutcome::kComplete);
    EXPECT_EQ(recorder.events.size(), 2 * (count + 1) + 3);
  }
}

}  // namespace
}  // namespace ringmaker::wire
