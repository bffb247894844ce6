#include "serve/message_head.h"

#include "tests/serve/fake_exchange.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace ringmaker::serve {
namespace {

std::string type_of(const MessageHead& head, std::string_view beginning) {
  return std::string(head.of(beginning, 1).header("Content-Type"));
}

struct Handshake {
  explicit Handshake(std::initializer_list<FakeExchange::Fields::value_type> fields,
                     std::string_view query = {})
      : exchange(http::Method::kGet, "/stream", fields) {
    exchange.edit_head().query = query;
    head.open(exchange.head(), exchange.arena());
  }
  Handshake(const Handshake&) = delete;
  Handshake& operator=(const Handshake&) = delete;

  FakeExchange exchange;
  MessageHead head;
};

TEST(MessageHead, WhatNobodyDeclaresIsJsonOrCsvByItsFirstCharacter) {
  const Handshake handshake({{"Upgrade", "websocket"}});
  EXPECT_EQ(type_of(handshake.head, "1,2\n"), "text/csv");
  EXPECT_EQ(type_of(handshake.head, ""), "text/csv");
  EXPECT_EQ(type_of(handshake.head, "\"[\",1"), "text/csv");
  EXPECT_EQ(type_of(handshake.head, "{\"instances\":[]}"), "application/json");
  EXPECT_EQ(type_of(handshake.head, " \r\n\t[1,2]"), "application/json");
}

TEST(MessageHead, ADeclaredTypeHoldsForEveryMessage) {
  const Handshake handshake({{"Content-Type", "application/jsonlines"}});
  EXPECT_EQ(type_of(handshake.head, "[1,2]"), "application/jsonlines");
  EXPECT_EQ(type_of(handshake.head, "1,2"), "application/jsonlines");
}

TEST(MessageHead, LetterCaseOfAKeyDoesNotMatter) {
  const Handshake handshake({{"Accept", "text/csv"}}, "Content-Type=text/libsvm&ACCEPT=text/csv");
  EXPECT_EQ(type_of(handshake.head, "{"), "text/libsvm");
}

TEST(MessageHead, TheQueryBeatsTheFieldsAndIsDecoded) {
  const Handshake handshake({{"Content-Type", "text/csv"}, {"Accept", "text/csv"}},
                            "x=1&content-type=text%2Flibsvm%3B%20index_base%3D1&accept="
                            "application/json");
  EXPECT_EQ(type_of(handshake.head, "{"), "text/libsvm; index_base=1");
  EXPECT_EQ(handshake.head.of("", 1).header("Accept"), "application/json");
}

TEST(MessageHead, IsAPostOfItsSizeWithTheHandshakesOtherFields) {
  const Handshake handshake({{"X-Amzn-SageMaker-Inference-Id", "4711"},
                             {"Accept", "text/csv"},
                             {"accept", "application/json"},
                             {"Content-Encoding", "gzip"},
                             {"Content-Length", "0"}});
  const http::RequestHead whole = handshake.head.of("1,2", 3);
  EXPECT_EQ(whole.method, http::Method::kPost);
  EXPECT_EQ(whole.path, "/stream");
  EXPECT_EQ(whole.content_length, 3U);
  EXPECT_FALSE(whole.chunked);
  EXPECT_EQ(whole.header("X-Amzn-SageMaker-Inference-Id"), "4711");
  EXPECT_EQ(whole.header("Accept"), "text/csv,application/json");
  EXPECT_EQ(whole.header("Content-Encoding"), "");
  EXPECT_EQ(whole.header("Content-Length"), "");
  const http::RequestHead coming = handshake.head.of("1,2", std::nullopt);
  EXPECT_FALSE(coming.content_length);
  EXPECT_TRUE(coming.chunked);
}

}  // namespace
}  // namespace ringmaker::serve
