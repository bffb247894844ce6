// Response heads, byte for byte.
#include "http/response_writer.h"

#include "base/clock.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::http {
namespace {

constexpr std::string_view kDate = "Thu, 01 Jan 1970 00:00:00 GMT";

std::string head_of(const ResponseHead& head, const HeadFrame& frame) {
  std::string out;
  append_head(out, head, frame, kDate);
  return out;
}

TEST(ResponseWriter, ALengthOrChunksNeverBoth) {
  const ResponseHead head{.status = 200, .content_type = "text/csv"};
  EXPECT_EQ(head_of(head, {Framing::kLength, 12}),
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/csv\r\n"
            "Content-Length: 12\r\n\r\n");
  EXPECT_EQ(head_of(head, {Framing::kChunked, 12}),
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/csv\r\n"
            "Transfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(head_of(head, {Framing::kClose, 12}),
            "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/csv\r\n"
            "\r\n");
}

TEST(ResponseWriter, NoBodyHasNeitherTypeNorLength) {
  EXPECT_EQ(head_of({.status = 204, .content_type = {}}, {Framing::kNone, 0}),
            "HTTP/1.1 204 No Content\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n");
}

TEST(ResponseWriter, ExtraFieldsAndTheConnectionComeLast) {
  const std::array<Header, 2> extra{{{"Allow", "GET"}, {"Retry-After", "1"}}};
  HeadFrame frame{Framing::kLength, 0};
  frame.connection = HeadFrame::Connection::kClose;
  EXPECT_EQ(head_of({.status = 503, .content_type = {}, .extra_headers = extra}, frame),
            "HTTP/1.1 503 Service Unavailable\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            "Content-Length: 0\r\nAllow: GET\r\nRetry-After: 1\r\nConnection: close\r\n\r\n");
  frame.connection = HeadFrame::Connection::kKeepAlive;
  EXPECT_TRUE(head_of({}, frame).ends_with("Connection: keep-alive\r\n\r\n"));
}

TEST(ResponseWriterDeathTest, AFieldThatWouldSplitTheHeadIsABug) {
  const std::array<Header, 1> split{{{"X", "a\r\nSet-Cookie: b"}}};
  EXPECT_DEATH((void)head_of({.status = 200, .content_type = {}, .extra_headers = split}, {}),
               "breaks_line");
}

TEST(ResponseWriter, EveryStatusOfTheTablesHasItsPhrase) {
  for (const int status :
       {200, 204, 400, 404, 405, 406, 408, 411, 413, 414, 415, 417, 431, 500, 501, 503, 505}) {
    EXPECT_NE(reason_phrase(status), "Unknown") << status;
  }
  EXPECT_EQ(reason_phrase(299), "Unknown");
}

TEST(ResponseWriter, ChunksAreSizedInHexadecimal) {
  std::string out;
  append_chunk(out, "0123456789");
  append_chunk(out, std::string(255, 'x'));
  EXPECT_EQ(out, "a\r\n0123456789\r\nff\r\n" + std::string(255, 'x') + "\r\n");
}

TEST(DateHeader, IsMadeAnewEachSecond) {
  DateHeader date;
  constexpr uint64_t kSecond = base::kNanosecondsPerSecond;
  EXPECT_EQ(date.at(0), kDate);
  EXPECT_EQ(date.at(kSecond - 1), kDate);
  EXPECT_EQ(date.at(kSecond), "Thu, 01 Jan 1970 00:00:01 GMT");
  // A leap day.
  EXPECT_EQ(date.at(1'709'208'000 * kSecond), "Thu, 29 Feb 2024 12:00:00 GMT");
}

}  // namespace
}  // namespace ringmaker::http
