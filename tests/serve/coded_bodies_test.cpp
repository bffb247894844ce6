// What the coded bodies of a shard share.
#include "serve/coded_bodies.h"

#include "tests/support/coded.h"

#include <gtest/gtest.h>

#include <string>

namespace ringmaker::serve {
namespace {

using Verdict = CodedBody::Verdict;

TEST(CodedBodiesTest, CountWhatTheyHoldUntilEachIsOver) {
  CodedBodies bodies(1'000);
  const std::string stream = test::coded(wire::Coding::kGzip, "1,2\n");
  Invocation whole;
  Invocation abandoned;
  bodies.begin(whole, wire::Coding::kGzip);
  const uint64_t one = bodies.bytes_held();
  EXPECT_GT(one, 0U);
  bodies.begin(abandoned, wire::Coding::kZstd);
  bodies.append(abandoned, "(half a stream", false);
  EXPECT_GT(bodies.bytes_held(), one);
  bodies.append(whole, stream, true);
  const CodedBodies::Text inflated = bodies.inflate(whole, CodedBodies::kStepBytesMax);
  EXPECT_EQ(inflated.verdict, Verdict::kDone);
  EXPECT_EQ(inflated.text, "1,2\n");
  EXPECT_FALSE(whole.coded.begun()) << "it is over";
  bodies.end(abandoned);
  bodies.end(whole);  // harmless
  EXPECT_EQ(bodies.bytes_held(), 0U);
}

TEST(CodedBodiesTest, HaveALimitInCommon) {
  CodedBodies bodies(3);
  Invocation invocation;
  bodies.begin(invocation, wire::Coding::kGzip);
  bodies.append(invocation, test::coded(wire::Coding::kGzip, "1,2\n"), true);
  EXPECT_EQ(bodies.inflate(invocation, CodedBodies::kStepBytesMax).verdict, Verdict::kTooLarge);
  bodies.end(invocation);
}

}  // namespace
}  // namespace ringmaker::serve
