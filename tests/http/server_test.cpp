// The HTTP rules as bytes in and bytes out, through real sockets.
#include "http/server.h"

#include "tests/support/http_rig.h"
#include "tests/support/manual_clock.h"
#include "tests/support/plain_refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <map>
#include <string>

namespace ringmaker::http {
namespace {

using test::receive_available;
using test::send_all;
using test::statuses;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

/// Answers each request with its method, path and body. /later is answered when the test says so;
/// /stream takes the body piece by piece, /flow sends each back as it comes; /skip answers without
/// reading it.
class EchoHandler final : public Handler {
 public:
  static constexpr size_t kBigBytes = 60'000;

  BodyMode on_head(Exchange& exchange) noexcept override {
    ++heads;
    if (exchange.head().path == "/skip") {
      exchange.respond({.status = 404, .content_type = "text/plain"}, "no\n");
      return BodyMode::kDiscard;
    }
    const bool streams = exchange.head().path == "/stream" || exchange.head().path == "/flow";
    return streams ? BodyMode::kStream : BodyMode::kCollect;
  }
  void on_request(Exchange& exchange, std::string_view body) noexcept override {
    ++requests;
    if (exchange.head().path == "/later") {
      later.push_back(&exchange);
      return;
    }
    if (exchange.head().path == "/big") {
      answer(exchange, std::string(kBigBytes, 'b'));
      return;
    }
    answer(exchange, std::string(exchange.head().path) + ":" + std::string(body));
  }
  void on_body(Exchange& exchange, std::string_view piece, bool last) noexcept override {
    streamed += piece;
    ++pieces;
    if (pieces == pause_after) {
      exchange.pause_body();
      paused = &exchange;
    }
    if (exchange.head().path == "/flow") {
      echo(exchange, piece, last);
    } else if (last) {
      answer(exchange, std::to_string(streamed.size()));
    }
  }
  void on_writable(Exchange& exchange) noexcept override {
    ++writable;
    if (write_more) {
      write_more(exchange);
    }
  }
  void on_written(uint64_t /*nanoseconds*/) noexcept override {}
  void on_abandoned(Exchange& exchange) noexcept override {
    ++abandoned;
    std::erase(later, &exchange);
  }
  void on_refused(const Refusal& refusal, const RequestHead* head) noexcept override {
    refusals.push_back(refusal.status);
    refused_paths.emplace_back(head != nullptr ? head->path : "none");
  }
  void answer_refusal(Exchange& exchange, const Refusal& refusal) noexcept override {
    answered_refusals.emplace_back(exchange.head().path, exchange.head().header("Id"));
    test::answer_plainly(exchange, refusal);
  }
  void on_body_cut(const RequestHead& head, uint64_t bytes) noexcept override {
    cut.emplace_back(head.path, bytes);
  }
  void on_connection_refused(const Refusal& refusal) noexcept override {
    refusals.push_back(refusal.status);
  }

  /// "!" cuts the answer.
  void echo(Exchange& exchange, std::string_view piece, bool last) {
    if (!begun) {
      begun = true;
      exchange.begin_response({.content_type = "text/plain"}, std::nullopt);
    }
    unread = !exchange.write(piece);
    if (piece == "!") {
      exchange.abort("why");
    } else if (last) {
      exchange.finish();
    }
  }
  static void answer(Exchange& exchange, const std::string& text) {
    exchange.respond({.status = 200, .content_type = "text/plain"}, text);
  }

  int heads = 0;
  int requests = 0;
  int pieces = 0;
  int writable = 0;
  int abandoned = 0;
  bool begun = false;
  bool unread = false;
  int pause_after = 0;  // pieces; 0: never
  Exchange* paused = nullptr;
  std::string streamed;
  std::vector<Exchange*> later;
  std::vector<int> refusals;
  std::vector<std::string> refused_paths;
  std::vector<std::pair<std::string, std::string>> answered_refusals;  // path, Id
  std::vector<std::pair<std::string, uint64_t>> cut;                   // path, bytes
  std::function<void(Exchange&)> write_more;
};

class ServerTest : public testing::Test {
 protected:
  /// Sends `bytes` on a connection of its own and returns all that comes back.
  std::string exchange(std::string_view bytes) {
    const io::Descriptor peer = rig_.connect();
    send_all(peer, bytes);
    rig_.settle();
    return receive_available(peer, &closed_);
  }

  /// In steps, since one long turn would be taken for a frozen clock.
  void pass_ms(uint64_t ms) {
    for (uint64_t passed = 0; passed < ms; passed += 100) {
      clock_.advance_ms(100);
      rig_.turn();
    }
    rig_.settle();
  }

  test::ManualClock clock_;
  EchoHandler handler_;
  test::HttpRig rig_{handler_, clock_, {.limits = {.body_bytes_max = 1000}}};
  bool closed_ = false;
};

constexpr std::string_view kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(ServerTest, AnswersARequestAndKeepsTheConnection) {
  const std::string answer = exchange(kGet);
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 200 OK\r\nDate: Mon, 05 Jan 2026 10:11:1"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n/a:"));
  EXPECT_FALSE(closed_);
}

TEST_F(ServerTest, EveryCutOfTheBytesGivesTheSameAnswers) {
  const std::string bytes =
      "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
      "\r\nGET /q HTTP/1.1\r\nHost: x\r\n\r\n"
      "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;e=1\r\nabc\r\n02\r\nde\r\n0\r\nTrailer: 1\r\n\r\n"
      "GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  const std::string whole = exchange(bytes);
  EXPECT_THAT(statuses(whole), ElementsAre(200, 200, 200, 200));
  EXPECT_THAT(whole, HasSubstr("/p:hello"));
  EXPECT_THAT(whole, HasSubstr("/c:abcde"));
  EXPECT_TRUE(closed_);
  for (size_t cut = 1; cut < bytes.size(); ++cut) {
    const io::Descriptor peer = rig_.connect();
    send_all(peer, bytes.substr(0, cut));
    rig_.settle();
    std::string answers = receive_available(peer);
    send_all(peer, bytes.substr(cut));
    rig_.settle();
    answers += receive_available(peer);
    ASSERT_EQ(answers, whole) << "cut at " << cut;
  }
}

