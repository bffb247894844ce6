// The order in which answers leave, and what of them is in flight, on a backend that only notes.
#include "http/answer_queue.h"

#include "tests/support/manual_clock.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ringmaker::http {
namespace {

/// Notes the send in flight; nothing ever completes by itself.
class NotingBackend final : public io::Backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "noting"; }
  void start_accepting(int /*listener*/) override {}
  void stop_accepting() override {}
  [[nodiscard]] base::Result<io::StreamId> add_stream(int /*descriptor*/) override { return 0U; }
  void start_receive(io::StreamId /*stream*/) override {}
  void pause_receive(io::StreamId /*stream*/) override {}
  void return_buffer(io::BufferId /*buffer*/) override {}
  void send(io::StreamId stream, std::span<const char> bytes) override {
    EXPECT_EQ(stream, kStream);
    in_flight = {bytes.data(), bytes.size()};
    ++sends;
  }
  void shutdown_send(io::StreamId /*stream*/) override {}
  void close(io::StreamId /*stream*/) override {}
  void reset(io::StreamId /*stream*/) override {}
  [[nodiscard]] std::span<const io::Completion> wait(uint64_t /*timeout_ns*/) override {
    return {};
  }
  void notify() noexcept override {}
  [[nodiscard]] const io::BackendStats& stats() const noexcept override { return stats_; }

  static constexpr io::StreamId kStream = 7;
  std::string_view in_flight;
  int sends = 0;

 private:
  io::BackendStats stats_;
};

class AnswerQueueTest : public testing::Test {
 protected:
  AnswerQueueTest() { queue_.open(pool_, reactor_, NotingBackend::kStream); }

  ConnectionExchange& request() {
    ConnectionExchange& exchange = pool_.take();
    queue_.push(exchange);
    return exchange;
  }
  void write(ConnectionExchange& exchange, std::string_view text) { queue_.sink(exchange) += text; }
  void answer(ConnectionExchange& exchange, std::string_view text) {
    write(exchange, text);
    queue_.complete(exchange);
  }
  /// All that leaves from here on, as one text.
  std::string drain() {
    std::string text;
    while (queue_.send_ready()) {
      text += backend_.in_flight;
      EXPECT_TRUE(queue_.on_sent(backend_.in_flight.size()));
    }
    return text;
  }

  test::ManualClock clock_;
  NotingBackend backend_;
  io::Reactor reactor_{clock_, backend_, {}};
  ExchangePool pool_;
  AnswerQueue queue_;
};

TEST_F(AnswerQueueTest, AnswersLeaveInTheOrderOfTheRequestsWhateverOrderTheyAreGivenIn) {
  ConnectionExchange& first = request();
  ConnectionExchange& second = request();
  ConnectionExchange& third = request();
  answer(third, "three ");
  EXPECT_FALSE(queue_.bytes_ready());
  answer(first, "one ");
  EXPECT_EQ(drain(), "one ");
  answer(second, "two ");
  EXPECT_EQ(drain(), "two three ");
  EXPECT_TRUE(queue_.empty());
  EXPECT_TRUE(queue_.all_sent());
}

TEST_F(AnswerQueueTest, WhatIsReadyLeavesInOneSend) {
  ConnectionExchange& first = request();
  ConnectionExchange& second = request();
  answer(first, "one ");
  answer(second, "two ");
  EXPECT_EQ(drain(), "one two ");
  EXPECT_EQ(backend_.sends, 1);
}

TEST_F(AnswerQueueTest, AnAnswerInPartsLeavesAsItComesAndHoldsBackTheNext) {
  ConnectionExchange& first = request();
  ConnectionExchange& second = request();
  write(first, "on");
  answer(second, "two ");
  EXPECT_EQ(drain(), "on");
  write(first, "e ");
  EXPECT_EQ(drain(), "e ");
  queue_.complete(first);
  EXPECT_EQ(drain(), "two ");
}

