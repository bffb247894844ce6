#include "wire/event_stream.h"

#include "tests/support/event_stream.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace ringmaker::wire {
namespace {

std::string message(std::span<const EventHeader> headers, std::string_view payload) {
  std::string out;
  append_event(out, headers, payload);
  return out;
}

// Messages of AWS's own test suites for clients.
TEST(EventStream, NothingButLengthsAndChecksums) {
  EXPECT_EQ(message({}, ""), std::string("\0\0\0\x10\0\0\0\0\x05\xc2\x48\xeb\x7d\x98\xc8\xff", 16));
}

TEST(EventStream, APayloadWithoutHeaders) {
  EXPECT_EQ(message({}, "{'foo':'bar'}"), std::string("\0\0\0\x1d\0\0\0\0\xfd\x52\x8c\x5a", 12) +
                                              "{'foo':'bar'}" + "\xc3\x65\x39\x36");
}

TEST(EventStream, AHeaderOfText) {
  constexpr std::array<EventHeader, 1> kHeaders{{{"content-type", "application/json"}}};
  EXPECT_EQ(message(kHeaders, "{'foo':'bar'}"),
            std::string("\0\0\0\x3d\0\0\0\x20\x07\xfd\x83\x96\x0c", 13) +
                std::string("content-type\x07\0\x10", 15) + "application/json{'foo':'bar'}" +
                "\x8d\x9c\x08\xb1");
}

TEST(EventStream, MessagesFollowOneAnother) {
  constexpr std::array<EventHeader, 2> kHeaders{{{":message-type", "event"}, {"empty", ""}}};
  std::string stream = "what is there already";
  const size_t begin = stream.size();
  append_event(stream, kHeaders, std::string(100'000, 'x'));
  append_event(stream, {}, "y");
  const auto events = test::read_events(std::string_view(stream).substr(begin));
  ASSERT_TRUE(events);
  ASSERT_EQ(events->size(), 2U);
  EXPECT_EQ((*events)[0].headers.at(":message-type"), "event");
  EXPECT_EQ((*events)[0].headers.at("empty"), "");
  EXPECT_EQ((*events)[0].payload, std::string(100'000, 'x'));
  EXPECT_EQ((*events)[1].payload, "y");
}

TEST(EventStream, AFlippedByteShows) {
  std::string stream = message({}, "payload");
  for (char& byte : stream) {
    byte = static_cast<char>(byte ^ 1);
    EXPECT_FALSE(test::read_events(stream));
    byte = static_cast<char>(byte ^ 1);
  }
  EXPECT_TRUE(test::read_events(stream));
}

}  // namespace
}  // namespace ringmaker::wire