TEST_F(ServerTest, BytesOneByOneGiveTheSameAnswer) {
  const std::string bytes =
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  const io::Descriptor peer = rig_.connect();
  for (const char byte : bytes) {
    send_all(peer, {&byte, 1});
    rig_.turn();
  }
  rig_.settle();
  EXPECT_THAT(receive_available(peer), EndsWith("/p:hello"));
}

struct Row {
  const char* name;
  std::string bytes;
  std::vector<int> statuses;
  bool closes;
};

std::string post(const std::string& fields, const std::string& body) {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}
std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}
std::string with_fields(const std::string& fields) {
  return "GET /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

class HttpTable : public ServerTest, public testing::WithParamInterface<Row> {};

TEST_P(HttpTable, AnswersAsTheTableSays) {
  const Row& row = GetParam();
  // A further request shows whether anything behind the bytes is read as one.
  const std::string answer = exchange(row.bytes + std::string(kGet));
  std::vector<int> expected = row.statuses;
  if (!row.closes) {
    expected.push_back(200);
  }
  EXPECT_EQ(statuses(answer), expected) << answer;
  EXPECT_EQ(closed_, row.closes);
}

std::vector<Row> rows() {
  const std::string many_fields = [] {
    std::string fields;
    for (int i = 0; i < 99; ++i) {
      fields += "F" + std::to_string(i) + ": v\r\n";
    }
    return fields;
  }();
  const std::string big(32 * 1024, 'v');
  return {
      {"LowerLimitOfFields", with_fields(many_fields), {200}, false},
      {"TooManyFields", with_fields(many_fields + "One: more\r\n"), {431}, true},
      {"HeadTooLarge", with_fields("V: " + big + "\r\n"), {431}, true},
      {"RequestLineAtTheLimit",
       "GET /" + std::string(8192 - 14, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
       {200},
       false},
      {"RequestLineTooLong",
       "GET /" + std::string(8193 - 14, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n",
       {414},
       true},
      {"NoHost", "GET /a HTTP/1.1\r\n\r\n", {400}, true},
      {"TwoHosts", with_fields("Host: y\r\n"), {400}, true},
      {"MalformedHost", "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n", {400}, true},
      {"Http10NeedsNoHostAndCloses", "GET /a HTTP/1.0\r\n\r\n", {200}, true},
      {"Http10KeepAlive", "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", {200}, false},
      {"Http09", "GET /a\r\n\r\n", {400}, true},
      {"Http20", "GET /a HTTP/2.0\r\nHost: x\r\n\r\n", {505}, true},
      {"OtherProtocol", "GET /a ICE/1.0\r\nHost: x\r\n\r\n", {400}, true},
      {"UnknownMethod", "BREW /a HTTP/1.1\r\nHost: x\r\n\r\n", {501}, true},
      {"Connect", "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", {405}, true},
      {"BlankBeforeColon", with_fields("A : b\r\n"), {400}, true},
      {"NoColon", with_fields("nonsense\r\n"), {400}, true},
      {"EmptyName", with_fields(": b\r\n"), {400}, true},
      {"FoldedLine", with_fields("A: b\r\n c\r\n"), {400}, true},
      {"FoldedTransferEncoding", post("Transfer-Encoding:\r\n chunked\r\n", ""), {400}, true},
      {"BlankBeforeFirstField", "GET /a HTTP/1.1\r\n Host: x\r\n\r\n", {400}, true},
      {"Nul", with_fields(std::string("A: b\0c\r\n", 8)), {400}, true},
      {"BareCrInValue", with_fields("A: b\rc\r\n"), {400}, true},
      {"BareLfInHead", "GET /a HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", {400}, true},
      {"BareLfAfterRequestLine", "GET /a HTTP/1.1\nHost: x\r\n\r\n", {400}, true},
      {"HeadEndsInBareLf", "GET /a HTTP/1.1\r\nHost: x\r\n\n", {400}, true},
      {"CrInsteadOfCrLfAfterEmptyValue", with_fields("A:\rB: c\r\n"), {400}, true},
      {"HeadEndsInCrX", "GET /a HTTP/1.1\r\nHost: x\r\n\rX", {400}, true},
      {"BlankInFieldName", with_fields("A B: c\r\n"), {400}, true},
      {"TabInPath", "GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", {400}, true},
      {"HighByteInPath", "GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", {400}, true},
      {"SeveralBlanks", "GET  /a HTTP/1.1\r\nHost: x\r\n\r\n", {400}, true},
      {"EightEmptyLines",
       "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n",
       {200},
       false},
      {"NineEmptyLines",
       "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\n\r\n",
       {400},
       true},
      {"RelativeTarget", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", {400}, true},
      {"AbsoluteForm", "GET http://x/a HTTP/1.1\r\nHost: x\r\n\r\n", {200}, false},
      {"StarForGet", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", {400}, true},
      {"StarForOptions", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", {200}, false},
      {"LengthWithSign", post("Content-Length: +5\r\n", "hello"), {400}, true},
      {"LengthInHex", post("Content-Length: 0x5\r\n", "hello"), {400}, true},
      {"LengthList", post("Content-Length: 5, 5\r\n", "hello"), {400}, true},
      {"LengthWithBlank", post("Content-Length: 1 5\r\n", "hello"), {400}, true},
      {"LengthEmpty", post("Content-Length:\r\n", "hello"), {400}, true},
      {"LengthTwice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), {400}, true},
      {"Length20Digits", post("Content-Length: 18446744073709551621\r\n", "hello"), {400}, true},
      {"LengthTwoTo32PlusFive", post("Content-Length: 4294967301\r\n", "hello"), {413}, true},
      {"LengthTwoTo63", post("Content-Length: 9223372036854775808\r\n", "hello"), {413}, true},
      {"BodyAtTheLimit", post("Content-Length: 1000\r\n", std::string(1000, 'b')), {200}, false},
      {"BodyOverTheLimit", post("Content-Length: 1001\r\n", std::string(1001, 'b')), {413}, true},
      {"ChunkedOverTheLimit",
       chunked("3e9\r\n" + std::string(1001, 'b') + "\r\n0\r\n\r\n"),
       {413},
       true},
      {"LengthAndChunked",
       post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       {400},
       true},
      {"ChunkedTwice",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       {400},
       true},
      {"EncodingEmpty", post("Transfer-Encoding:\r\n", "0\r\n\r\n"), {501}, true},
      {"EncodingLeadingComma", post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n"), {501}, true},
      {"EncodingIdentityChunked",
       post("Transfer-Encoding: identity, chunked\r\n", "0\r\n\r\n"),
       {501},
       true},
      {"EncodingGzipChunked",
       post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"),
       {501},
       true},
      {"EncodingOnHttp10",
       "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       {400},
       true},
      {"EncodingInCapitals", post("Transfer-Encoding:  CHUNKED \r\n", "0\r\n\r\n"), {200}, false},
      {"ChunkSizeNotHex", chunked("g\r\n"), {400}, true},
      {"ChunkSizeWithSign", chunked("+5\r\nhello\r\n0\r\n\r\n"), {400}, true},
      {"ChunkSizeWithPrefix", chunked("0x5\r\nhello\r\n0\r\n\r\n"), {400}, true},
      {"ChunkSizeWithBlank", chunked("5 \r\nhello\r\n0\r\n\r\n"), {400}, true},
      {"ChunkSize17Digits", chunked("00000000000000005\r\nhello\r\n0\r\n\r\n"), {400}, true},
      {"ChunkSizeBeyondTwoTo64", chunked(std::string(17, 'f') + "\r\nhello\r\n"), {400}, true},
      {"ChunkSizeOfNothingButDigits", chunked(std::string(2000, 'f')), {400}, true},
      {"ChunkSizeTwoTo64", chunked("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), {413}, true},
      {"ChunkLineBareLf", chunked("5\nhello\r\n0\r\n\r\n"), {400}, true},
      {"ChunkDataWithoutCrLf", chunked("5\r\nhelloXX0\r\n\r\n"), {400}, true},
      {"ChunkCrX", chunked("5\rXhello\r\n0\r\n\r\n"), {400}, true},
      {"ChunkExtensionCrX", chunked("5;a\rXhello\r\n0\r\n\r\n"), {400}, true},
      {"ChunkedBodyEndsInCrX", chunked("0\r\n\rX"), {400}, true},
      {"TrailerBareLf", chunked("0\r\nA: b\n\r\n"), {400}, true},
      {"TrailerFolded", chunked("0\r\n A: b\r\n\r\n"), {400}, true},
      {"ChunkLineTooLong", chunked("5;" + std::string(1024, 'e') + "\r\nhello\r\n"), {400}, true},
      {"TrailersTooLong",
       chunked("0\r\nA: " + std::string(8 * 1024, 't') + "\r\n\r\n"),
       {400},
       true},
      {"ConnectionCloseInAList",
       with_fields("Connection: keep-alive,\tCLOSE , x\r\n"),
       {200},
       true},
      {"UnknownExpectation", with_fields("Expect: miracles\r\n"), {417}, true},
      {"ExpectationOnHttp10IsIgnored",
       "GET /a HTTP/1.0\r\nExpect: miracles\r\nConnection: keep-alive\r\n\r\n",
       {200},
       false},
      {"TraceIsNotEchoed", "TRACE /a HTTP/1.1\r\nHost: x\r\n\r\n", {200}, false},
      {"OptionsOfAPath", "OPTIONS /a HTTP/1.1\r\nHost: x\r\n\r\n", {200}, false},
      {"Http09WithFieldsAndBody",
       "POST /a\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
       {400},
       true},
      {"Rtsp", "GET /a RTSP/1.0\r\nHost: x\r\n\r\n", {400}, true},
      {"Http12", "GET /a HTTP/1.2\r\nHost: x\r\n\r\n", {505}, true},
      {"NineLineFeedsBefore", "\n\n\n" + std::string(kGet), {400}, true},
      {"DelInValue", with_fields("A: b\x7f\r\n"), {400}, true},
      {"FoldedContentLength", post("Content-Length:\r\n 5\r\n", "hello"), {400}, true},
      {"LastHeadLineEndsInLf", "GET /a HTTP/1.1\r\nHost: x\n\r\n", {400}, true},
      {"LengthTwoTo31PlusFive", post("Content-Length: 2147483653\r\n", "hello"), {413}, true},
      {"ChunkSizeTwoTo32PlusFive", chunked("100000005\r\nhello\r\n0\r\n\r\n"), {413}, true},
      {"ChunkSizeTwoTo63", chunked("8000000000000000\r\nhello\r\n0\r\n\r\n"), {413}, true},
      {"ChunkedAtTheLimit",
       chunked("3e8\r\n" + std::string(1000, 'b') + "\r\n0\r\n\r\n"),
       {200},
       false},
      {"ChunkedOverTheLimitInSum",
       chunked("3e8\r\n" + std::string(1000, 'b') + "\r\n1\r\nb\r\n0\r\n\r\n"),
       {413},
       true},
      {"TrailersNeverFrame",
       chunked("5\r\nhello\r\n0\r\nContent-Length: 400\r\nHost: y\r\n\r\n"),
       {200},
       false},
      {"ConnectionCloseBetweenTabs", with_fields("Connection:\tclose\t\r\n"), {200}, true},
      {"ContentIsNotARequest",
       post("Content-Length: 26\r\n", "GET /b HTTP/1.1\r\nHost: x\r\n"),
       {200},
       false},
      {"UpgradeIsIgnored",
       with_fields("Connection: upgrade\r\nUpgrade: websocket\r\n"),
       {200},
       false},
      {"UnknownPathBodyIsSkipped",
       "POST /skip HTTP/1.1\r\nHost: x\r\nContent-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n",
       {404},
       false},
  };
}

INSTANTIATE_TEST_SUITE_P(Rows, HttpTable, testing::ValuesIn(rows()),
                         [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

TEST_F(ServerTest, AMethodThatIsNotAllowedIsToldWhichAre) {
  EXPECT_THAT(exchange("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n"),
              HasSubstr("\r\nAllow: GET, HEAD, POST, DELETE, OPTIONS\r\n"));
  EXPECT_THAT(exchange("GET /a HTTP/2.0\r\nHost: x\r\n\r\n"), Not(HasSubstr("Allow:")));
}

TEST_F(ServerTest, ManyTinyChunksAreRefused) {
  std::string body;
  for (int i = 0; i < 40'000; ++i) {
    body += "1\r\nx\r\n";
  }
  EchoHandler handler;
  test::HttpRig rig(handler, clock_);
  const io::Descriptor peer = rig.connect();
  const std::string bytes = chunked(body);
  for (size_t at = 0; at < bytes.size(); at += 10'000) {
    send_all(peer, std::string_view(bytes).substr(at, 10'000));
    rig.settle();
  }
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(400));
}

TEST_F(ServerTest, AnswersLeaveInTheOrderOfTheRequests) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer,
           "GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"
           "GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /d HTTP/1.1\r\nHost: x\r\n\r\n");
  rig_.settle();
  EXPECT_THAT(receive_available(peer), IsEmpty());
  ASSERT_EQ(handler_.later.size(), 2U);
  EchoHandler::answer(*handler_.later[1], "third");
  rig_.settle();
  EXPECT_THAT(receive_available(peer), IsEmpty());
  EchoHandler::answer(*handler_.later[0], "first");
  rig_.settle();
  const std::string answers = receive_available(peer);
  EXPECT_THAT(statuses(answers), ElementsAre(200, 200, 200, 200));
  EXPECT_LT(answers.find("first"), answers.find("/b:"));
  EXPECT_LT(answers.find("/b:"), answers.find("third"));
  EXPECT_LT(answers.find("third"), answers.find("/d:"));
}

TEST_F(ServerTest, SixteenRequestsAreTakenInHandAndTheRestWaits) {
  const io::Descriptor peer = rig_.connect();
  for (int i = 0; i < 40; ++i) {
    send_all(peer, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  rig_.settle();
  EXPECT_EQ(handler_.requests, 16);
  int answered = 0;
  while (!handler_.later.empty()) {
    Exchange* next = handler_.later.front();
    handler_.later.erase(handler_.later.begin());
    EchoHandler::answer(*next, "x");
    ++answered;
    rig_.settle();
  }
  EXPECT_EQ(answered, 40);
  EXPECT_EQ(statuses(receive_available(peer)).size(), 40U);
}

TEST_F(ServerTest, HeadIsToldTheLengthButNoBody) {
  const std::string answer = exchange("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, ContinueIsSentBeforeTheBodyIsRead) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
  rig_.settle();
  EXPECT_EQ(receive_available(peer), "HTTP/1.1 100 Continue\r\n\r\n");
  send_all(peer, "hello");
  rig_.settle();
  EXPECT_THAT(receive_available(peer), EndsWith("/p:hello"));
}

TEST_F(ServerTest, AFinalAnswerReplacesContinueWhenTheBodyIsNotWanted) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, post("Content-Length: 2000\r\nExpect: 100-continue\r\n", ""));
  rig_.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(413));
}

TEST_F(ServerTest, ABodyCutByTheEndOfTheStreamIsNeverHandled) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, post("Content-Length: 5\r\n", "hell"));
  ::shutdown(peer.get(), SHUT_WR);
  rig_.settle();
  EXPECT_EQ(handler_.requests, 0);
  EXPECT_EQ(handler_.abandoned, 1);
  const std::string answer = receive_available(peer, &closed_);
  EXPECT_THAT(statuses(answer), ElementsAre(400)) << "who has said all may still read";
  EXPECT_THAT(answer, EndsWith("the body ends after 4 bytes; Content-Length says 5\n"));
  EXPECT_TRUE(closed_);
  EXPECT_THAT(handler_.cut, IsEmpty()) << "it is a refusal";
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, WhoBreaksOffInABodyIsToldOfWithTheBytesThatCame) {
  io::Descriptor broken = rig_.connect();
  send_all(broken, std::string(kGet) + post("Content-Length: 10\r\n", "half"));
  rig_.settle();
  broken.reset();  // with an answer unread, which the kernel tells as a reset
  rig_.settle();
  EXPECT_THAT(handler_.cut, ElementsAre(Pair("/p", 4)));
  handler_.cut.clear();
  // Whose answer has begun, which cannot become another.
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "POST /flow HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");
  rig_.settle();
  ::shutdown(peer.get(), SHUT_WR);
  rig_.settle();
  EXPECT_THAT(handler_.cut, ElementsAre(Pair("/flow", 4)));
  EXPECT_THAT(handler_.refusals, IsEmpty());
}

TEST_F(ServerTest, WhoGoesBehindAWholeBodyIsNoCutBody) {
  for (const char* path : {"/later", "/skip"}) {
    io::Descriptor peer = rig_.connect();
    send_all(peer, std::string(kGet) + "POST " + path +
                       " HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody");
    rig_.settle();
    peer.reset();
    rig_.settle();
  }
  EXPECT_EQ(handler_.abandoned, 1);
  EXPECT_THAT(handler_.cut, IsEmpty());
}

TEST_F(ServerTest, WhoAnswersARefusalSeesTheHeadAsFarAsItIsKnown) {
  (void)exchange("GET /a HTTP/2.0\r\nHost: x\r\nId: 1\r\n\r\n");
  (void)exchange("GET /b HTTP/1.1\r\nHost: x\r\nExpect: more\r\nId: 2\r\n\r\n");
  (void)exchange(post("Id: 3\r\nContent-Length: 1001\r\n", ""));
  (void)exchange(post("Id: 4\r\nTransfer-Encoding: chunked\r\n", "x\r\n"));
  EXPECT_THAT(handler_.answered_refusals,
              ElementsAre(Pair("", ""), Pair("/b", "2"), Pair("/p", "3"), Pair("/p", "4")));
}

TEST_F(ServerTest, ARefusalOfHeadHasNoBody) {
  const std::string answer =
      exchange("HEAD /p HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_THAT(statuses(answer), ElementsAre(413));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, HalfCloseAfterAWholeRequestIsAnswered) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  ::shutdown(peer.get(), SHUT_WR);
  rig_.settle();
  ASSERT_EQ(handler_.later.size(), 1U);
  EchoHandler::answer(*handler_.later[0], "late but true");
  rig_.settle();
  bool closed = false;
  const std::string answer = receive_available(peer, &closed);
  EXPECT_THAT(answer, EndsWith("late but true"));
  EXPECT_THAT(answer, Not(HasSubstr("Connection"))) << "no byte depends on when the end was seen";
  EXPECT_TRUE(closed);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, APeerThatGoesAwayAbandonsItsRequests) {
  io::Descriptor peer = rig_.connect();
  send_all(peer, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  rig_.settle();
  ASSERT_EQ(handler_.later.size(), 1U);
  peer.reset();
  rig_.settle();
  EchoHandler::answer(*handler_.later[0], "nobody");
  rig_.settle();
  EXPECT_EQ(rig_.server().connections(), 0U);
  EXPECT_EQ(rig_.server().exchanges_in_hand(), 0U);
  EXPECT_EQ(rig_.server().held_bytes(), 0U);
}

TEST_F(ServerTest, AStreamedBodyArrivesPieceByPiece) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
  rig_.settle();
  EXPECT_EQ(handler_.streamed, "hello");
  send_all(peer, "world");
  rig_.settle();
  EXPECT_EQ(handler_.streamed, "helloworld");
  EXPECT_THAT(receive_available(peer), EndsWith("10"));
}

TEST_F(ServerTest, AStreamedAnswerStopsAtTheLimitAndGoesOnWhenThePeerReads) {
  const std::string part(64 * 1024, 'p');
  int parts = 0;
  handler_.write_more = [&](Exchange& exchange) {
    while (parts < 100) {
      ++parts;
      if (!exchange.write(part)) {
        return;
      }
    }
    exchange.finish();
  };
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  rig_.settle();
  handler_.later[0]->begin_response({.content_type = "text/plain"}, std::nullopt);
  handler_.write_more(*handler_.later[0]);
  rig_.settle();
  EXPECT_LT(parts, 20);
  std::string got;
  for (int i = 0; i < 2000 && !got.ends_with("0\r\n\r\n"); ++i) {
    got += receive_available(peer);
    rig_.turn();
  }
  EXPECT_EQ(parts, 100);
  EXPECT_GT(got.size(), 100 * part.size());
}

TEST_F(ServerTest, EveryRequestBeforeAHalfCloseIsAnsweredThoughTheyAreManyAndLate) {
  const io::Descriptor peer = rig_.connect();
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    bytes += "GET /later HTTP/1.1\r\nHost: x\r\n\r\n";
  }
  send_all(peer, bytes + "GET /cut HTT");
  ::shutdown(peer.get(), SHUT_WR);
  rig_.settle();
  int answered = 0;
  for (; !handler_.later.empty(); ++answered) {
    Exchange* next = handler_.later.front();
    handler_.later.erase(handler_.later.begin());
    EchoHandler::answer(*next, "x");
    rig_.settle();
  }
  EXPECT_EQ(answered, 40);
  bool closed = false;
  const std::string answers = receive_available(peer, &closed);
  EXPECT_EQ(statuses(answers).size(), 40U);
  EXPECT_TRUE(closed);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, ABodyThatWaitsForItsHandlerSurvivesAHalfClose) {
  const io::Descriptor peer = rig_.connect();
  handler_.pause_after = 1;
  send_all(peer,
           "POST /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
           "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n");
  ::shutdown(peer.get(), SHUT_WR);
  rig_.settle();
  EXPECT_EQ(handler_.streamed, "hello");
  ASSERT_NE(handler_.paused, nullptr);
  handler_.paused->resume_body();
  rig_.settle();
  EXPECT_EQ(handler_.streamed, "helloworld");
  EXPECT_THAT(receive_available(peer), EndsWith("10"));
}

TEST_F(ServerTest, TheQueuedReplyStopsReadingAt256KiBAndNotBefore) {
  const io::Descriptor peer = rig_.connect();
  const std::string get = "GET /big HTTP/1.1\r\nHost: x\r\n\r\n";
  // Nobody reads: the kernel takes some, then the answers queue up.
  for (int i = 0; i < 200; ++i) {
    send_all(peer, get);
    rig_.settle();
  }
  const int taken = handler_.requests;
  EXPECT_LT(taken, 200);
  EXPECT_GT(static_cast<size_t>(taken) * EchoHandler::kBigBytes, kQueuedReplyBytesMax);
  std::string got;
  for (int i = 0; i < 2000 && handler_.requests < 200; ++i) {
    got += receive_available(peer);
    rig_.turn();
  }
  rig_.settle();
  EXPECT_EQ(handler_.requests, 200) << "what was held back is answered once the peer reads";
}

TEST_F(ServerTest, AnAnswerBeforeTheBodyIsInSkipsTheRest) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "POST /skip HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n" +
                     std::string(500, 'b'));
  rig_.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(404));
  send_all(peer, std::string(1500, 'b') + std::string(kGet));
  rig_.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(200)) << "the connection goes on";
}

/// However the body is framed, its sender keeps the connection at the same cost.
TEST_F(ServerTest, AnAnswerBeforeTheBodyIsInSkipsTheRestOfItsChunks) {
  const std::string head = "POST /skip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const io::Descriptor peer = rig_.connect();
  send_all(peer, head + "1f4\r\n" + std::string(500, 'b'));
  rig_.settle();
  const std::string answer = receive_available(peer);
  EXPECT_THAT(statuses(answer), ElementsAre(404));
  EXPECT_THAT(answer, Not(HasSubstr("Connection: close")));
  send_all(peer,
           "\r\n5dc\r\n" + std::string(1500, 'b') + "\r\n0\r\nT: x\r\n\r\n" + std::string(kGet));
  rig_.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(200)) << "the connection goes on";
}

TEST_F(ServerTest, ChunksThatDoNotEndCloseTheConnectionAfterTheAnswer) {
  constexpr size_t kSkippedMax = 1U << 20U;
  constexpr size_t kChunk = 0x8000;
  const std::string chunk = "8000\r\n" + std::string(kChunk, 'b') + "\r\n";
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "POST /skip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (size_t sent = 0; sent < kSkippedMax; sent += kChunk) {
    send_all(peer, chunk);
    rig_.settle();
  }
  bool closed = false;
  EXPECT_THAT(statuses(receive_available(peer, &closed)), ElementsAre(404));
  EXPECT_FALSE(closed) << "up to here it may still end";
  send_all(peer, "1\r\nb\r\n0\r\n\r\n" + std::string(kGet));
  rig_.settle();
  EXPECT_THAT(receive_available(peer, &closed), IsEmpty());
  EXPECT_TRUE(closed);
}

TEST_F(ServerTest, ABodyNotWorthSkippingClosesTheConnectionAfterTheAnswer) {
  const std::string answer =
      exchange("POST /skip HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\nbody");
  EXPECT_THAT(statuses(answer), ElementsAre(404));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(closed_);
}

TEST_F(ServerTest, APeerThatStillSendsCanReadItsRefusal) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, post("Content-Length: 1000000\r\n", std::string(100'000, 'b')));
  rig_.settle();
  send_all(peer, std::string(100'000, 'b'));
  rig_.settle();
  bool closed = false;
  EXPECT_THAT(statuses(receive_available(peer, &closed)), ElementsAre(413));
  EXPECT_TRUE(closed) << "FIN, not a reset";
  EXPECT_EQ(rig_.server().connections(), 1U) << "lingering";
  for (int i = 0; i < 3; ++i) {
    clock_.advance_ms(500);
    rig_.turn();
  }
  rig_.settle();
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, AnAbortedAnswerCutsTheConnection) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  rig_.settle();
  ASSERT_EQ(handler_.later.size(), 2U);
  handler_.later[0]->begin_response({.content_type = "text/plain"}, std::nullopt);
  EXPECT_TRUE(handler_.later[0]->write("half"));
  rig_.settle();
  handler_.later[0]->abort("why");
  rig_.settle();
  EXPECT_EQ(handler_.abandoned, 1) << "the one behind it";
  EXPECT_THAT(receive_available(peer, &closed_), EndsWith("4\r\nhalf\r\n"));
  EXPECT_TRUE(closed_) << "FIN, not a reset";
  EXPECT_EQ(rig_.server().exchanges_in_hand(), 0U);
  pass_ms(1'100);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, AnAbortedAnswerWhoseEndIsTheConnectionsIsReset) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "GET /later HTTP/1.0\r\n\r\n");
  rig_.settle();
  ASSERT_EQ(handler_.later.size(), 1U);
  handler_.later[0]->begin_response({.content_type = "text/plain"}, std::nullopt);
  EXPECT_TRUE(handler_.later[0]->write("half"));
  rig_.settle();
  handler_.later[0]->abort("why");
  rig_.settle();
  EXPECT_EQ(rig_.server().connections(), 0U) << "no FIN, which would look like the end";
}

constexpr std::string_view kFlow =
    "POST /flow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST_F(ServerTest, AnAnswerMayBeginBeforeTheBodyEnds) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, kFlow);
  send_all(peer, "3\r\none\r\n");
  rig_.settle();
  const std::string head = receive_available(peer);
  EXPECT_THAT(head, EndsWith("\r\n\r\n3\r\none\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Connection: close")));
  send_all(peer, "3\r\ntwo\r\n");
  rig_.settle();
  EXPECT_EQ(receive_available(peer), "3\r\ntwo\r\n");
  send_all(peer, "0\r\n\r\n");
  send_all(peer, kGet);
  rig_.settle();
  const std::string rest = receive_available(peer, &closed_);
  EXPECT_THAT(rest, testing::StartsWith("0\r\n\r\nHTTP/1.1 200"));
  EXPECT_FALSE(closed_) << "it is an exchange like all others";
}

TEST_F(ServerTest, AnAnswerCutInTheMiddleIsSentSoFarAndEndsWithTheConnection) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, kFlow);
  send_all(peer, "3\r\none\r\n");
  send_all(peer, "1\r\n!\r\n");
  rig_.settle();
  EXPECT_THAT(receive_available(peer, &closed_), EndsWith("3\r\none\r\n1\r\n!\r\n"));
  EXPECT_TRUE(closed_) << "FIN, not a reset";
  send_all(peer, "4\r\nmore\r\n0\r\n\r\n");
  rig_.settle();
  EXPECT_EQ(handler_.abandoned, 0);
  EXPECT_EQ(rig_.server().exchanges_in_hand(), 0U);
}

TEST_F(ServerTest, ABodyThatIsCutEndsItsAnswerInTheMiddle) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, kFlow);
  send_all(peer, "3\r\none\r\n");
  rig_.settle();
  EXPECT_EQ(::shutdown(peer.get(), SHUT_WR), 0);
  rig_.settle();
  const std::string answer = receive_available(peer, &closed_);
  EXPECT_THAT(answer, EndsWith("3\r\none\r\n")) << "no last chunk";
  EXPECT_TRUE(closed_);
  EXPECT_EQ(handler_.abandoned, 1);
}