TEST_F(AnswerQueueTest, APartHeldBackGoesOnWhenItsTurnHasCome) {
  ConnectionExchange& first = request();
  ConnectionExchange& second = request();
  write(second, "tw");
  answer(first, "one ");
  write(second, "o ");
  EXPECT_EQ(drain(), "one two ");
  EXPECT_EQ(queue_.size(), 1U) << "the second is not complete";
}

TEST_F(AnswerQueueTest, OneSendIsInFlightAndItsBytesStayWhereTheyAre) {
  ConnectionExchange& first = request();
  ConnectionExchange& second = request();
  answer(first, "one ");
  EXPECT_TRUE(queue_.send_ready());
  const char* const memory = backend_.in_flight.data();
  answer(second, "two ");
  EXPECT_FALSE(queue_.send_ready());
  EXPECT_EQ(backend_.in_flight, "one ");
  EXPECT_EQ(backend_.in_flight.data(), memory);
  EXPECT_EQ(queue_.queued_bytes(), 8U);
  EXPECT_TRUE(queue_.on_sent(4));
  EXPECT_EQ(drain(), "two ");
}

TEST_F(AnswerQueueTest, AShortSendIsFollowedByItsRestFromTheSameMemory) {
  answer(request(), "abcdef");
  EXPECT_TRUE(queue_.send_ready());
  const char* const memory = backend_.in_flight.data();
  EXPECT_FALSE(queue_.on_sent(2));
  EXPECT_EQ(backend_.in_flight, "cdef");
  EXPECT_EQ(backend_.in_flight.data(), memory + 2);
  EXPECT_FALSE(queue_.on_sent(3));
  EXPECT_EQ(backend_.in_flight, "f");
  EXPECT_EQ(queue_.queued_bytes(), 1U);
  EXPECT_TRUE(queue_.on_sent(1));
  EXPECT_TRUE(queue_.all_sent());
  EXPECT_EQ(backend_.sends, 3);
}

TEST_F(AnswerQueueTest, NothingReadyBeginsNoSend) {
  EXPECT_FALSE(queue_.send_ready());
  (void)request();
  EXPECT_FALSE(queue_.send_ready());
  EXPECT_EQ(backend_.sends, 0);
}

TEST_F(AnswerQueueTest, AsManyAsMayBeInHandAndTheRefusalBehindThemGoRoundAndRound) {
  std::string sent;
  std::string expected;
  for (size_t round = 0; round < 5; ++round) {
    std::vector<ConnectionExchange*> all;
    for (size_t i = 0; i <= kPipelinedRequestsMax; ++i) {
      all.push_back(&request());
    }
    for (size_t i = all.size(); i-- > 0;) {
      answer(*all[i], std::to_string(i) + ' ');
    }
    for (size_t i = 0; i < all.size(); ++i) {
      expected += std::to_string(i) + ' ';
    }
    sent += drain();
  }
  EXPECT_EQ(sent, expected);
  EXPECT_EQ(pool_.in_hand(), 0U) << "each has been given back";
}

TEST_F(AnswerQueueTest, TheLastRequestCanBeTakenBack) {
  ConnectionExchange& first = request();
  ConnectionExchange& second = request();
  EXPECT_TRUE(queue_.is_last(second));
  pool_.give_back(queue_.pop_back());
  EXPECT_TRUE(queue_.is_last(first));
  answer(first, "one ");
  EXPECT_EQ(drain(), "one ");
  EXPECT_FALSE(queue_.is_last(first)) << "it is in hand no more";
}

TEST_F(AnswerQueueTest, ClosingDropsWhatIsReadyAndKeepsWhatTheKernelMayStillRead) {
  ConnectionExchange& first = request();
  ConnectionExchange& second = request();
  answer(first, "one ");
  EXPECT_TRUE(queue_.send_ready());
  answer(second, "two ");
  queue_.drop_ready();
  EXPECT_FALSE(queue_.bytes_ready());
  EXPECT_EQ(backend_.in_flight, "one ");
  queue_.on_closed();
  EXPECT_TRUE(queue_.all_sent());
  EXPECT_EQ(queue_.queued_bytes(), 0U);
}

}  // namespace
}  // namespace ringmaker::http
