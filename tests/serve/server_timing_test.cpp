#include "serve/server_timing.h"

#include "tests/serve/fake_exchange.h"
#include "tests/serve/serve_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringmaker::serve {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(ServerTiming, NamesEachPhaseUpToTheHeadInMilliseconds) {
  PhaseTimes times;
  times[Phase::kRead] = 12'345;
  times[Phase::kPredict] = 1'000'000;
  times[Phase::kWrite] = 5;
  EXPECT_EQ(
      ServerTiming(times).value(),
      "read;dur=0.012, decode;dur=0.000, wait;dur=0.000, predict;dur=1.000, encode;dur=0.000");
}

TEST(ServerTiming, HasRoomForAnyTime) {
  PhaseTimes times;
  for (const Phase phase :
       {Phase::kRead, Phase::kDecode, Phase::kWait, Phase::kPredict, Phase::kEncode}) {
    times[phase] = UINT64_MAX;
  }
  const ServerTiming timing(times);
  EXPECT_THAT(std::string(timing.value()), testing::EndsWith("encode;dur=18446744073709.551"));
}

FakeExchange timed(std::string body) {
  return {http::Method::kPost,
          "/invocations",
          {{"Content-Type", "text/csv"},
           {"X-Amzn-SageMaker-Custom-Attributes", "trace=7;server-timing=true"}},
          std::move(body)};
}

TEST(ServerTiming, IsOnTheAnswerOfWhoAsks) {
  ServeRig rig;
  rig.predictor.while_scoring = [&rig](size_t rows) { rig.clock.advance_ns(rows * 2'000'000); };
  FakeExchange one = timed("1,2\n");
  rig.ask(one);
  EXPECT_THAT(one.extra,
              Contains(Pair("Server-Timing",
                            HasSubstr("decode;dur=0.000, wait;dur=0.000, predict;dur=2.000, "
                                      "encode;dur=0.000"))));
  FakeExchange many = timed("1,2\n3,4\n5,6\n");  // in slices: the model is known as slow
  rig.ask(many);
  EXPECT_THAT(many.extra, Contains(Pair("Server-Timing", HasSubstr("predict;dur=6.000"))));
  FakeExchange other = csv("1,2\n");
  rig.ask(other);
  EXPECT_THAT(other.extra, Not(Contains(Pair("Server-Timing", testing::_))));
}

}  // namespace
}  // namespace ringmaker::serve
