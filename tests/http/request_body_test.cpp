// The framing of one body: where it ends, what of it is data, and when it is too large.
#include "http/request_body.h"

#include "http/request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ringmaker::http {
namespace {

using Verdict = RequestBody::Verdict;

const Limits kLimits{
    .body_bytes_max = 100, .streamed_body_bytes_max = 1000, .discarded_body_bytes_max = 10};

ParsedHead counted(uint64_t length) {
  ParsedHead head;
  head.head.content_length = length;
  return head;
}

ParsedHead chunked() {
  ParsedHead head;
  head.head.chunked = true;
  return head;
}

ParsedHead expecting_continue(ParsedHead head) {
  head.expects_continue = true;
  return head;
}

struct Read {
  std::string data;
  size_t consumed = 0;
  Verdict verdict = Verdict::kNeedMore;
};

/// Gives `bytes` in pieces of at most `piece` until the body has ended or was refused.
Read read(RequestBody& body, std::string_view bytes, size_t piece = SIZE_MAX) {
  Read read;
  while (read.consumed < bytes.size()) {
    const RequestBody::Step step = body.take(bytes.substr(read.consumed, piece));
    read.consumed += step.consumed;
    read.data += step.data;
    read.verdict = step.verdict;
    if (step.verdict == Verdict::kComplete || step.verdict == Verdict::kRefused) {
      break;
    }
  }
  return read;
}

RequestBody begun(const ParsedHead& head, BodyMode mode) {
  RequestBody body;
  body.begin(head);
  EXPECT_FALSE(body.admit(mode, kLimits));
  return body;
}

TEST(RequestBody, CountsToItsEndAndLeavesWhatComesBehind) {
  for (const size_t piece : {size_t{1}, size_t{2}, size_t{5}, SIZE_MAX}) {
    RequestBody body = begun(counted(5), BodyMode::kCollect);
    const Read whole = read(body, "helloGET /", piece);
    EXPECT_EQ(whole.data, "hello") << piece;
    EXPECT_EQ(whole.consumed, 5U) << piece;
    EXPECT_EQ(whole.verdict, Verdict::kComplete) << piece;
    EXPECT_TRUE(body.ended());
  }
}

TEST(RequestBody, OneThatEndsTooEarlySaysWhere) {
  RequestBody body = begun(counted(5), BodyMode::kStream);
  EXPECT_EQ(body.describe_cut(), "the body ends after 0 bytes; Content-Length says 5");
  (void)body.take("h");
  EXPECT_EQ(body.describe_cut(), "the body ends after 1 byte; Content-Length says 5");
  RequestBody chunks = begun(chunked(), BodyMode::kStream);
  (void)read(chunks, "5\r\nhello\r\n7\r\nwo");
  EXPECT_EQ(chunks.describe_cut(), "the body ends after 7 bytes, without a last chunk");
}

TEST(RequestBody, TheLastPieceOfACountedBodyIsMarkedAsSuch) {
  RequestBody body = begun(counted(5), BodyMode::kStream);
  EXPECT_EQ(body.take("hel").verdict, Verdict::kData);
  EXPECT_FALSE(body.ended());
  EXPECT_EQ(body.bytes_left(), 2U);
  EXPECT_EQ(body.bytes_taken(), 3U);
  EXPECT_EQ(body.take("lo").verdict, Verdict::kComplete);
  EXPECT_EQ(body.bytes_left(), 0U);
  EXPECT_EQ(body.bytes_taken(), 5U);
}

TEST(RequestBody, WithoutLengthOrChunksItHasEndedBeforeItBegins) {
  for (const ParsedHead& head : {ParsedHead(), counted(0)}) {
    RequestBody body = begun(head, BodyMode::kCollect);
    EXPECT_TRUE(body.ended());
    const RequestBody::Step step = body.take({});
    EXPECT_EQ(step.verdict, Verdict::kComplete);
    EXPECT_EQ(step.data, "");
  }
}

TEST(RequestBody, TakesTheChunksOff) {
  const std::string wire = "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  for (const size_t piece : {size_t{1}, size_t{3}, SIZE_MAX}) {
    RequestBody body = begun(chunked(), BodyMode::kStream);
    EXPECT_FALSE(body.ended());
    const Read whole = read(body, wire + "GET /", piece);
    EXPECT_EQ(whole.data, "hello") << piece;
    EXPECT_EQ(whole.consumed, wire.size()) << piece;
    EXPECT_TRUE(body.ended());
    EXPECT_EQ(body.bytes_taken(), 5U);
  }
}

