// UBJSON as the events of the same JSON.
#include "wire/ubjson_events.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::wire {
namespace {

using std::string_view_literals::operator""sv;

/// Writes down what it is told.
class Notes final : public UbjsonHandler {
 public:
  explicit Notes(size_t events_max = 1000) : events_max_(events_max) {}

  bool on_begin_array() override { return note("["); }
  bool on_end_array() override { return note("]"); }
  bool on_begin_object() override { return note("{"); }
  bool on_end_object() override { return note("}"); }
  bool on_key(std::string_view key) override { return note(std::string(key) + ":"); }
  bool on_number(double value, std::string_view /*token*/) override {
    std::string digits = std::to_string(value);
    digits.erase(digits.find_last_not_of('0') + 1);
    return note(digits + " ");
  }
  bool on_numbers(const UbjsonNumbers& numbers) override {
    text += '#';
    for (size_t i = 0; i < numbers.size(); ++i) {
      on_number(numbers[i], {});
    }
    return events_max_ > 0;
  }
  bool on_string(std::string_view told) override { return note("'" + std::string(told) + "' "); }
  bool on_bool(bool truth) override { return note(truth ? "true " : "false "); }
  bool on_null() override { return note("null "); }

  std::string text;

 private:
  bool note(const std::string& event) {
    text += event;
    return --events_max_ > 0;
  }
  size_t events_max_;
};

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

TEST(UbjsonEvents, EveryKindOfValueIsTold) {
  Notes notes;
  const auto text =
      "{U\x01"
      "aSU\x02hiU\x01"
      "bU\xFFU\x01"
      "ci\xFFU\x01"
      "dI\x01\x00U\x01"
      "el\xFF\xFF\xFF\xFE"
      "U\x01"
      "fL\x00\x00\x00\x00\x00\x00\x00\x05U\x01gd\x3F\xC0\x00\x00"
      "U\x01hD\xBF\xE0\x00\x00\x00\x00\x00\x00U\x01iTU\x01jFU\x01kZNU\x01lCx}"sv;
  const auto read = parse_ubjson(bytes_of(text), notes);
  EXPECT_EQ(read.outcome, JsonOutcome::kComplete) << read.byte;
  EXPECT_EQ(notes.text,
            "{a:'hi' b:255. c:-1. d:256. e:-2. f:5. g:1.5 h:-0.5 i:true j:false k:null "
            "l:'x' }");
}

TEST(UbjsonEvents, ListsMayBeCountedAndOfOneType) {
  Notes notes;
  const auto text =
      "[[$l#U\x02\x00\x00\x00\x01\x00\x00\x00\x02[#i\x02U\x03SU\x01z[$d#L\0\0\0\0\0\0\0\0[]]"sv;
  const auto read = parse_ubjson(bytes_of(text), notes);
  EXPECT_EQ(read.outcome, JsonOutcome::kComplete) << read.byte;
  EXPECT_EQ(notes.text, "[[#1. 2. ][3. 'z' ][#][]]");
}

TEST(UbjsonEvents, NumbersOfOneTypeAreAppendedAsTheyAre) {
  const auto floats = [](char type, std::string_view text) {
    std::vector<float> values{1};
    UbjsonNumbers(type, bytes_of(text)).append_to(values);
    return values;
  };
  EXPECT_EQ(floats('d', "\x3F\xC0\x00\x00\xC0\x00\x00\x00"sv), (std::vector<float>{1, 1.5, -2}));
  EXPECT_EQ(floats('D', "\xBF\xE0\x00\x00\x00\x00\x00\x00"sv), (std::vector<float>{1, -0.5}));
  EXPECT_EQ(floats('i', "\xFF\x02"sv), (std::vector<float>{1, -1, 2}));
  const auto integers = [](char type, std::string_view text) {
    const UbjsonNumbers numbers(type, bytes_of(text));
    std::vector<int32_t> values{1};
    EXPECT_TRUE(numbers.are_int32());
    numbers.append_to(values);
    return values;
  };
  EXPECT_EQ(integers('U', "\xFF\x02"sv), (std::vector<int32_t>{1, 255, 2}));
  EXPECT_EQ(integers('i', "\xFF\x02"sv), (std::vector<int32_t>{1, -1, 2}));
  EXPECT_EQ(integers('I', "\xFF\xFE\x01\x00"sv), (std::vector<int32_t>{1, -2, 256}));
  EXPECT_EQ(integers('l', "\x80\x00\x00\x00"sv), (std::vector<int32_t>{1, INT32_MIN}));
  EXPECT_FALSE(UbjsonNumbers('L', {}).are_int32());
  EXPECT_FALSE(UbjsonNumbers('d', {}).are_int32());
}

TEST(UbjsonEvents, WhateverIsCutOffOrTooLongIsAnError) {
  const auto whole =
      "{U\x01"
      "a[$l#U\x02\x00\x00\x00\x01\x00\x00\x00\x02U\x01"
      "bSU\x02hi}"sv;
  for (size_t size = 0; size < whole.size(); ++size) {
    Notes notes;
    EXPECT_EQ(parse_ubjson(bytes_of(whole.substr(0, size)), notes).outcome,
              JsonOutcome::kSyntaxError)
        << size;
  }
  for (const std::string_view text :
       {"U\x01"sv, "[U\x01]]"sv, "[$l]"sv, "[$S#U\x01U\x01x"sv, "[#l\xFF\xFF\xFF\xFF]"sv,
        "[$d#L\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv, "[#L\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv,
        "{d\x3F\x80\x00\x00"sv, "[SL\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFFx]"sv, "[?]"sv}) {
    Notes notes;
    EXPECT_EQ(parse_ubjson(bytes_of(text), notes).outcome, JsonOutcome::kSyntaxError) << text;
  }
}

TEST(UbjsonEvents, DepthIsBoundedAndTheHandlerMayStop) {
  Notes notes;
  EXPECT_EQ(parse_ubjson(bytes_of(std::string(100000, '[')), notes).outcome, JsonOutcome::kTooDeep);
  Notes few(2);
  EXPECT_EQ(parse_ubjson(bytes_of("[[[]]]"sv), few).outcome, JsonOutcome::kStopped);
}

}  // namespace
}  // namespace ringmaker::wire
