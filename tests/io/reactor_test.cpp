#include "io/reactor.h"

#include "tests/support/manual_clock.h"

#include <gtest/gtest.h>

namespace ringmaker::io {
namespace {

/// Remembers how long it was asked to wait, and lets the test say how long that took.
class ScriptedBackend final : public Backend {
 public:
  explicit ScriptedBackend(test::ManualClock& clock) : clock_(clock) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "scripted"; }
  void start_accepting(int /*listener*/) override {}
  void stop_accepting() override {}
  [[nodiscard]] base::Result<StreamId> add_stream(int /*descriptor*/) override { return 0U; }
  void start_receive(StreamId /*stream*/) override {}
  void pause_receive(StreamId /*stream*/) override {}
  void return_buffer(BufferId /*buffer*/) override {}
  void send(StreamId /*stream*/, std::span<const char> /*bytes*/) override {}
  void shutdown_send(StreamId /*stream*/) override {}
  void close(StreamId /*stream*/) override {}
  void reset(StreamId /*stream*/) override {}
  [[nodiscard]] std::span<const Completion> wait(uint64_t timeout_ns) override {
    asked_ns = timeout_ns;
    clock_.advance_ns(takes_ns);
    return {&woken_, has_completion ? size_t{1} : size_t{0}};
  }
  void notify() noexcept override {}
  [[nodiscard]] const BackendStats& stats() const noexcept override { return stats_; }

  uint64_t asked_ns = 0;
  uint64_t takes_ns = 0;
  bool has_completion = false;

 private:
  test::ManualClock& clock_;
  Completion woken_;
  BackendStats stats_;
};

class ReactorTest : public testing::Test {
 protected:
  test::ManualClock clock_;
  ScriptedBackend backend_{clock_};
  Reactor reactor_{clock_, backend_, {.spin_ns = 100'000}};
};

TEST_F(ReactorTest, SpinsForAWhileAfterACompletionThenBlocks) {
  backend_.has_completion = true;
  backend_.takes_ns = 1'000'000;
  ASSERT_EQ(reactor_.turn(false).size(), 1U);
  backend_.has_completion = false;
  backend_.takes_ns = 60'000;
  ASSERT_EQ(reactor_.turn(false).size(), 0U);
  EXPECT_EQ(backend_.asked_ns, 0U);
  ASSERT_EQ(reactor_.turn(false).size(), 0U);
  EXPECT_EQ(backend_.asked_ns, 0U);
  ASSERT_EQ(reactor_.turn(false).size(), 0U);
  EXPECT_EQ(backend_.asked_ns, UINT64_MAX);
}

TEST_F(ReactorTest, DoesNotWaitWhileThereIsWork) {
  clock_.advance_ms(10);
  (void)reactor_.turn(true);
  EXPECT_EQ(backend_.asked_ns, 0U);
}

TEST_F(ReactorTest, TellsHowLongItWaitedWhereItWasFreeTo) {
  clock_.advance_ms(10);
  backend_.takes_ns = 5'000'000;
  (void)reactor_.turn(true);
  EXPECT_EQ(reactor_.slept_ns(), 0U) << "there was work";
  (void)reactor_.turn(false);
  EXPECT_EQ(reactor_.slept_ns(), 5'000'000U);
}

TEST_F(ReactorTest, BlocksNoLongerThanTheNextTimer) {
  clock_.advance_ms(10);
  (void)reactor_.turn(true);
  Timer timer;
  reactor_.timers().schedule(timer, reactor_.now_ns() + 40'000'000);
  (void)reactor_.turn(false);
  EXPECT_GE(backend_.asked_ns, 40'000'000U);
  EXPECT_LE(backend_.asked_ns, 40'000'000U + TimerWheel::kTickNs);
  reactor_.timers().cancel(timer);
}

TEST_F(ReactorTest, TimeThatNothingCouldRunInIsTakenOut) {
  clock_.advance_ms(10);
  (void)reactor_.turn(true);
  Timer timer;
  const uint64_t deadline = reactor_.now_ns() + 2 * base::kNanosecondsPerSecond;
  reactor_.timers().schedule(timer, deadline);
  backend_.takes_ns = 3600 * base::kNanosecondsPerSecond;
  (void)reactor_.turn(true);
  EXPECT_EQ(reactor_.gaps(), 1U);
  int due = 0;
  reactor_.timers().advance(reactor_.now_ns(), [&](Timer&) { ++due; });
  EXPECT_EQ(due, 0);
  backend_.takes_ns = 2 * base::kNanosecondsPerSecond;
  (void)reactor_.turn(false);
  reactor_.timers().advance(reactor_.now_ns(), [&](Timer&) { ++due; });
  EXPECT_EQ(due, 1);
}

}  // namespace
}  // namespace ringmaker::io
