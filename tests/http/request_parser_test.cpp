// A gated head becomes a request: what it means, and the rules about fields that decide framing.
#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::http {
namespace {

class RequestParserTest : public testing::Test {
 protected:
  /// The bytes must pass the gate.
  Refusal parse(const std::string& bytes) {
    bytes_ = bytes;
    gate_.reset();
    EXPECT_EQ(gate_.inspect(bytes_), HeadGate::Verdict::kComplete) << bytes;
    return parser_.parse(gate_, bytes_, headers_, parsed_);
  }
  Refusal parse_fields(const std::string& fields, const std::string& line = "POST /p HTTP/1.1") {
    return parse(line + "\r\n" + fields + "\r\n");
  }
  [[nodiscard]] const RequestHead& head() const { return parsed_.head; }

  std::string bytes_;
  HeadGate gate_;
  RequestParser parser_;
  std::array<Header, kFieldsMax> headers_;
  ParsedHead parsed_;
};

TEST_F(RequestParserTest, TellsMethodTargetAndFields) {
  ASSERT_FALSE(parse(
      "\r\nPOST /a/b?c=d?e HTTP/1.1\r\nHost: x:80\r\nContent-Length: 12\r\nX-Y:  z \r\n\r\n"));
  EXPECT_EQ(head().method, Method::kPost);
  EXPECT_EQ(head().path, "/a/b");
  EXPECT_EQ(head().query, "c=d?e");
  EXPECT_EQ(head().version_minor, 1);
  EXPECT_EQ(head().content_length, 12U);
  EXPECT_FALSE(head().chunked);
  EXPECT_EQ(head().headers.size(), 3U);
  EXPECT_EQ(head().header("x-y"), "z");
  EXPECT_EQ(head().header("absent"), "");
  EXPECT_TRUE(parsed_.keep_alive);
  EXPECT_FALSE(parsed_.expects_continue);
}

TEST_F(RequestParserTest, NothingOfOneRequestIsLeftInTheNext) {
  ASSERT_FALSE(parse_fields(
      "Host: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n"));
  ASSERT_FALSE(parse("GET /q HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(head().content_length, std::nullopt);
  EXPECT_FALSE(parsed_.expects_continue);
  EXPECT_TRUE(parsed_.keep_alive);
  EXPECT_EQ(head().query, "");
}

TEST_F(RequestParserTest, KnowsTheUsualMethods) {
  const std::vector<std::pair<std::string, Method>> methods{
      {"GET", Method::kGet},     {"HEAD", Method::kHead},     {"POST", Method::kPost},
      {"PUT", Method::kPut},     {"DELETE", Method::kDelete}, {"OPTIONS", Method::kOptions},
      {"TRACE", Method::kOther}, {"PATCH", Method::kOther},   {"PROPFIND", Method::kOther},
  };
  for (const auto& [name, method] : methods) {
    ASSERT_FALSE(parse(name + " / HTTP/1.1\r\nHost: x\r\n\r\n")) << name;
    EXPECT_EQ(head().method, method) << name;
  }
}

TEST_F(RequestParserTest, TargetsAreReducedToPathAndQuery) {
  const struct {
    const char* target;
    const char* path;
    const char* query;
  } rows[] = {
      {"/", "/", ""},           {"/?", "/", ""},           {"/a%2fb", "/a%2fb", ""},
      {"//a", "//a", ""},       {"http://x", "/", ""},     {"HTTP://x/a?b", "/a", "b"},
      {"http://x?b", "/", "b"}, {"http://x:80/", "/", ""},
  };
  for (const auto& row : rows) {
    ASSERT_FALSE(parse("GET " + std::string(row.target) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        << row.target;
    EXPECT_EQ(head().path, row.path) << row.target;
    EXPECT_EQ(head().query, row.query) << row.target;
  }
  ASSERT_FALSE(parse("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(head().path, "*");
}

TEST_F(RequestParserTest, OtherTargetsAreRefused) {
  for (const char* target : {"a", "*", "x:80", "https://x/", "ftp://x/", "http:///a", "http://",
                             "/a#b", "http://x y/", "mailto:x", "?a"}) {
    const std::string bytes = "GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    HeadGate gate;
    if (gate.inspect(bytes) == HeadGate::Verdict::kComplete) {
      EXPECT_EQ(parse(bytes).status, 400) << target;
    }
  }
}

TEST_F(RequestParserTest, ATargetThatIsNoPathIsToldSo) {
  EXPECT_EQ(parse("GET ping HTTP/1.1\r\nHost: x\r\n\r\n").sentence,
            "the request target is neither a path nor an http:// address");
}

TEST_F(RequestParserTest, UnknownMethodsAre501AndConnectIs405) {
  EXPECT_EQ(parse("BREW / HTTP/1.1\r\nHost: x\r\n\r\n").status, 501);
  EXPECT_EQ(parse("get / HTTP/1.1\r\nHost: x\r\n\r\n").status, 501);
  const Refusal tunnel = parse("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(tunnel.status, 405);
  EXPECT_EQ(tunnel.allow, "GET, HEAD, POST, DELETE, OPTIONS");
  EXPECT_EQ(parse("PRI / HTTP/1.1\r\nHost: x\r\n\r\n").status, 400) << "what HTTP/2 begins with";
  EXPECT_EQ(parse("CONNECT /p HTTP/1.1\r\nHost: x\r\n\r\n").status, 405);
}

TEST_F(RequestParserTest, MethodsOfOtherProtocolsAreUnknown) {
  for (const char* method : {"DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "TEARDOWN",
                             "GET_PARAMETER", "SET_PARAMETER", "REDIRECT", "RECORD", "FLUSH"}) {
    EXPECT_EQ(parse(std::string(method) + " / HTTP/1.1\r\nHost: x\r\n\r\n").status, 501) << method;
    EXPECT_EQ(parse(std::string(method) + " / HTTP/1.1\r\n\r\n").status, 400) << "without Host";
  }
}

TEST_F(RequestParserTest, UpgradesAreReadAsPlainRequests) {
  ASSERT_FALSE(parse_fields(
      "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n"));
  EXPECT_TRUE(parsed_.keep_alive);
  EXPECT_EQ(head().content_length, 3U);
}

struct Row {
  const char* name;
  const char* fields;
  int status;  // 0: accepted
};

class FramingRow : public RequestParserTest, public testing::WithParamInterface<Row> {};

TEST_P(FramingRow, IsAcceptedOrRefusedAsTheRulesSay) {
  const Refusal refusal = parse_fields(GetParam().fields);
  EXPECT_EQ(refusal.status, GetParam().status) << refusal.sentence;
  if (refusal) {
    EXPECT_GT(refusal.sentence.size(), 10U) << "a sentence";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Fields, FramingRow,
    testing::ValuesIn(std::vector<Row>{
        {"NoHost", "A: b\r\n", 400},
        {"TwoHosts", "Host: x\r\nHost: x\r\n", 400},
        {"TwoHostsInAnyCase", "Host: x\r\nhOST: x\r\n", 400},
        {"EmptyHost", "Host:\r\n", 400},
        {"HostWithBlank", "Host: a b\r\n", 400},
        {"HostWithComma", "Host: a,b\r\n", 400},
        {"HostWithPath", "Host: a/b\r\n", 400},
        {"HostWithUser", "Host: a@b\r\n", 400},
        {"HostIpv6", "Host: [::1]:8080\r\n", 0},
        {"HostIpv6WithoutPort", "Host: [::1]\r\n", 0},
        {"HostIpv6Unclosed", "Host: [::1\r\n", 400},
        {"HostIpv6WithTail", "Host: [::1]x\r\n", 400},
        {"HostWithEmptyPort", "Host: a:\r\n", 0},
        {"HostPortNotDigits", "Host: a:80x\r\n", 400},
        {"HostWithTwoPorts", "Host: a:80:81\r\n", 400},
        {"HostOnlyPort", "Host: :80\r\n", 400},
        {"LengthZero", "Host: x\r\nContent-Length: 0\r\n", 0},
        {"LengthLeadingZeroes", "Host: x\r\nContent-Length: 0000000000000000005\r\n", 0},
        {"LengthOf19Digits", "Host: x\r\nContent-Length: 9223372036854775808\r\n", 0},
        {"LengthOf20Digits", "Host: x\r\nContent-Length: 00000000000000000005\r\n", 400},
        {"LengthEmpty", "Host: x\r\nContent-Length:\r\n", 400},
        {"LengthSign", "Host: x\r\nContent-Length: +5\r\n", 400},
        {"LengthMinus", "Host: x\r\nContent-Length: -5\r\n", 400},
        {"LengthHex", "Host: x\r\nContent-Length: 0x5\r\n", 400},
        {"LengthList", "Host: x\r\nContent-Length: 5,5\r\n", 400},
        {"LengthBlankInside", "Host: x\r\nContent-Length: 5 5\r\n", 400},
        {"LengthPoint", "Host: x\r\nContent-Length: 5.0\r\n", 400},
        {"ContentTypeTwice", "Host: x\r\nContent-Type: text/csv\r\nContent-Type: text/csv\r\n",
         400},
        {"LengthTwiceEqual", "Host: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n", 400},
        {"LengthTwice", "Host: x\r\nContent-Length: 5\r\ncontent-length: 6\r\n", 400},
        {"Chunked", "Host: x\r\nTransfer-Encoding: chunked\r\n", 0},
        {"ChunkedInAnyCase", "Host: x\r\ntransfer-encoding: \tChUnKeD \r\n", 0},
        {"ChunkedTwice", "Host: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
         400},
        {"ChunkedListed", "Host: x\r\nTransfer-Encoding: chunked, chunked\r\n", 501},
        {"EncodingEmpty", "Host: x\r\nTransfer-Encoding:\r\n", 501},
        {"EncodingLeadingComma", "Host: x\r\nTransfer-Encoding: , chunked\r\n", 501},
        {"EncodingIdentity", "Host: x\r\nTransfer-Encoding: identity\r\n", 501},
        {"EncodingGzip", "Host: x\r\nTransfer-Encoding: gzip, chunked\r\n", 501},
        {"EncodingWithParameter", "Host: x\r\nTransfer-Encoding: chunked;q=1\r\n", 501},
        {"EncodingWithVerticalText", "Host: x\r\nTransfer-Encoding: xchunked\r\n", 501},
        {"LengthAndChunked", "Host: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400},
        {"ChunkedAndLength", "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400},
        {"Expect", "Host: x\r\nExpect: 100-Continue\r\n", 0},
        {"ExpectOther", "Host: x\r\nExpect: 200-ok\r\n", 417},
        {"ExpectEmpty", "Host: x\r\nExpect:\r\n", 0},
    }),
    [](const testing::TestParamInfo<Row>& row) { return row.param.name; });

TEST_F(RequestParserTest, AnEmptyExpectationExpectsNothing) {
  ASSERT_FALSE(parse_fields("Host: x\r\nContent-Length: 1\r\nExpect: \r\n"));
  EXPECT_FALSE(parsed_.expects_continue);
}

TEST_F(RequestParserTest, Http10NeedsNoHostAndHasNoEncodingOrExpectation) {
  EXPECT_FALSE(parse("POST / HTTP/1.0\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_FALSE(parsed_.expects_continue);
  EXPECT_EQ(parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").status, 400);
}

TEST_F(RequestParserTest, ConnectionListsDecideWhetherItIsKept) {
  const struct {
    const char* line;
    const char* connection;
    bool kept;
  } rows[] = {
      {"GET / HTTP/1.1", "", true},
      {"GET / HTTP/1.1", "Connection: close\r\n", false},
      {"GET / HTTP/1.1", "Connection: close\t\r\n", false},
      {"GET / HTTP/1.1", "Connection:\tClose\r\n", false},
      {"GET / HTTP/1.1", "Connection: a,\tCLOSE ,b\r\n", false},
      {"GET / HTTP/1.1", "Connection: keep-alive\r\nConnection: close\r\n", false},
      {"GET / HTTP/1.1", "Connection: closed, not-close, close-it\r\n", true},
      {"GET / HTTP/1.1", "Connection: ,,\r\n", true},
      {"GET / HTTP/1.0", "", false},
      {"GET / HTTP/1.0", "Connection: Keep-Alive\r\n", true},
      {"GET / HTTP/1.0", "Connection: keep-alive, close\r\n", false},
  };
  for (const auto& row : rows) {
    ASSERT_FALSE(parse_fields("Host: x\r\n" + std::string(row.connection), row.line));
    EXPECT_EQ(parsed_.keep_alive, row.kept) << row.line << ' ' << row.connection;
  }
}

TEST(ListContains, ComparesWholeTokensInAnyCase) {
  EXPECT_TRUE(list_contains("a, B\t,c", "b"));
  EXPECT_FALSE(list_contains("ab, bc", "b"));
  EXPECT_FALSE(list_contains("", "b"));
}

}  // namespace
}  // namespace ringmaker::http