TEST(RequestBody, ChunksThatAreNoneAreRefusedWithTheirOwnSentence) {
  RequestBody body = begun(chunked(), BodyMode::kStream);
  EXPECT_EQ(read(body, "5\nhello").verdict, Verdict::kRefused);
  EXPECT_EQ(body.refusal().status, 400);
}

TEST(RequestBody, BeginsAnewForTheNextRequest) {
  RequestBody body = begun(chunked(), BodyMode::kStream);
  EXPECT_EQ(read(body, "zz").verdict, Verdict::kRefused);
  body.begin(counted(2));
  EXPECT_FALSE(body.admit(BodyMode::kCollect, kLimits));
  EXPECT_EQ(read(body, "okGET").data, "ok");
  EXPECT_FALSE(body.refusal());
  EXPECT_EQ(body.bytes_taken(), 2U);
}

// ---- How large it may be

struct SizeRow {
  BodyMode mode;
  uint64_t bytes_max;
};

class RequestBodySize : public testing::TestWithParam<SizeRow> {};

TEST_P(RequestBodySize, ALengthAtTheLimitIsAdmittedAndOneMoreByteIsNot) {
  RequestBody body;
  body.begin(counted(GetParam().bytes_max));
  EXPECT_EQ(body.admit(GetParam().mode, kLimits).status, 0);
  body.begin(counted(GetParam().bytes_max + 1));
  EXPECT_EQ(body.admit(GetParam().mode, kLimits).status, 413);
}

TEST_P(RequestBodySize, AChunkBeyondTheLimitIsRefusedAtItsSizeLine) {
  const auto size_line = [](uint64_t bytes) {
    std::string line = "0000\r\n";
    for (size_t digit = 4; digit-- > 0; bytes /= 16) {
      line[digit] = "0123456789abcdef"[bytes % 16];
    }
    return line;
  };
  RequestBody body = begun(chunked(), GetParam().mode);
  EXPECT_EQ(read(body, size_line(GetParam().bytes_max)).verdict, Verdict::kNeedMore);
  body = begun(chunked(), GetParam().mode);
  EXPECT_EQ(read(body, size_line(GetParam().bytes_max + 1)).verdict, Verdict::kRefused);
  EXPECT_EQ(body.refusal().status, 413);
}

TEST_P(RequestBodySize, ChunksAreSummed) {
  RequestBody body = begun(chunked(), GetParam().mode);
  const std::string one_chunk = "5\r\nhello\r\n";
  uint64_t sum = 0;
  for (; sum + 5 <= GetParam().bytes_max; sum += 5) {
    ASSERT_NE(read(body, one_chunk).verdict, Verdict::kRefused) << sum;
  }
  EXPECT_EQ(read(body, one_chunk).verdict, Verdict::kRefused) << sum;
  EXPECT_EQ(body.refusal().status, 413);
}

INSTANTIATE_TEST_SUITE_P(
    Modes, RequestBodySize,
    testing::Values(SizeRow{BodyMode::kCollect, kLimits.body_bytes_max},
                    SizeRow{BodyMode::kStream, kLimits.streamed_body_bytes_max},
                    SizeRow{BodyMode::kDiscard, kLimits.discarded_body_bytes_max}));

TEST(RequestBody, BeyondEveryModeIsKnownBeforeAHandlerIsAsked) {
  RequestBody body;
  body.begin(counted(1000));
  EXPECT_EQ(body.beyond_all(kLimits).status, 0);
  body.begin(counted(1001));
  EXPECT_EQ(body.beyond_all(kLimits).status, 413);
  body.begin(counted(UINT64_MAX));
  EXPECT_EQ(body.beyond_all(kLimits).status, 413);
}