TEST_F(ServerTest, APeerMayWriteAllOfItsBodyBeforeItReads) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, kFlow);
  const std::string chunk = "8000\r\n" + std::string(32'768, '#') + "\r\n";
  size_t chunks = 0;
  for (; !handler_.unread; ++chunks) {
    send_all(peer, chunk);
    rig_.settle();
    ASSERT_LT(chunks, 10'000U);
  }
  // Much longer than an answer may stand still, while the body moves on.
  for (int i = 0; i < 10; ++i, ++chunks) {
    pass_ms(5'000);
    send_all(peer, chunk);
    rig_.settle();
  }
  send_all(peer, "0\r\n\r\n");
  rig_.settle();
  pass_ms(5'000);
  EXPECT_EQ(rig_.server().connections(), 1U);
  std::string answer;
  for (std::string part; !(part = receive_available(peer)).empty(); rig_.settle()) {
    answer += part;
  }
  EXPECT_EQ(std::count(answer.begin(), answer.end(), '#'), static_cast<long>(chunks * 32'768));
  EXPECT_THAT(answer, EndsWith("0\r\n\r\n"));
}

TEST_F(ServerTest, APeerThatHasWrittenAllIsExpectedToRead) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, kFlow);
  const std::string chunk = "8000\r\n" + std::string(32'768, '#') + "\r\n";
  while (!handler_.unread) {
    send_all(peer, chunk);
    rig_.settle();
  }
  send_all(peer, "0\r\n\r\n");
  rig_.settle();
  pass_ms(16'000);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, RefusalsAreReportedOnceAndCounted) {
  (void)exchange("GET /a HTTP/2.0\r\nHost: x\r\n\r\n");
  (void)exchange(post("Content-Length: 1001\r\n", ""));
  (void)exchange(kGet);
  EXPECT_THAT(handler_.refusals, ElementsAre(505, 413));
  EXPECT_EQ(rig_.server().stats().refusals[505], 1U);
  EXPECT_EQ(rig_.server().stats().refusals[413], 1U);
  EXPECT_EQ(rig_.server().stats().requests, 2U);
}

TEST_F(ServerTest, ConnectionsBeyondTheLimitAreTold503) {
  EchoHandler handler;
  test::HttpRig rig(handler, clock_, {}, {.streams_max = 2});
  const io::Descriptor first = rig.connect();
  const io::Descriptor second = rig.connect();
  bool adopted = true;
  const io::Descriptor third = rig.connect(&adopted);
  EXPECT_FALSE(adopted);
  bool closed = false;
  const std::string answer = receive_available(third, &closed);
  EXPECT_THAT(statuses(answer), ElementsAre(503));
  EXPECT_THAT(answer, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_TRUE(closed);
  EXPECT_THAT(handler.refusals, ElementsAre(503));
  send_all(second, kGet);
  rig.settle();
  EXPECT_THAT(statuses(receive_available(second)), ElementsAre(200));
}

TEST_F(ServerTest, RefusalsNameThePathThatWasAskedFor) {
  (void)exchange("GET /a HTTP/2.0\r\nHost: x\r\n\r\n");
  (void)exchange("GET /b HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n");
  (void)exchange(post("Content-Length: 1001\r\n", ""));
  (void)exchange(post("Transfer-Encoding: chunked\r\n", "x\r\n"));
  EXPECT_THAT(handler_.refusals, ElementsAre(505, 417, 413, 400));
  EXPECT_THAT(handler_.refused_paths, ElementsAre("none", "/b", "/p", "/p"));
}

// ---- Time

TEST_F(ServerTest, EmptyLinesBetweenRequestsBeginNothing) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, std::string(kGet) + "\r\n");
  rig_.settle();
  pass_ms(30'000);
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(200)) << "no 408 behind it";
  send_all(peer, kGet);
  rig_.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(200));
}

TEST_F(ServerTest, AChunkAnnouncedButNotSentEarnsNoTime) {
  EchoHandler handler;
  test::HttpRig rig(handler, clock_);
  const io::Descriptor peer = rig.connect();
  send_all(peer, chunked("1000000\r\n"));
  for (int second = 0; second < 14; ++second) {
    send_all(peer, "x");
    clock_.advance_ms(500);
    rig.turn();
    clock_.advance_ms(500);
    rig.turn();
  }
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(408)) << "a byte a second";
}

TEST_F(ServerTest, AnAnswerThatThePeerDoesNotTakeEndsInAReset) {
  const io::Descriptor peer = rig_.connect();
  for (int i = 0; i < 60; ++i) {
    send_all(peer, "GET /big HTTP/1.1\r\nHost: x\r\n\r\n");
    rig_.settle();
  }
  pass_ms(14'000);
  EXPECT_EQ(rig_.server().connections(), 1U);
  pass_ms(2'000);
  EXPECT_EQ(rig_.server().connections(), 0U);
  EXPECT_EQ(rig_.server().exchanges_in_hand(), 0U);
}

TEST_F(ServerTest, AFastBodyMayTakeAsLongAsItNeeds) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "POST /stream HTTP/1.1\r\nHost: x\r\nContent-Length: 36000\r\n\r\n");
  for (int second = 0; second < 60; ++second) {
    send_all(peer, std::string(600, 'b'));
    pass_ms(1'000);
  }
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(200));
}

// ---- Shutdown

TEST_F(ServerTest, WhileDrainingEverythingReceivedIsAnsweredAndTheLastAnswerAnnouncesTheClose) {
  const io::Descriptor peer = rig_.connect();
  rig_.settle();
  rig_.server().begin_drain();
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    bytes += i % 2 == 0 ? "GET /later HTTP/1.1\r\nHost: x\r\n\r\n" : kGet;
  }
  send_all(peer, bytes);
  rig_.settle();
  while (!handler_.later.empty()) {
    Exchange* next = handler_.later.front();
    handler_.later.erase(handler_.later.begin());
    EchoHandler::answer(*next, "x");
    rig_.settle();
  }
  bool closed = false;
  const std::string answers = receive_available(peer, &closed);
  EXPECT_EQ(statuses(answers).size(), 40U);
  EXPECT_EQ(answers.find("Connection: close"), answers.rfind("Connection: close"));
  EXPECT_GT(answers.find("Connection: close"), answers.rfind("HTTP/1.1 200"));
  EXPECT_TRUE(closed);
}

TEST_F(ServerTest, WhileDrainingIdleConnectionsGoAfter1500Milliseconds) {
  const io::Descriptor peer = rig_.connect();
  rig_.settle();
  rig_.server().begin_drain();
  pass_ms(1'400);
  EXPECT_EQ(rig_.server().connections(), 1U);
  pass_ms(500);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, WhileDrainingABodyWithoutProgressIsCutAfter8Seconds) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, post("Content-Length: 10\r\n", "half"));
  rig_.settle();
  rig_.server().begin_drain();
  pass_ms(7'500);
  EXPECT_THAT(receive_available(peer), IsEmpty());
  pass_ms(1'000);
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(408));
  pass_ms(1'500);
  EXPECT_EQ(rig_.server().connections(), 0U);
}

TEST_F(ServerTest, ASecondSignalShortensThatToASecond) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, post("Content-Length: 10\r\n", "half"));
  rig_.settle();
  rig_.server().begin_drain();
  pass_ms(2'000);
  EXPECT_THAT(receive_available(peer), IsEmpty());
  rig_.server().hasten_drain();
  pass_ms(500);
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(408)) << "a second has passed already";
}

