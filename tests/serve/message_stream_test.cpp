// Messages of one stream: their answers, their order, and how the stream ends.
#include "serve/message_stream.h"

#include "serve/invocation.h"
#include "tests/serve/stream_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

using test::close_frame;
using test::Frame;
using test::masked_frame;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr uint64_t kSecond = base::kNanosecondsPerSecond;

std::string text(std::string_view payload) { return masked_frame(Frame::kText, payload); }

std::string rows(size_t count) {
  std::string body;
  for (size_t i = 0; i < count; ++i) {
    body += std::to_string(i) + ",1\n";
  }
  return body;
}

TEST(MessageStream, AMessageIsAnsweredAsABodyIs) {
  StreamRig stream;
  EXPECT_THAT(stream.ask(text("1,2\n3,4")), ElementsAre("text 3\n7\n"));
  EXPECT_THAT(stream.ask(text(R"({"instances":[[1,2]]})")),
              ElementsAre(R"(text {"predictions":[{"score":3}]})"));
  EXPECT_THAT(stream.ask(masked_frame(Frame::kBinary, "5,6")), ElementsAre("text 11\n"));
  const auto& counted = stream.rig.metrics.routes[static_cast<size_t>(Route::kStream)].by_status;
  EXPECT_EQ(counted[101].value(), 1U);
  EXPECT_EQ(counted[200].value(), 3U);
}

TEST(MessageStream, FormatsThatAreNoTextAreAnsweredInBytes) {
  StreamRig stream({}, {}, {{"Accept", "application/x-npy"}});
  EXPECT_THAT(stream.ask(text("1,2")), ElementsAre(StartsWith("bytes \x93NUMPY")));
}

TEST(MessageStream, AnErrorIsATextAndTheStreamLivesOn) {
  StreamRig stream;
  EXPECT_THAT(stream.ask(text("1,2,3") + text("1,2") + text("") + text("{\"a\":") + text("2,2")),
              ElementsAre(AllOf(StartsWith(R"(text {"ModelStreamError":{"ErrorCode":"400",)"),
                                HasSubstr("row 1 has 3 values")),
                          "text 3\n", HasSubstr("holds no rows"), HasSubstr("ModelStreamError"),
                          "text 4\n"));
  EXPECT_FALSE(stream.over());
}

