// After warm-up a whole request over a real socket allocates nothing, on either backend. Counted by
// replacing operator new, which this program alone does; each thread counts for itself.
#include "io/backend_choice.h"
#include "io/socket.h"
#include "serve/model_store.h"
#include "serve/shard.h"
#include "tests/support/counted_new.h"
#include "tests/support/loopback.h"
#include "tests/support/manual_clock.h"
#include "tests/support/websocket_frames.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>
#include <string_view>

namespace ringmaker::serve {
namespace {

using test::allocations;

std::unique_ptr<model::Predictor> linear_predictor() {
  model::Model model;
  model.schema.feature_names = {"a", "b", "c"};
  model.output.task = data::Task::kRegression;
  model.parameters = model::LinearParameters{
      .weights = {1.0F, 0.5F, -2.0F}, .bias = {0.25}, .fill = {0.0F, 0.0F, 0.0F}};
  return std::move(prepare_predictor(model, base::detect_instruction_set()).value());
}

class Allocation : public testing::TestWithParam<io::BackendKind> {
 protected:
  void SetUp() override {
    io::BackendChoice choice{GetParam(), ""};
    auto backend = io::make_backend(choice, clock_, {});
    ASSERT_TRUE(backend) << backend.error().message();
    if (choice.kind != GetParam()) {
      GTEST_SKIP() << "io_uring cannot be had here: " << choice.description;
    }
    ShardOptions options;
    options.reactor.spin_ns =
        UINT64_MAX;  // the loop must not wait when the test has nothing to say
    shard_ =
        std::make_unique<Shard>(0, clock_, std::move(*backend), surroundings_, options, metrics_);
    state_.ready = true;
    auto listener = io::listen_on({.port = 0, .loopback_only = true});
    ASSERT_TRUE(listener);
    port_ = *io::local_port(listener->get());
    shard_->listen(std::move(*listener));
  }

  io::Descriptor connect() const {
    io::Descriptor peer = test::connect_loopback(port_);
    io::prepare_connection(peer.get());  // small pieces go out at once
    return peer;
  }

  /// Sends `request`, in two pieces if `cut` says where, and turns until `end` has come back.
  void ask(const io::Descriptor& peer, std::string_view request, std::string_view begin,
           std::string_view end, size_t cut = 0) {
    ASSERT_EQ(::send(peer.get(), request.data(), request.size() - cut, 0),
              static_cast<ssize_t>(request.size() - cut));
    if (cut != 0) {
      for (int i = 0; i < 20; ++i) {
        shard_->turn();
      }
      ASSERT_EQ(::send(peer.get(), request.data() + request.size() - cut, cut, 0),
                static_cast<ssize_t>(cut));
    }
    static std::array<char, 65'536> answer;
    size_t have = 0;
    for (int i = 0; i < 1'000'000; ++i) {
      shard_->turn();
      const ssize_t got =
          ::recv(peer.get(), answer.data() + have, answer.size() - have, MSG_DONTWAIT);
      have += got > 0 ? static_cast<size_t>(got) : 0;
      const std::string_view text(answer.data(), have);
      if (text.ends_with(end) && text.starts_with(begin)) {
        return;
      }
    }
    FAIL() << "no answer to " << request << ": " << std::string_view(answer.data(), have);
  }

  /// Allocations of the second half of equal requests on one connection.
  size_t allocations_of(const std::string& request, std::string_view end, size_t cut = 0) {
    const io::Descriptor peer = connect();
    return allocations_on(peer, request, kOk, end, cut);
  }
  size_t allocations_on(const io::Descriptor& peer, const std::string& request,
                        std::string_view begin, std::string_view end, size_t cut = 0) {
    size_t before = 0;
    for (int i = 0; i < 200 && !HasFatalFailure(); ++i) {
      if (i == 100) {
        before = allocations;
      }
      ask(peer, request, begin, end, cut);
    }
    return allocations - before;
  }
  io::Descriptor open_stream() {
    io::Descriptor peer = connect();
    ask(peer,
        "GET /invocations-bidirectional-stream?content-type=text/csv&accept=text/csv HTTP/1.1\r\n"
        "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
        "HTTP/1.1 101 ", "\r\n\r\n");
    return peer;
  }