TEST_F(ServerTest, AHeadThatComesTooSlowlyIsTold408) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, "GET /a HT");
  rig_.settle();
  for (int i = 0; i < 12; ++i) {
    clock_.advance_ms(500);
    rig_.turn();
  }
  send_all(peer, "TP/1.1\r\nHo");
  rig_.settle();
  // Absolute: the bytes in between have not renewed it. (In steps, since one long turn would be
  // taken for a frozen clock.)
  for (int i = 0; i < 10; ++i) {
    clock_.advance_ms(500);
    rig_.turn();
  }
  rig_.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(408));
}

TEST_F(ServerTest, AnIdleConnectionIsClosedAfterItsTimeWithoutAWord) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, kGet);
  rig_.settle();
  (void)receive_available(peer);
  for (int i = 0; i < 74 * 2; ++i) {
    clock_.advance_ms(500);
    rig_.turn();
  }
  EXPECT_EQ(rig_.server().connections(), 1U);
  for (int i = 0; i < 4; ++i) {
    clock_.advance_ms(500);
    rig_.turn();
  }
  rig_.settle();
  bool closed = false;
  EXPECT_EQ(receive_available(peer, &closed), "");
  EXPECT_TRUE(closed);
}

TEST_F(ServerTest, ABodyMayTakeHoursWhereItKeepsComing) {
  const io::Descriptor peer = rig_.connect();
  const std::string piece(8 * 1024, 'b');
  constexpr size_t kPieces = 1'500;  // one every 9 s: nearly four hours
  send_all(peer, "POST /stream HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (size_t i = 0; i < kPieces; ++i) {
    send_all(peer, "2000\r\n" + piece + "\r\n");
    rig_.settle();
    for (int step = 0; step < 18; ++step) {
      clock_.advance_ms(500);
      rig_.turn();
    }
    ASSERT_TRUE(handler_.refusals.empty()) << i;
  }
  send_all(peer, "0\r\n\r\n");
  rig_.settle();
  EXPECT_THAT(receive_available(peer), EndsWith(std::to_string(kPieces * piece.size())));
}