TEST(MessageStream, AnErrorsTextIsJsonWhateverTheAnswersTypeIs) {
  for (const char* accept : {"application/json", "text/csv"}) {
    StreamRig stream({}, {}, {{"Accept", accept}});
    EXPECT_THAT(stream.ask(text("1,\"a\"\n")),
                ElementsAre(StartsWith(
                    R"(text {"ModelStreamError":{"ErrorCode":"400","Message":"row 1, column 2)")));
  }
}

TEST(MessageStream, FragmentsAreOneMessageHoweverTheyAreCut) {
  const std::string bytes = masked_frame(Frame::kText, "1,", false) +
                            masked_frame(Frame::kPing, "still there?") +
                            masked_frame(Frame::kContinuation, "2\n3", false) +
                            masked_frame(Frame::kContinuation, ",4\n");
  for (const size_t cut : {size_t{1}, size_t{5}, bytes.size()}) {
    StreamRig stream;
    for (size_t at = 0; at < bytes.size(); at += cut) {
      stream.give(std::string_view(bytes).substr(at, cut));
    }
    stream.settle();
    EXPECT_THAT(stream.said(), ElementsAre("pong still there?", "text 3\n7\n"));
    EXPECT_EQ(stream.rig.predictor.calls, std::vector<size_t>{2}) << "one batch";
  }
}

TEST(MessageStream, MessagesOfOnePieceAreScoredInOneBatch) {
  StreamRig stream;
  std::string bytes;
  for (int i = 0; i < 10; ++i) {
    bytes += text(std::to_string(i) + ",1");
  }
  EXPECT_EQ(stream.ask(bytes).size(), 10U);
  EXPECT_EQ(stream.rig.predictor.calls, std::vector<size_t>{10});
}

TEST(MessageStream, AnswersKeepTheOrderOfTheirMessages) {
  StreamRig stream;
  // The first is scored in slices, the second in the batch at once, the third is refused at once.
  EXPECT_THAT(stream.ask(text(rows(30'000)) + text("1,1") + text("1")),
              ElementsAre(AllOf(StartsWith("text 1\n2\n3\n"), testing::EndsWith("\n30000\n")),
                          "text 2\n", HasSubstr("ModelStreamError")));
}

TEST(MessageStream, ALongAnswerLeavesInFragments) {
  StreamRig stream;
  stream.give(text(rows(30'000)));
  stream.settle();
  const std::vector<Frame> frames = stream.frames();
  ASSERT_GT(frames.size(), 3U);
  std::string answer;
  for (size_t i = 0; i < frames.size(); ++i) {
    EXPECT_EQ(frames[i].opcode, i == 0 ? Frame::kText : Frame::kContinuation);
    EXPECT_EQ(frames[i].last, i + 1 == frames.size());
    answer += frames[i].payload;
  }
  EXPECT_EQ(std::count(answer.begin(), answer.end(), '\n'), 30'000);
}

TEST(MessageStream, NoMoreThanSixteenMessagesAreInHand) {
  StreamRig stream;
  std::string bytes;
  for (int i = 0; i < 100; ++i) {
    bytes += text(std::to_string(i) + ",0");
  }
  stream.give(bytes);
  EXPECT_TRUE(stream.socket.paused);
  EXPECT_THAT(stream.said(), IsEmpty());
  stream.rig.turn();
  EXPECT_EQ(stream.said().size(), kMessagesInHandMax);
  stream.settle();
  const std::vector<std::string> rest = stream.said();
  ASSERT_EQ(rest.size(), 100 - kMessagesInHandMax);
  EXPECT_EQ(rest.back(), "text 99\n");
  EXPECT_FALSE(stream.socket.paused);
}

TEST(MessageStream, WhoDoesNotReadIsNotRead) {
  StreamRig stream;
  stream.socket.room = 100;
  std::string bytes;
  for (int i = 0; i < 10; ++i) {
    bytes += text(rows(20'000));
  }
  stream.give(bytes);
  stream.settle();
  EXPECT_TRUE(stream.socket.paused);
  EXPECT_LT(stream.socket.answer.size(), 100'000U) << "the rest waits as scores, or unread";
  stream.socket.room = SIZE_MAX;
  std::string answer;
  for (int i = 0; i < 100; ++i) {
    stream.rig.router.on_writable(stream.socket);
    stream.settle();
  }
  EXPECT_EQ(stream.said().size(), 10U);
  EXPECT_FALSE(stream.socket.paused);
}

TEST(MessageStream, AnswersGoOnWhenAnyFrameHasFoundRoom) {
  StreamRig stream;
  stream.socket.room = 100;
  stream.give(text(rows(20'000)) + text("1,2"));
  stream.settle();
  stream.socket.room = SIZE_MAX;
  // The socket has taken a ping with success and so does not say that it is writable.
  stream.rig.router.begin_drain();
  stream.pass(kSecond);
  stream.rig.router.on_writable(stream.socket);
  stream.settle();
  EXPECT_THAT(stream.said(), ElementsAre(StartsWith("text 1\n"), "text 3\n", StartsWith("close")));
}

TEST(MessageStream, AVeryLongMessageIsAnsweredWhileItComes) {
  StreamRig stream;
  const std::string body = rows(700'000);
  ASSERT_GT(body.size(), kScoredBeforeStatus + 1'000'000);
  size_t at = 0;
  for (; at < body.size() - 100'000; at += 30'000) {
    stream.give(masked_frame(at == 0 ? Frame::kText : Frame::kContinuation,
                             std::string_view(body).substr(at, 30'000), false));
    stream.settle();
    ASSERT_FALSE(stream.socket.paused);
    EXPECT_LE(stream.rig.models.bytes_lent(), uint64_t{8} << 20);
  }
  EXPECT_GT(stream.socket.answer.size(), 1'000'000U);
  stream.give(masked_frame(Frame::kContinuation, std::string_view(body).substr(at)));
  stream.settle();
  const std::vector<std::string> said = stream.said();
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(std::count(said[0].begin(), said[0].end(), '\n'), 700'000);
  EXPECT_THAT(stream.ask(text("1,2")), ElementsAre("text 3\n"));
}

TEST(MessageStream, ABadRowInALongMessageIsToldAtOnceAndTheRestIsSkipped) {
  StreamRig stream;
  stream.give(masked_frame(Frame::kText, "1,2,3\n" + rows(20'000), false));
  stream.settle();
  EXPECT_THAT(stream.said(), ElementsAre(HasSubstr("row 1 has 3 values")));
  stream.give(masked_frame(Frame::kContinuation, rows(1'000), false));
  stream.give(masked_frame(Frame::kContinuation, rows(1'000)));
  stream.settle();
  EXPECT_THAT(stream.said(), IsEmpty());
  EXPECT_THAT(stream.ask(text("1,2")), ElementsAre("text 3\n"));
}

TEST(MessageStream, ABadRowBehindTheBeginOfTheAnswerClosesTheStream) {
  StreamRig stream;
  std::string body = rows(700'000);
  body += "1,2,3\n" + rows(10);
  for (size_t at = 0; at < body.size() && !stream.over(); at += 30'000) {
    stream.give(masked_frame(at == 0 ? Frame::kText : Frame::kContinuation,
                             std::string_view(body).substr(at, 30'000), false));
    stream.settle();
  }
  const std::vector<Frame> frames = stream.frames();
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames.back().code(), 1011);
  EXPECT_FALSE(frames[frames.size() - 2].last) << "nobody takes it for the whole answer";
}

TEST(MessageStream, MessagesInPiecesFillBlocksWhereTooMuchIsCollected) {
  StreamRig stream({.collected_bytes_max = 10});
  EXPECT_THAT(stream.ask(masked_frame(Frame::kText, "1,2\n", false) +
                         masked_frame(Frame::kContinuation, "3,4\n5,6\n", false) +
                         masked_frame(Frame::kContinuation, "7,8\n")),
              ElementsAre("text 3\n7\n11\n15\n"));
}

// ---- Ends

TEST(MessageStream, ThePeersCloseIsEchoedBehindTheAnswers) {
  StreamRig stream;
  stream.give(text("1,2") + text("3,4") + close_frame(1000, "thanks") + text("5,6"));
  stream.settle();
  EXPECT_THAT(stream.said(), ElementsAre("text 3\n", "text 7\n", "close 1000 thanks"));
  EXPECT_TRUE(stream.socket.complete);
}

TEST(MessageStream, ACloseWithoutACodeIsEchoedWithoutOne) {
  StreamRig stream;
  EXPECT_THAT(stream.ask(masked_frame(Frame::kClose, "")), ElementsAre("close "));
  EXPECT_TRUE(stream.socket.complete);
}

TEST(MessageStream, AMistakeEndsTheStreamWithItsCodeBehindTheAnswersOfWhatWasRight) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {std::string("\x81\x01x"), "close 1002"},
      {masked_frame(Frame::kText, "\xFF"), "close 1007"},
      {masked_frame(Frame::kText, std::string(2'001, '1')), "close 1009"},
      {masked_frame(Frame::kText, "1,", false) + text("2"), "close 1002"}};
  for (const auto& [bytes, close] : cases) {
    StreamRig stream({.message_bytes_max = 2'000});
    stream.give(text("1,2") + bytes + text("3,4"));
    stream.settle();
    EXPECT_THAT(stream.said(), ElementsAre("text 3\n", StartsWith(close)));
    EXPECT_TRUE(stream.socket.complete) << "nothing is awaited of such a peer";
  }
}

TEST(MessageStream, AMessageOfTheLargestSizeIsTaken) {
  StreamRig stream({.message_bytes_max = 2'000});
  std::string body = "1,2";
  body.append(2'000 - body.size(), ' ');
  EXPECT_THAT(stream.ask(text(body)), ElementsAre("text 3\n"));
}

TEST(MessageStream, WhenThePeersBytesEndWhatCameWholeIsAnswered) {
  StreamRig stream;
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    bytes += text(std::to_string(i) + ",0");
  }
  stream.give(bytes + masked_frame(Frame::kText, "1,", false));
  stream.give({}, true);
  stream.settle();
  const std::vector<std::string> said = stream.said();
  ASSERT_EQ(said.size(), 41U);
  EXPECT_EQ(said[39], "text 39\n");
  EXPECT_THAT(said[40], StartsWith("close 1001"));
  EXPECT_TRUE(stream.socket.complete);
}

TEST(MessageStream, AConnectionThatBreaksLeavesNothing) {
  StreamRig stream;
  stream.give(text(rows(20'000)) + text("1,2") + masked_frame(Frame::kText, rows(30'000), false));
  stream.rig.router.on_abandoned(stream.socket);
  stream.gone = true;
  stream.rig.settle();
  EXPECT_EQ(stream.rig.models.bytes_lent(), 0U);
  EXPECT_EQ(stream.rig.metrics.error(ErrorReason::kClientGone).value(), 1U);
}

// ---- Time

TEST(MessageStream, APingIsAnswered) {
  StreamRig stream;
  EXPECT_THAT(stream.ask(masked_frame(Frame::kPing, "a") + masked_frame(Frame::kPong, "b")),
              ElementsAre("pong a"));
}

TEST(MessageStream, ASilentPeerIsPingedAndThenGivenUp) {
  StreamRig stream({.ping_ns = 10 * kSecond, .pong_ns = 5 * kSecond});
  stream.pass(9 * kSecond);
  EXPECT_THAT(stream.said(), IsEmpty());
  stream.pass(2 * kSecond);
  EXPECT_THAT(stream.said(), ElementsAre("ping "));
  stream.give(masked_frame(Frame::kPong, ""));
  stream.pass(9 * kSecond);
  EXPECT_THAT(stream.said(), IsEmpty());
  stream.pass(2 * kSecond);
  EXPECT_THAT(stream.said(), ElementsAre("ping "));
  stream.pass(3 * kSecond);
  EXPECT_FALSE(stream.over());
  stream.pass(2 * kSecond);
  EXPECT_THAT(stream.said(), ElementsAre(StartsWith("close 1011")));
  EXPECT_TRUE(stream.socket.complete);
}

TEST(MessageStream, AnIdleOneIsClosedThoughItsPeerLives) {
  StreamRig stream({.ping_ns = 10 * kSecond, .idle_ns = 60 * kSecond, .close_ns = 9 * kSecond});
  for (int i = 0; i < 11; ++i) {
    stream.pass(5 * kSecond);
    stream.give(masked_frame(Frame::kPing, ""));
  }
  EXPECT_THAT(stream.ask(text("1,2")), testing::Contains("text 3\n"));
  for (int i = 0; i < 11; ++i) {
    stream.pass(5 * kSecond);
    stream.give(masked_frame(Frame::kPing, ""));
  }
  EXPECT_FALSE(stream.over()) << "the message has begun the time anew";
  (void)stream.said();
  stream.pass(6 * kSecond);
  EXPECT_THAT(stream.said(), ElementsAre(StartsWith("close 1000")));
  EXPECT_FALSE(stream.socket.complete) << "its close frame is awaited";
  stream.give(close_frame(1000));
  EXPECT_TRUE(stream.socket.complete);
}

TEST(MessageStream, WhoDoesNotCloseIsNotWaitedForLong) {
  StreamRig stream({.ping_ns = 0, .idle_ns = 60 * kSecond, .close_ns = 1 * kSecond});
  stream.pass(60 * kSecond);
  EXPECT_FALSE(stream.over());
  stream.give(text("1,2"));
  stream.pass(kSecond + kSecond / 2);
  EXPECT_THAT(stream.said(), ElementsAre(StartsWith("close 1000")));
  EXPECT_TRUE(stream.socket.complete);
}

TEST(MessageStream, AMessageThatStopsComingClosesTheStream) {
  for (const size_t size : {size_t{10}, size_t{30'000}}) {
    StreamRig stream({.stall_ns = 10 * kSecond});
    stream.give(masked_frame(Frame::kText, rows(size), false));
    stream.pass(6 * kSecond);
    stream.give(masked_frame(Frame::kContinuation, "1,2\n", false));
    stream.pass(6 * kSecond);
    EXPECT_THAT(stream.said(), IsEmpty());
    stream.pass(5 * kSecond);
    EXPECT_THAT(stream.said(), ElementsAre(StartsWith("close 1008")));
  }
}

TEST(MessageStream, AShutdownAnswersWhatIsInHandAndClosesWith1001) {
  StreamRig stream;
  stream.give(text(rows(30'000)));
  stream.rig.router.begin_drain();
  stream.give(text("1,2"));
  stream.pass(kSecond / 2);
  const std::vector<std::string> said = stream.said();
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[1], "text 3\n");
  EXPECT_THAT(said[2], StartsWith("close 1001"));
  EXPECT_FALSE(stream.over());
  stream.give(close_frame(1001));
  EXPECT_TRUE(stream.socket.complete);
}

TEST(MessageStream, AShutdownWaitsForTheEndOfAMessageButNotForEver) {
  for (const bool ends : {true, false}) {
    StreamRig stream({.stall_ns = 100 * kSecond});
    stream.give(masked_frame(Frame::kText, "1,", false));
    stream.rig.router.begin_drain();
    stream.pass(5 * kSecond);
    EXPECT_THAT(stream.said(), IsEmpty());
    if (ends) {
      stream.give(masked_frame(Frame::kContinuation, "2"));
      stream.settle();
      EXPECT_THAT(stream.said(), ElementsAre("text 3\n", StartsWith("close 1001")));
    } else {
      stream.pass(4 * kSecond);
      EXPECT_THAT(stream.said(), ElementsAre(StartsWith("close 1001")));
    }
  }
}

}  // namespace
}  // namespace ringmaker::serve
