#include "http/websocket_reader.h"

#include "tests/support/websocket_frames.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace ringmaker::http {
namespace {

using test::close_frame;
using test::Frame;
using test::masked_frame;
using testing::ElementsAre;

/// What is read of `bytes`, given in pieces of `cut`, in a line a message or control frame.
std::vector<std::string> read(std::string_view bytes, size_t cut = SIZE_MAX,
                              uint64_t message_bytes_max = 1'000'000) {
  WebsocketReader reader;
  reader.open(message_bytes_max);
  std::vector<std::string> lines;
  std::string message;
  for (size_t at = 0; at < bytes.size(); at += std::min(cut, bytes.size())) {
    const std::string piece(bytes.substr(at, cut));  // its own, so that a stray read is seen
    reader.give(piece);
    for (;;) {
      const WebsocketReader::Event event = reader.next();
      if (event.kind == WebsocketReader::Kind::kNeedMore) {
        break;
      }
      switch (event.kind) {
        case WebsocketReader::Kind::kData:
          EXPECT_EQ(event.first, message.empty());
          message += message.empty() ? (event.text ? "text " : "binary ") : "";
          message += event.data;
          EXPECT_EQ(reader.in_message(), !event.last);
          if (event.last) {
            lines.push_back(message);
            message.clear();
          }
          break;
        case WebsocketReader::Kind::kPing:
          lines.push_back("ping " + std::string(event.data));
          break;
        case WebsocketReader::Kind::kPong:
          lines.push_back("pong " + std::string(event.data));
          break;
        case WebsocketReader::Kind::kClose:
          lines.push_back("close " + std::to_string(event.code) + " " + std::string(event.data));
          break;
        default:
          lines.push_back("failed " + std::to_string(event.code));
          EXPECT_FALSE(event.data.empty()) << "a reason";
          break;
      }
    }
  }
  return lines;
}

TEST(WebsocketReader, MessagesAndControlFramesInOrderHoweverTheyAreCut) {
  const std::string bytes =
      masked_frame(Frame::kText, "1,2") + masked_frame(Frame::kPing, "are you there") +
      masked_frame(Frame::kBinary, std::string(300, 'b')) + masked_frame(Frame::kPong, "") +
      masked_frame(Frame::kText, "") + masked_frame(Frame::kText, std::string(70'000, 't')) +
      close_frame(1000, "bye") + masked_frame(Frame::kText, "behind the end");
  for (const size_t cut : {size_t{1}, size_t{2}, size_t{7}, size_t{4096}, SIZE_MAX}) {
    EXPECT_THAT(read(bytes, cut),
                ElementsAre("text 1,2", "ping are you there", "binary " + std::string(300, 'b'),
                            "pong ", "text ", "text " + std::string(70'000, 't'), "close 1000 bye"))
        << cut;
  }
}

TEST(WebsocketReader, FragmentsAreOneMessageAndControlFramesMayStandBetween) {
  const std::string bytes =
      masked_frame(Frame::kText, "a", false) + masked_frame(Frame::kPing, "?") +
      masked_frame(Frame::kContinuation, "", false) +
      masked_frame(Frame::kContinuation, "b", false) +
      masked_frame(Frame::kContinuation, "", true) + masked_frame(Frame::kBinary, "c");
  for (const size_t cut : {size_t{1}, SIZE_MAX}) {
    EXPECT_THAT(read(bytes, cut), ElementsAre("ping ?", "text ab", "binary c"));
  }
}

TEST(WebsocketReader, AMessageInAFrameOfFourKibibytesIsOnePiece) {
  WebsocketReader reader;
  reader.open(1'000'000);
  const std::string bytes = masked_frame(Frame::kText, std::string(4'000, 'x'));
  reader.give(bytes);
  const WebsocketReader::Event event = reader.next();
  EXPECT_TRUE(event.first && event.last);
  EXPECT_EQ(event.data.size(), 4'000U);
}

TEST(WebsocketReader, AMessageThatWillBeTooLongIsRefusedByTheHeadsOfItsFrames) {
  const auto heads = [](size_t first, size_t second) {
    const std::string begun = masked_frame(Frame::kBinary, std::string(first, 'x'), false);
    const std::string frame = masked_frame(Frame::kContinuation, std::string(second, 'x'));
    return begun + frame.substr(0, frame.size() - second);
  };
  const std::string alone = masked_frame(Frame::kBinary, std::string(101, 'x'));
  for (const size_t cut : {size_t{1}, SIZE_MAX}) {
    EXPECT_THAT(read(alone.substr(0, alone.size() - 101), cut, 100), ElementsAre("failed 1009"));
    EXPECT_THAT(read(heads(60, 41), cut, 100), ElementsAre("failed 1009"));
    EXPECT_THAT(read(heads(60, 40), cut, 100), ElementsAre()) << "not too long";
  }
}

TEST(WebsocketReader, WhatIsLeftCanBeGivenLater) {
  WebsocketReader reader;
  reader.open(1'000'000);
  std::string bytes;
  for (int i = 0; i < 2'000; ++i) {
    bytes += masked_frame(Frame::kText, std::to_string(i));
  }
  reader.give(bytes);
  int read = 0;
  std::string kept;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(reader.next().data, std::to_string(read++));
  }
  kept = reader.rest();
  bytes.assign(bytes.size(), '?');
  reader.give(kept);
  for (WebsocketReader::Event event = reader.next(); event.kind == WebsocketReader::Kind::kData;
       event = reader.next()) {
    EXPECT_EQ(event.data, std::to_string(read++));
  }
  EXPECT_EQ(read, 2'000);
}

std::string raw(std::initializer_list<int> bytes) {
  std::string text;
  for (const int byte : bytes) {
    text += static_cast<char>(byte);
  }
  return text;
}

TEST(WebsocketReader, WhatBreaksTheProtocolFailsWithItsCode) {
  const std::string mask = raw({0, 0, 0, 0});
  const std::vector<std::tuple<std::string, std::string, std::string>> cases{
      {"not masked", raw({0x81, 1, 'a'}), "failed 1002"},
      {"not masked, empty", raw({0x81, 0}), "failed 1002"},
      {"a reserved bit", raw({0xC1, 0x80}) + mask, "failed 1002"},
      {"a reserved opcode", raw({0x83, 0x80}) + mask, "failed 1002"},
      {"a reserved control opcode", raw({0x8B, 0x80}) + mask, "failed 1002"},
      {"a control frame in fragments", masked_frame(Frame::kPing, "x", false), "failed 1002"},
      {"a long control frame", masked_frame(Frame::kPing, std::string(126, 'x')), "failed 1002"},
      {"a continuation of nothing", masked_frame(Frame::kContinuation, "x"), "failed 1002"},
      {"a message within another",
       masked_frame(Frame::kText, "x", false) + masked_frame(Frame::kText, "y"), "failed 1002"},
      {"a length with a needless form", raw({0x82, 0xFE, 0, 1}) + mask + "x", "failed 1002"},
      {"a length of more than 63 bits", raw({0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1}) + mask + "x",
       "failed 1002"},
      {"half a code", masked_frame(Frame::kClose, "\x03"), "failed 1002"},
      {"a code that is never sent", close_frame(1005), "failed 1002"},
      {"a code below all", close_frame(999), "failed 1002"},
      {"a code that nobody has", close_frame(2999), "failed 1002"},
      {"a reason that is no text", close_frame(1000, "\xFF"), "failed 1007"},
      {"text that is none", masked_frame(Frame::kText, "a\xC0\x80"), "failed 1007"},
      {"text that ends within a character", masked_frame(Frame::kText, "\xE2\x82"), "failed 1007"},
      {"too many bytes", masked_frame(Frame::kBinary, std::string(1'001, 'x')), "failed 1009"},
      {"too many bytes announced", raw({0x82, 0xFF, 0x7F, -1, -1, -1, -1, -1, -1, -1}) + mask + "x",
       "failed 1009"},
  };
  for (const auto& [name, bytes, wanted] : cases) {
    for (const size_t cut : {size_t{1}, SIZE_MAX}) {
      EXPECT_THAT(read(bytes + masked_frame(Frame::kText, "behind"), cut, 1'000),
                  ElementsAre(wanted))
          << name;
    }
  }
}

TEST(WebsocketReader, TheLimitHoldsForAllFragmentsTogether) {
  const auto fragments = [](size_t last) {
    return masked_frame(Frame::kBinary, std::string(400, 'x'), false) +
           masked_frame(Frame::kContinuation, std::string(400, 'x'), false) +
           masked_frame(Frame::kContinuation, std::string(last, 'x'), true);
  };
  EXPECT_THAT(read(fragments(200), SIZE_MAX, 1'000),
              ElementsAre("binary " + std::string(1'000, 'x')));
  EXPECT_THAT(read(fragments(201), SIZE_MAX, 1'000), ElementsAre("failed 1009"));
}

TEST(WebsocketReader, TextMayBeCutWithinACharacter) {
  EXPECT_THAT(read(masked_frame(Frame::kText, "\xE2", false) +
                   masked_frame(Frame::kContinuation, "\x82\xAC")),
              ElementsAre("text \xE2\x82\xAC"));
}

TEST(WebsocketReader, ACloseFrameNeedsNoCode) {
  EXPECT_THAT(read(masked_frame(Frame::kClose, "")), ElementsAre("close 1005 "));
  EXPECT_THAT(read(close_frame(4321, "ours")), ElementsAre("close 4321 ours"));
}

TEST(WebsocketReader, IsAsNewForTheNextPeer) {
  WebsocketReader reader;
  for (int i = 0; i < 3; ++i) {
    reader.open(100);
    const std::string bytes =
        masked_frame(Frame::kText, "a") + masked_frame(Frame::kText, "b", false);
    reader.give(bytes);
    EXPECT_EQ(reader.next().data, "a");
    EXPECT_EQ(reader.next().data, "b");
    EXPECT_EQ(reader.next().kind, WebsocketReader::Kind::kNeedMore);
    EXPECT_TRUE(reader.in_message());
  }
}

}  // namespace
}  // namespace ringmaker::http