TEST_F(ServerTest, ASilentBodyIsTold408AndNeverHandled) {
  const io::Descriptor peer = rig_.connect();
  send_all(peer, post("Content-Length: 10\r\n", "half"));
  rig_.settle();
  for (int i = 0; i < 22; ++i) {
    clock_.advance_ms(500);
    rig_.turn();
  }
  rig_.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(408));
  EXPECT_EQ(handler_.requests, 0);
}

TEST_F(ServerTest, DrainingAnnouncesTheCloseAndIdleConnectionsStayForAMoment) {
  const io::Descriptor idle = rig_.connect();
  const io::Descriptor busy = rig_.connect();
  send_all(busy, "GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  rig_.settle();
  rig_.server().begin_drain();
  clock_.advance_ms(700);
  rig_.settle();
  send_all(idle, kGet);
  rig_.settle();
  EXPECT_THAT(receive_available(idle), HasSubstr("Connection: close\r\n"));
  for (int i = 0; i < 20; ++i) {
    clock_.advance_ms(500);
    rig_.turn();
  }
  ASSERT_EQ(handler_.later.size(), 1U) << "a request begun is completed";
  EchoHandler::answer(*handler_.later[0], "done");
  rig_.settle();
  EXPECT_THAT(receive_available(busy), EndsWith("done"));
}

TEST_F(ServerTest, BytesHeldForAllConnectionsAreBounded) {
  EchoHandler handler;
  test::HttpRig rig(handler, clock_, {.limits = {}, .held_bytes_max = 1000});
  const io::Descriptor peer = rig.connect();
  send_all(peer, post("Content-Length: 5000\r\n", std::string(900, 'b')));
  rig.settle();
  send_all(peer, std::string(900, 'b'));
  rig.settle();
  EXPECT_THAT(statuses(receive_available(peer)), ElementsAre(503));
  EXPECT_EQ(rig.server().held_bytes(), 0U);
}

}  // namespace
}  // namespace ringmaker::http
