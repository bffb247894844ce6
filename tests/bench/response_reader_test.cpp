#include "bench/latency/response_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::latency {
namespace {

using State = ResponseReader::State;

/// Reads `text` in pieces of `size` until the response ends; returns the bytes it took.
size_t read_in_pieces(ResponseReader& reader, std::string_view text, size_t size) {
  size_t used = 0;
  while (used < text.size() && reader.state() != State::kComplete &&
         reader.state() != State::kBroken) {
    used += reader.read(text.substr(used, size));
  }
  return used;
}

TEST(ResponseReader, EndsWhereTheBodyEndsHoweverItIsCut) {
  const std::string response =
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nContent-Type: text/csv\r\n\r\n0.25\n";
  for (size_t size = 1; size <= response.size() + 8; ++size) {
    ResponseReader reader;
    EXPECT_EQ(read_in_pieces(reader, response + "HTTP/1.1", size), response.size()) << size;
    EXPECT_EQ(reader.state(), State::kComplete) << size;
    EXPECT_EQ(reader.status(), 200);
    EXPECT_EQ(reader.body_bytes(), 5u);
  }
}

TEST(ResponseReader, AnEmptyBodyEndsWithTheHead) {
  ResponseReader reader;
  const std::string response = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
  EXPECT_EQ(reader.read(response + "more"), response.size());
  EXPECT_EQ(reader.state(), State::kComplete);
  EXPECT_EQ(reader.status(), 503);
}

TEST(ResponseReader, ChunksAreJoinedHoweverTheyAreCut) {
  const std::string response =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n0.25\n\r\na\r\n0123456789\r\n"
      "0\r\nTrailer: x\r\n\r\n";
  for (size_t size = 1; size <= response.size() + 4; ++size) {
    ResponseReader reader;
    EXPECT_EQ(read_in_pieces(reader, response + "next", size), response.size()) << size;
    EXPECT_EQ(reader.state(), State::kComplete) << size;
    EXPECT_EQ(reader.body_bytes(), 15u);
  }
}

TEST(ResponseReader, IsReadyForTheNextResponseAfterReset) {
  ResponseReader reader;
  reader.read("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
  reader.reset();
  reader.read("HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nx");
  EXPECT_EQ(reader.state(), State::kBody);
  EXPECT_EQ(reader.status(), 400);
}

TEST(ResponseReader, WhatIsNoResponseIsBroken) {
  for (const char* text :
       {"hello\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    ResponseReader reader;
    reader.read(text);
    EXPECT_EQ(reader.state(), State::kBroken) << text;
  }
}

}  // namespace
}  // namespace ringmaker::latency