// ---- "100 Continue", and bodies nobody wants

TEST(RequestBody, AwaitsContinueOnlyWhereABodyIsWantedAndStillToCome) {
  RequestBody body = begun(expecting_continue(counted(5)), BodyMode::kCollect);
  EXPECT_TRUE(body.awaits_continue());
  body.discard(kLimits);
  EXPECT_FALSE(body.awaits_continue()) << "nobody wants it";
  EXPECT_TRUE(begun(expecting_continue(chunked()), BodyMode::kStream).awaits_continue());
  EXPECT_FALSE(begun(expecting_continue(counted(5)), BodyMode::kDiscard).awaits_continue());
  EXPECT_FALSE(begun(expecting_continue(counted(0)), BodyMode::kCollect).awaits_continue());
  EXPECT_FALSE(begun(counted(5), BodyMode::kCollect).awaits_continue());
}

TEST(RequestBody, IsWorthSkippingWhereItsEndIsNearAndSureToCome) {
  EXPECT_TRUE(begun(counted(10), BodyMode::kCollect).worth_skipping(kLimits));
  EXPECT_FALSE(begun(counted(11), BodyMode::kCollect).worth_skipping(kLimits));
  EXPECT_TRUE(begun(chunked(), BodyMode::kCollect).worth_skipping(kLimits));
  // Who waits for "100 Continue" may well send nothing: the next bytes could be either.
  EXPECT_FALSE(begun(expecting_continue(counted(10)), BodyMode::kCollect).worth_skipping(kLimits));
  RequestBody body = begun(counted(11), BodyMode::kCollect);
  (void)body.take("1");
  EXPECT_TRUE(body.worth_skipping(kLimits)) << "what is left counts";
  RequestBody chunks = begun(chunked(), BodyMode::kStream);
  (void)chunks.take("10\r\n");
  EXPECT_FALSE(chunks.worth_skipping(kLimits)) << "a chunk of sixteen is announced";
  (void)chunks.take("123456");
  EXPECT_TRUE(chunks.worth_skipping(kLimits));
}

TEST(RequestBody, ChunksNobodyWaitsForAreSkippedUpToTheLimit) {
  for (const auto& [left, verdict] :
       {std::pair{10, RequestBody::Verdict::kComplete}, {11, RequestBody::Verdict::kRefused}}) {
    RequestBody body = begun(chunked(), BodyMode::kStream);
    ASSERT_EQ(body.take("64\r\n").verdict, RequestBody::Verdict::kNeedMore);
    ASSERT_EQ(body.take(std::string(100, 'x')).verdict, RequestBody::Verdict::kData);
    body.discard(kLimits);
    std::string rest = "\r\n";
    for (int i = 0; i < left; ++i) {
      rest += "1\r\nx\r\n";
    }
    rest += "0\r\n\r\n";
    RequestBody::Step step;
    for (std::string_view text = rest; step.verdict == RequestBody::Verdict::kNeedMore ||
                                       step.verdict == RequestBody::Verdict::kData;
         text.remove_prefix(step.consumed)) {
      step = body.take(text);
    }
    EXPECT_EQ(step.verdict, verdict) << left;
  }
}

TEST(RequestBody, WithoutAnEndAllIsDataWhateverItsSize) {
  RequestBody body;
  ParsedHead head;
  head.expects_continue = true;
  body.begin(head);
  EXPECT_TRUE(body.ended());
  body.begin_endless();
  EXPECT_FALSE(body.admit(BodyMode::kStream, Limits{.streamed_body_bytes_max = 2}));
  EXPECT_FALSE(body.awaits_continue());
  for (int i = 0; i < 3; ++i) {
    const RequestBody::Step step = body.take("0\r\n\r\n");
    EXPECT_EQ(step.verdict, RequestBody::Verdict::kData);
    EXPECT_EQ(step.data, "0\r\n\r\n");
    EXPECT_FALSE(body.ended());
  }
  body.end();
  EXPECT_TRUE(body.ended());
  body.begin(head);
  EXPECT_FALSE(body.endless());
}

}  // namespace
}  // namespace ringmaker::http