  static std::string post(const std::string& type, const std::string& body) {
    return "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  static constexpr std::string_view kOk = "HTTP/1.1 200 OK";

  // How much of a long answer is written at a time depends on the time it took. It stands still
  // here, so that the first answer needs as much memory as any.
  test::ManualClock clock_;
  std::unique_ptr<model::Predictor> predictor_ = linear_predictor();
  Placement placement_{1};
  ServerState state_;
  MetricsRegistry registry_;
  ShardMetrics metrics_;
  telemetry::Log log_{clock_, {.level_min = telemetry::Level::kError}};
  ModelKeeper keeper_{{.post = [](size_t, const ShardMessage&) { return true; }}, clock_, log_};
  SessionCount sessions_{0};
  const ShardSurroundings surroundings_{predictor_.get(), keeper_,   placement_, state_,
                                        registry_,        sessions_, log_};
  std::unique_ptr<Shard> shard_;
  uint16_t port_ = 0;
};

TEST_P(Allocation, APingAllocatesNothing) {
  EXPECT_EQ(allocations_of("GET /ping HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n\r\n\n"), 0U);
}

TEST_P(Allocation, OneRowOfCsvAllocatesNothing) {
  EXPECT_EQ(allocations_of(post("text/csv", "1,2,0.5\n"), "\r\n\r\n1.25\n"), 0U);
}

TEST_P(Allocation, OneRowOfJsonAllocatesNothing) {
  EXPECT_EQ(allocations_of(post("application/json", R"({"instances":[{"features":[1,2,0.5]}]})"),
                           R"({"predictions":[{"score":1.25}]})"),
            0U);
}

TEST_P(Allocation, SelectedOutputsAllocateNothing) {
  const std::string request =
      "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
      "X-Amzn-SageMaker-Custom-Attributes: outputs=predicted_score,raw_scores\r\n"
      "Content-Length: 8\r\n\r\n1,2,0.5\n";
  EXPECT_EQ(allocations_of(request, "\r\n\r\n1.25,\"[1.25]\"\n"), 0U);
}

TEST_P(Allocation, OutputsInABodyAllocateNothing) {
  EXPECT_EQ(
      allocations_of(post("application/json", R"({"outputs":["predicted_score","raw_scores"],)"
                                              R"("instances":[{"features":[1,2,0.5]}]})"),
                     R"({"predictions":[{"predicted_score":1.25,"raw_scores":[1.25]}]})"),
      0U);
}

TEST_P(Allocation, ABodyInTwoPiecesAllocatesNothing) {
  EXPECT_EQ(allocations_of(post("text/csv", "1,2,0.5\n"), "\r\n\r\n1.25\n", 5), 0U);
}

TEST_P(Allocation, AHeadInTwoPiecesAllocatesNothing) {
  EXPECT_EQ(allocations_of(post("text/csv", "1,2,0.5\n"), "\r\n\r\n1.25\n", 30), 0U);
}

TEST_P(Allocation, AShortChunkedBodyAllocatesNothing) {
  EXPECT_EQ(allocations_of("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n8\r\n1,2,0.5\n\r\n0\r\n\r\n",
                           "\r\n\r\n1.25\n"),
            0U);
}

TEST_P(Allocation, PipelinedRequestsAllocateNothing) {
  const std::string row = post("text/csv", "1,2,0.5\n");
  const std::string pings = "GET /ping HTTP/1.1\r\nHost: x\r\n\r\n";
  EXPECT_EQ(allocations_of(row + pings + row + pings, "\r\n\r\n\n"), 0U);
}

/// Of a body that comes in two pieces: the scores of the first leave before the second is there.
TEST_P(Allocation, AStreamedAnswerAllocatesNothing) {
  const std::string request =
      "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
      "X-Amzn-SageMaker-Custom-Attributes: stream=true\r\n"
      "Content-Length: 16\r\n\r\n1,2,0.5\n1,2,0.5\n";
  EXPECT_EQ(allocations_of(request, "5\r\n1.25\n\r\n5\r\n1.25\n\r\n0\r\n\r\n", 8), 0U);
}

TEST_P(Allocation, AnAnswerInAnEventStreamAllocatesNothing) {
  state_.runtime_api = true;
  const std::string request =
      "POST /endpoints/any/invocations-response-stream HTTP/1.1\r\nHost: x\r\n"
      "Content-Type: text/csv\r\nContent-Length: 16\r\n\r\n1,2,0.5\n1,2,0.5\n";
  EXPECT_EQ(allocations_of(request, "\r\n0\r\n\r\n", 8), 0U);
}

TEST_P(Allocation, AMessageOfAStreamAllocatesNothing) {
  const std::string row = test::masked_frame(test::Frame::kText, "1,2,0.5\n");
  const std::string answer =
      "\x81\x05"
      "1.25\n";
  EXPECT_EQ(allocations_on(open_stream(), row, answer, answer), 0U);
  EXPECT_EQ(allocations_on(open_stream(), row, answer, answer, 3), 0U) << "in two pieces";
  const std::string fragments = test::masked_frame(test::Frame::kText, "1,2,", false) +
                                test::masked_frame(test::Frame::kContinuation, "0.5\n");
  EXPECT_EQ(allocations_on(open_stream(), fragments, answer, answer), 0U) << "in two frames";
}

TEST_P(Allocation, MessagesWrittenAheadAllocateNothing) {
  std::string messages;
  std::string answers;
  for (int i = 0; i < 24; ++i) {
    messages += test::masked_frame(test::Frame::kText, "1,2,0.5\n");
    answers +=
        "\x81\x05"
        "1.25\n";
  }
  EXPECT_EQ(allocations_on(open_stream(), messages, answers, answers), 0U)
      << "more than are in hand at a time";
}

TEST_P(Allocation, LongMessagesAllocateNothing) {
  std::string rows;
  for (int i = 0; i < 2000; ++i) {  // more than a batch holds
    rows += "1,2,0.5\n";
  }
  rows += "0,0,0\n";
  const std::string collected =
      test::masked_frame(test::Frame::kText, rows.substr(0, 8'000), false) +
      test::masked_frame(test::Frame::kContinuation, rows.substr(8'000));
  constexpr std::string_view kEnd("0.25\n\x80\0", 7);  // an empty frame says that it is over
  EXPECT_EQ(allocations_on(open_stream(), collected, "\x01", kEnd), 0U);
}

/// The slots and buffers of connections that have gone serve those that come.
TEST_P(Allocation, ANewConnectionAllocatesNothing) {
  const std::string request = post("text/csv", "1,2,0.5\n");
  size_t before = 0;
  for (int i = 0; i < 20 && !HasFatalFailure(); ++i) {
    if (i == 10) {
      before = allocations;
    }
    const io::Descriptor peer = connect();
    ask(peer, request, kOk, "\r\n\r\n1.25\n");
  }
  EXPECT_EQ(allocations - before, 0U);
}

INSTANTIATE_TEST_SUITE_P(Backends, Allocation,
                         testing::Values(io::BackendKind::kUring, io::BackendKind::kEpoll),
                         [](const testing::TestParamInfo<io::BackendKind>& kind) {
                           return kind.param == io::BackendKind::kUring ? "Uring" : "Epoll";
                         });

}  // namespace
}  // namespace ringmaker::serve
