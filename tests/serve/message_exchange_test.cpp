// What an answer becomes on a stream: the frames of one message.
#include "serve/message_exchange.h"

#include "tests/serve/stream_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

using test::Frame;
using test::masked_frame;
using testing::ElementsAre;
using testing::StartsWith;

TEST(MessageExchange, WhoAnswersSeesAPostWithTheHandshakesFields) {
  // The attribute of the handshake decides what each answer holds.
  StreamRig stream({}, {},
                   {{"X-Amzn-SageMaker-Custom-Attributes", "outputs=raw_score"},
                    {"Accept", "application/json"}});
  EXPECT_THAT(stream.ask(masked_frame(Frame::kText, "1,2")),
              ElementsAre(R"(text {"predictions":[{"raw_score":3}]})"));
}

TEST(MessageExchange, AShortAnswerIsOneFrameAndAnErrorIsOfTextWhateverTheAnswersType) {
  StreamRig stream({}, {}, {{"Accept", "application/x-npy"}});
  stream.give(masked_frame(Frame::kText, "1,2") + masked_frame(Frame::kText, "1,2,3"));
  stream.settle();
  const std::vector<Frame> frames = stream.frames();
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].opcode, Frame::kBinary);
  EXPECT_TRUE(frames[0].last);
  EXPECT_EQ(frames[1].opcode, Frame::kText);
  EXPECT_THAT(frames[1].payload, StartsWith(R"({"ModelStreamError":{"ErrorCode":"400",)"));
}

TEST(MessageExchange, AnAnswerThatWaitsForAnotherIsHeldAndLeavesWhole) {
  StreamRig stream;
  std::string many;
  for (int i = 0; i < 30'000; ++i) {
    many += "1,2\n";
  }
  stream.give(masked_frame(Frame::kText, many) + masked_frame(Frame::kText, many) +
              masked_frame(Frame::kText, "2,2"));
  stream.settle();
  const std::vector<std::string> said = stream.said();
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[0], said[1]);
  EXPECT_EQ(said[2], "text 4\n");
}

}  // namespace
}  // namespace ringmaker::serve
