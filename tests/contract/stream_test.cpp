// Bidirectional streaming, the platform's section 12.3: the built binary, real sockets, both
// backends, clients of our own and of another house.
#include "tests/contract/iris_model.h"
#include "tests/support/program.h"
#include "tests/support/websocket_peer.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

namespace ringmaker {
namespace {

using test::Frame;
using test::masked_frame;
using test::WebsocketPeer;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kRow = "5.1,3.5,1.4,0.2\n";
const std::string kScores = "0.98469573,0.015304226,6.201534e-8\n";

class StreamContract : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { start({}); }

  void start(test::Program::Variables variables) {
    port_ = test::free_port();
    variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
    variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port_);
    variables["RINGMAKER_IO"] = GetParam();
    server_ = std::make_unique<test::Program>(std::vector<std::string>{"serve"}, variables);
    if (!test::wait_until_healthy(port_, *server_)) {
      if (server_->errors().find("cannot be had") != std::string::npos) {
        GTEST_SKIP() << "io_uring is refused here: " << server_->errors();
      }
      FAIL() << server_->errors();
    }
  }

  std::unique_ptr<test::Program> server_;
  int port_ = 0;
};

TEST_P(StreamContract, PayloadsAreMessagesAndSoAreTheirAnswers) {
  WebsocketPeer peer(port_);
  ASSERT_TRUE(peer.open()) << peer.head();
  EXPECT_THAT(peer.head(), HasSubstr("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  ASSERT_TRUE(peer.say(kRow));
  const Frame answer = peer.receive();
  EXPECT_EQ(answer.opcode, Frame::kText);
  EXPECT_EQ(answer.payload, kScores);
  ASSERT_TRUE(peer.say(R"({"instances":[[5.1,3.5,1.4,0.2]]})"));
  EXPECT_THAT(peer.answer(), StartsWith(R"({"predictions":[{"score":[0.98)"));
  ASSERT_TRUE(peer.send(masked_frame(Frame::kBinary, kRow)));
  EXPECT_EQ(peer.answer(), kScores);
}

TEST_P(StreamContract, TypesAreDeclaredByTheHandshakeOrItsQuery) {
  WebsocketPeer by_query(port_,
                         "/invocations-bidirectional-stream?content-type=application%2Fjsonlines"
                         "&accept=application/x-npy");
  ASSERT_TRUE(by_query.open()) << by_query.head();
  ASSERT_TRUE(by_query.say("[5.1,3.5,1.4,0.2]\n[5.1,3.5,1.4,0.2]"));
  const Frame answer = by_query.receive();
  EXPECT_EQ(answer.opcode, Frame::kBinary);
  EXPECT_THAT(answer.payload, StartsWith("\x93NUMPY"));
  WebsocketPeer by_field(port_, "/invocations-bidirectional-stream",
                         "Content-Type: text/csv\r\nAccept: application/json\r\n");
  ASSERT_TRUE(by_field.say(kRow));
  EXPECT_THAT(by_field.answer(), StartsWith("{\"predictions\""));
  EXPECT_THAT(WebsocketPeer(port_, "/invocations-bidirectional-stream?content-type=x/y").head(),
              StartsWith("HTTP/1.1 415"));
}

TEST_P(StreamContract, WhatIsNoHandshakeIsToldWhatIs) {
  const test::HttpAnswer plain = test::get(port_, "/invocations-bidirectional-stream");
  EXPECT_EQ(plain.status, 426);
  EXPECT_THAT(plain.head, HasSubstr("\r\nSec-WebSocket-Version: 13\r\n"));
  EXPECT_EQ(test::ask(port_,
                      "GET /invocations-bidirectional-stream HTTP/1.1\r\nHost: x\r\n"
                      "Connection: Upgrade, close\r\nUpgrade: websocket\r\n"
                      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short\r\n\r\n")
                .status,
            400);
  EXPECT_EQ(test::post(port_, "/invocations-bidirectional-stream", "", kRow).status, 405);
  // Nowhere else is an upgrade of any meaning.
  const test::HttpAnswer ping =
      test::ask(port_,
                "GET /ping HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\n"
                "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  EXPECT_EQ(ping.status, 200);
}

TEST_P(StreamContract, ErrorsAreTextsAndTheStreamLivesOn) {
  WebsocketPeer peer(port_, "/invocations-bidirectional-stream",
                     "X-Amzn-SageMaker-Inference-Id: stream-4711\r\n");
  ASSERT_TRUE(peer.say("5.1,3.5,1.4\n"));
  EXPECT_THAT(peer.answer(),
              StartsWith(R"({"ModelStreamError":{"ErrorCode":"400","Message":"row 1 has 3)"));
  ASSERT_TRUE(peer.say(kRow));
  EXPECT_EQ(peer.answer(), kScores);
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->wait(30), 0);  // lines are written by a thread of their own
  EXPECT_THAT(server_->errors(), HasSubstr("\"request_id\":\"stream-4711\""));
}

TEST_P(StreamContract, AThousandMessagesWrittenAheadAreAnsweredInOrder) {
  WebsocketPeer peer(port_);
  constexpr int kMessages = 1'000;
  // Every tenth is long, so that it takes longer than those behind it.
  std::string many;
  for (int i = 0; i < 5'000; ++i) {
    many += kRow;
  }
  std::thread writer([&] {
    for (int i = 0; i < kMessages; ++i) {
      peer.say(i % 100 == 0 ? many : i % 10 == 1 ? "bad\n" : kRow);
    }
  });
  for (int i = 0; i < kMessages; ++i) {
    const std::string answer = peer.answer();
    if (i % 100 == 0) {
      ASSERT_EQ(std::count(answer.begin(), answer.end(), '\n'), 5'000) << i;
    } else if (i % 10 == 1) {
      ASSERT_THAT(answer, HasSubstr("ModelStreamError")) << i;
    } else {
      ASSERT_EQ(answer, kScores) << i;
    }
  }
  writer.join();
}

TEST_P(StreamContract, AMessageOverTheLimitIs1009AndOneOfItIsTaken) {
  server_.reset();
  start({{"RINGMAKER_BODY_BYTES_MAX", "100000"}});
  std::string body = kRow;
  body.append(100'000 - body.size(), '\n');
  WebsocketPeer peer(port_);
  ASSERT_TRUE(peer.say(body));
  EXPECT_EQ(peer.answer(), kScores);
  ASSERT_TRUE(peer.say(body + "\n"));
  EXPECT_EQ(peer.receive().code(), 1009);
  EXPECT_TRUE(peer.ends());
}

TEST_P(StreamContract, MistakesCloseWithTheirCode) {
  for (const auto& [bytes, code] :
       {std::pair(std::string("\x81\x01x"), 1002), std::pair(std::string("\x83\x80mask"), 1002),
        std::pair(masked_frame(Frame::kText, "\xC0"), 1007),
        std::pair(masked_frame(Frame::kContinuation, "x"), 1002)}) {
    WebsocketPeer peer(port_);
    ASSERT_TRUE(peer.send(bytes));
    const Frame close = peer.receive();
    EXPECT_EQ(close.opcode, Frame::kClose);
    EXPECT_EQ(close.code(), code);
    EXPECT_TRUE(peer.ends());
  }
  EXPECT_THAT(server_->errors(), HasSubstr("\"event\":\"stream_closed\""));
  EXPECT_EQ(test::get(port_, "/ping").status, 200);
}

TEST_P(StreamContract, ASilentPeerIsPinged) {
  server_.reset();
  start({{"RINGMAKER_STREAM_PING_S", "1"}});
  WebsocketPeer peer(port_);
  EXPECT_EQ(peer.receive().opcode, Frame::kPing);
  ASSERT_TRUE(peer.send(masked_frame(Frame::kPong, "")));
  EXPECT_EQ(peer.receive().opcode, Frame::kPing);
  EXPECT_EQ(peer.receive().code(), 1011) << "nobody answered";
}

TEST_P(StreamContract, AnIdleStreamIsClosed) {
  server_.reset();
  start({{"RINGMAKER_STREAM_IDLE_S_MAX", "1"}});
  WebsocketPeer peer(port_);
  EXPECT_EQ(peer.receive().code(), 1000);
  ASSERT_TRUE(peer.send(test::close_frame(1000)));
  EXPECT_TRUE(peer.ends());
}

TEST_P(StreamContract, AShutdownAnswersWhatHasComeAndClosesWith1001) {
  WebsocketPeer busy(port_);
  WebsocketPeer idle(port_);
  std::string many;
  for (int i = 0; i < 100'000; ++i) {
    many += kRow;
  }
  ASSERT_TRUE(busy.say(many));
  ASSERT_TRUE(busy.say(kRow));
  server_->signal(SIGTERM);
  const std::string answer = busy.answer();
  EXPECT_EQ(std::count(answer.begin(), answer.end(), '\n'), 100'000);
  EXPECT_EQ(busy.answer(), kScores);
  EXPECT_EQ(busy.receive().code(), 1001);
  EXPECT_EQ(idle.receive().code(), 1001);
  EXPECT_TRUE(busy.send(test::close_frame(1001)));
  EXPECT_EQ(server_->wait(30), 0) << "though one of them never said goodbye";
}

TEST_P(StreamContract, WhoVanishesHarmsNobody) {
  for (int i = 0; i < 50; ++i) {
    WebsocketPeer peer(port_);
    ASSERT_TRUE(peer.open());
    (void)peer.send(masked_frame(Frame::kText, std::string(50'000, '1'), i % 2 == 0));
    (void)peer.say(kRow);
    peer.reset();
  }
  WebsocketPeer peer(port_);
  ASSERT_TRUE(peer.say(kRow));
  EXPECT_EQ(peer.answer(), kScores);
}

TEST_P(StreamContract, AnInvocationsScoresComeBeforeItsLastRowsWhereStreamingIsAskedFor) {
  constexpr size_t kRows = 200'000;
  test::LoopbackPeer peer(port_);
  ASSERT_TRUE(
      peer.send(fmt::format("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                            "X-Amzn-SageMaker-Forwarded-Api: InvokeEndpointWithResponseStream\r\n"
                            "Content-Length: {}\r\n\r\n",
                            kRows * kRow.size())));
  std::string half;
  for (size_t i = 0; i < kRows / 2; ++i) {
    half += kRow;
  }
  // Read while it is written: a peer that reads is what streaming is for.
  std::jthread writer([&] { peer.send(half); });
  std::string answer = peer.receive_some();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  while (answer.find(kScores) == std::string::npos) {
    const std::string some = peer.receive_some();
    ASSERT_FALSE(some.empty());
    answer += some;
  }
  EXPECT_THAT(answer, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  std::jthread reader([&] { answer += peer.receive_until("0\r\n\r\n"); });
  writer.join();
  peer.send(half);
  reader.join();
  EXPECT_THAT(answer, testing::EndsWith("\r\n0\r\n\r\n"));
}

TEST_P(StreamContract, AClientOfAnotherHouseStreams) {
  if (std::system("/usr/bin/python3 -c 'import websockets' >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "websockets (Debian package python3-websockets) is not installed: NOT CHECKED";
  }
  const test::TemporaryDirectory files;
  const int status = std::system(
      fmt::format("/usr/bin/python3 -B {}/tests/contract/stream_payloads.py {} >{} 2>{}",
                  RINGMAKER_SOURCE_DIR, port_, files.path("out"), files.path("err"))
          .c_str());
  EXPECT_EQ(status, 0) << files.read("err");
  const std::string said = files.read("out");
  EXPECT_THAT(said, StartsWith("csv " + kScores + "json {\"predictions\":[{"));
  EXPECT_THAT(said, HasSubstr("bytes " + kScores + "fragments " + kScores +
                              "error 400 row 1 has 2 values"));
  EXPECT_THAT(said, HasSubstr("lines 200000\npipelined 1\npong\nclosed 1000\nnpy b'\\x93NUMPY'"));
}

INSTANTIATE_TEST_SUITE_P(Backends, StreamContract, testing::Values("uring", "epoll"),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
}  // namespace ringmaker
