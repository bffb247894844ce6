// Bodies with a Content-Encoding: which are read, and where each of them ends.
#include "serve/coded_body.h"

#include "tests/serve/fake_exchange.h"
#include "tests/support/coded.h"

#include <gtest/gtest.h>

namespace ringmaker::serve {
namespace {

using Verdict = CodedBody::Verdict;

ContentCoding coding_of(FakeExchange::Fields fields) {
  return content_coding(FakeExchange(http::Method::kPost, "/", std::move(fields)).head());
}

TEST(ContentCodingTest, OneKnownCodingIsReadAndIdentityIsNone) {
  for (const char* none : {"", "identity", "Identity", " identity , "}) {
    const ContentCoding body = coding_of({{"Content-Encoding", none}});
    EXPECT_TRUE(body.readable) << none;
    EXPECT_EQ(body.coding, std::nullopt) << none;
  }
  EXPECT_TRUE(coding_of({}).readable);
  for (const char* gzip : {"gzip", "GZIP", "x-gzip", "identity, gzip", " gzip\t"}) {
    const ContentCoding body = coding_of({{"content-encoding", gzip}});
    EXPECT_TRUE(body.readable) << gzip;
    EXPECT_EQ(body.coding, wire::Coding::kGzip) << gzip;
  }
}

TEST(ContentCodingTest, UnknownOnesAndCodingsOfCodingsAreNot) {
  for (const char* other : {"br", "gzip, zstd", "br, gzip", "gzip, br", "gzip;q=1"}) {
    EXPECT_FALSE(coding_of({{"Content-Encoding", other}}).readable) << other;
  }
  EXPECT_FALSE(coding_of({{"Content-Encoding", "gzip"}, {"Content-Encoding", "gzip"}}).readable)
      << "two fields are one list";
}

TEST(CodedBodyTest, TellsWhatItWaitsForAndWhenItIsWhole) {
  InflaterPool pool;
  CodedBody body;
  EXPECT_FALSE(body.ready());
  body.begin(wire::Coding::kGzip, pool, 1000);
  EXPECT_FALSE(body.ready());
  const std::string stream = test::coded(wire::Coding::kGzip, std::string(20, 'x'));
  char out[16];
  body.append(stream.substr(0, 5), false);
  EXPECT_TRUE(body.ready());
  EXPECT_EQ(body.inflate(out).verdict, Verdict::kHungry);
  EXPECT_FALSE(body.ready());
  body.append(stream.substr(5), true);
  const CodedBody::Step first = body.inflate(out);
  EXPECT_EQ(first.verdict, Verdict::kFilled);
  EXPECT_EQ(first.bytes, sizeof out);
  EXPECT_TRUE(body.ready());
  const CodedBody::Step second = body.inflate(out);
  EXPECT_EQ(second.verdict, Verdict::kDone);
  EXPECT_EQ(second.bytes, 4U);
  body.end();
  EXPECT_FALSE(body.ready());
  EXPECT_EQ(body.bytes_held(), 0U);
}

TEST(CodedBodyTest, OneByteIsToldAsOne) {
  InflaterPool pool;
  char out[64];
  CodedBody body;
  body.begin(wire::Coding::kGzip, pool, 1);
  body.append(test::coded(wire::Coding::kGzip, "xx"), true);
  const auto verdict = body.inflate(out).verdict;
  EXPECT_EQ(body.describe(verdict),
            "the gzip body inflates to more than 1 byte (the option inflated-bytes-max).");
  body.end();
}

TEST(CodedBodyTest, TheLimitIsOnWhatItInflatesTo) {
  InflaterPool pool;
  char out[64];
  for (const auto& [limit, verdict] :
       {std::pair{20, Verdict::kDone}, std::pair{19, Verdict::kTooLarge}}) {
    CodedBody body;
    body.begin(wire::Coding::kZstd, pool, limit);
    body.append(test::coded(wire::Coding::kZstd, std::string(20, 'x')), true);
    EXPECT_EQ(body.inflate(out).verdict, verdict);
    body.end();
  }
}

}  // namespace
}  // namespace ringmaker::serve
