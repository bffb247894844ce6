// Too much work, on a clock that the test moves: the turn's own time stands still, as it does while
// a shard is busy.
#include "tests/serve/serve_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::serve {
namespace {

using http::BodyMode;
using http::Method;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr uint64_t kMs = 1'000'000;

TEST(Overload, AQueueThatStandsIsRefusedAtOnceAndThePingIsNot) {
  ServeRig rig({.queue_ns_max = 100 * kMs});
  rig.state.ready = true;
  FakeExchange first = csv("1,2\n");
  rig.give(first, 100);
  rig.clock.advance_ns(150 * kMs);
  FakeExchange burst = csv("1,2\n");
  rig.give(burst, 100);
  FakeExchange second = csv("1,2\n");  // sees that the queue is long
  rig.give(second, 100);
  rig.clock.advance_ns(100 * kMs);
  FakeExchange third = csv("1,2\n");
  rig.give(third, 100);
  FakeExchange refused = csv("1,2\n");
  EXPECT_EQ(rig.router.on_head(refused), BodyMode::kDiscard);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.extra, Contains(Pair("Retry-After", "1")));
  EXPECT_THAT(refused.answer, HasSubstr("retry in a moment"));
  FakeExchange ping(Method::kGet, "/ping");
  EXPECT_EQ(rig.router.on_head(ping), BodyMode::kDiscard);
  EXPECT_EQ(ping.status, 200);
  rig.settle();
  for (const FakeExchange* const let_in : {&first, &burst, &second, &third}) {
    EXPECT_EQ(let_in->status, 200);
  }
  EXPECT_EQ(rig.metrics.error(ErrorReason::kOverload).value(), 1U);
  EXPECT_THAT(rig.registry.exposition(),
              HasSubstr("ringmaker_errors_total{reason=\"overload\"} 1"));
}

TEST(Overload, APayloadThatWasLetInIsNotTurnedAwayWhileItComes) {
  ServeRig rig({.queue_ns_max = 100 * kMs});
  FakeExchange large = csv("");
  large.edit_head().content_length = 1 << 20;
  ASSERT_EQ(rig.router.on_head(large), BodyMode::kStream);
  rig.router.on_body(large, "1,2\n", false);
  std::vector<std::unique_ptr<FakeExchange>> others;
  const auto newcomer = [&] {
    others.push_back(std::make_unique<FakeExchange>(
        Method::kPost, "/invocations", FakeExchange::Fields{{"Content-Type", "text/csv"}},
        "1,2\n"));
    rig.give(*others.back(), 100);
    return others.back()->status;
  };
  newcomer();
  for (int i = 0; i < 3; ++i) {
    rig.clock.advance_ns(100 * kMs);
    newcomer();
    newcomer();
  }
  ASSERT_EQ(newcomer(), 503);
  rig.router.on_body(large, "3,4\n", true);
  EXPECT_EQ(large.status, 0);
  rig.settle();
  EXPECT_EQ(large.status, 200) << large.answer;
  EXPECT_EQ(large.answer, "3\n7\n");
}

TEST(Overload, AQueueThatStandsInTheKernelIsAQueue) {
  ServeRig rig({.queue_ns_max = 100 * kMs});
  rig.turn();  // nothing had come: the loop rests
  std::vector<int> statuses;
  for (int i = 0; i < 40; ++i) {
    rig.pass(10 * kMs);
    FakeExchange exchange = csv("1,2\n");
    exchange.waited = 150 * kMs;
    rig.give(exchange, 100);
    rig.invocations.work_on_batch(false);
    rig.invocations.end_turn();
    statuses.push_back(exchange.status);
  }
  EXPECT_EQ(statuses.front(), 200) << "what comes to a loop that has rested has not waited";
  EXPECT_EQ(statuses.back(), 503);
  FakeExchange lucky = csv("1,2\n");
  rig.give(lucky, 100);
  rig.invocations.work_on_batch(false);
  EXPECT_EQ(lucky.status, 200) << "each is judged by itself";
}

constexpr size_t kRows = 1000;
constexpr uint64_t kRowNs = 30'000;

/// Of a body that comes in one piece.
std::string many_rows() {
  std::string body;
  for (size_t i = 0; i < kRows; ++i) {
    body += "1,2\n";
  }
  return body;
}

/// Every row takes that long.
void slow_down(ServeRig& rig) {
  rig.predictor.while_scoring = [&rig](size_t rows) { rig.clock.advance_ns(rows * kRowNs); };
}

uint64_t scored_in_a_turn(ServeRig& rig) {
  const uint64_t before = rig.metrics.rows.value();
  rig.turn();
  return rig.metrics.rows.value() - before;
}

TEST(Overload, ManyRowsOfASlowModelAreScoredInSlicesBetweenWhichPingIsAnswered) {
  ServeRig rig;
  rig.state.ready = true;
  slow_down(rig);
  for (const char* const model : {"that nobody has asked yet", "that is known"}) {
    FakeExchange slow = csv(many_rows());
    rig.give(slow, 65'536);
    size_t turns = 0;
    for (; !slow.complete && turns < 10 * kRows; ++turns) {
      EXPECT_LE(scored_in_a_turn(rig) * kRowNs, batch::ScoringRate::kTurnNs) << model;
      FakeExchange ping(Method::kGet, "/ping");
      (void)rig.router.on_head(ping);
      EXPECT_EQ(ping.status, 200);
    }
    EXPECT_GT(turns, 30U) << model;
    EXPECT_EQ(slow.answer.substr(0, 4), "3\n3\n");
    EXPECT_EQ(slow.answer.size(), 2 * kRows) << model;
  }
}

TEST(Overload, ManyRowsBehindAFullBatchOfASlowModelDoNotHaveItScoredAtOnce) {
  ServeRig rig;
  slow_down(rig);
  FakeExchange first = csv("1,2\n");
  rig.ask(first);  // which shows how long a row takes
  std::vector<std::unique_ptr<FakeExchange>> small;
  for (int i = 0; i < 700; ++i) {
    small.push_back(std::make_unique<FakeExchange>(
        Method::kPost, "/invocations", FakeExchange::Fields{{"Content-Type", "text/csv"}},
        "1,2\n"));
    rig.give(*small.back(), 100);
  }
  FakeExchange many(Method::kPost, "/invocations",
                    {{"Content-Type", "text/csv"}, {"Accept", "application/json"}}, many_rows());
  const uint64_t before = rig.metrics.rows.value();
  rig.give(many, 65'536);
  EXPECT_EQ(rig.metrics.rows.value(), before) << "that is for turns";
  while (!many.complete) {
    EXPECT_LE(scored_in_a_turn(rig) * kRowNs, 2 * batch::ScoringRate::kTurnNs);
  }
  EXPECT_TRUE(many.sized) << "as from a batch";
  rig.settle();
  EXPECT_EQ(small.back()->answer, "3\n");
}

TEST(Overload, TheAnswerOfASlowModelIsOnePieceAsThatOfAFastOne) {
  for (const bool slow : {false, true}) {
    ServeRig rig;
    if (slow) {
      slow_down(rig);
    }
    FakeExchange many(Method::kPost, "/invocations",
                      {{"Content-Type", "text/csv"}, {"Accept", "application/json"}}, many_rows());
    rig.give(many, 65'536);
    rig.settle();
    EXPECT_TRUE(many.complete);
    EXPECT_TRUE(many.sized) << slow;
    EXPECT_EQ(many.parts, 0U);
  }
}

TEST(Overload, ASmallRequestDoesNotWaitForTheManyRowsOfAnother) {
  ServeRig rig;
  slow_down(rig);
  FakeExchange slow = csv(many_rows());
  rig.give(slow, 65'536);
  rig.turn();
  FakeExchange small = csv("3,4\n");
  rig.give(small, 100);
  rig.turn();
  EXPECT_EQ(small.answer, "7\n");
  EXPECT_EQ(slow.status, 0);
}

TEST(Overload, ManySmallRequestsOfASlowModelAreNotScoredInOneTurn) {
  ServeRig rig;
  slow_down(rig);
  std::vector<std::unique_ptr<FakeExchange>> small;
  for (int i = 0; i < 200; ++i) {
    small.push_back(std::make_unique<FakeExchange>(
        Method::kPost, "/invocations", FakeExchange::Fields{{"Content-Type", "text/csv"}},
        "1,2\n"));
    rig.give(*small.back(), 100);
  }
  EXPECT_EQ(scored_in_a_turn(rig), batch::ScoringRate::kRowsAtFirst);
  for (int turn = 0; turn < 5; ++turn) {
    EXPECT_EQ(scored_in_a_turn(rig), batch::ScoringRate::kTurnNs / kRowNs);
  }
  rig.settle();
  EXPECT_EQ(small.back()->answer, "3\n");
  EXPECT_EQ(rig.metrics.rows.value(), 200U);
}

TEST(Overload, ManyRowsOfAFastModelAreOneCall) {
  ServeRig rig;
  FakeExchange first = csv("1,2\n");
  rig.ask(first);
  FakeExchange many = csv(many_rows());
  rig.ask(many);
  EXPECT_THAT(rig.predictor.calls, testing::ElementsAre(1, kRows));
}

TEST(Overload, NewcomersWaitForTheManyRowsOfASlowModelTooAndAreRefusedWhereThatLasts) {
  ServeRig rig({.queue_ns_max = 100 * kMs});
  slow_down(rig);
  FakeExchange first = csv(many_rows());
  rig.ask(first);  // which shows how long they take
  std::vector<std::unique_ptr<FakeExchange>> others;
  const auto newcomer = [&] {
    others.push_back(std::make_unique<FakeExchange>(
        Method::kPost, "/invocations", FakeExchange::Fields{{"Content-Type", "text/csv"}},
        many_rows()));
    rig.give(*others.back(), 65'536);
    return others.back()->status;
  };
  for (int i = 0; i < 5; ++i) {  // 30 ms each
    EXPECT_EQ(newcomer(), 0);
  }
  const uint64_t until = rig.clock.now_ns() + 120 * kMs;
  while (rig.clock.now_ns() < until) {
    rig.turn();
    rig.pass(1);
    if (rig.clock.now_ns() % 7 == 0) {
      (void)newcomer();
    }
  }
  EXPECT_EQ(newcomer(), 503);
  rig.settle();
  EXPECT_EQ(others.front()->status, 200);
  EXPECT_EQ(newcomer(), 0) << "nobody waits any longer";
}

TEST(Overload, WithoutALimitNobodyIsRefused) {
  ServeRig rig;
  for (int i = 0; i < 20; ++i) {
    FakeExchange exchange = csv("1,2\n");
    rig.give(exchange, 100);
    rig.clock.advance_ns(100 * kMs);
    rig.invocations.work_on_batch(true);
    EXPECT_EQ(exchange.status, 200);
  }
}

TEST(Overload, WhoIsLateIsToldAndNotScored) {
  ServeRig rig({.deadline_ns = 50 * kMs});
  FakeExchange late = csv("1,2\n");
  rig.give(late, 100);
  rig.clock.advance_ns(51 * kMs);
  rig.settle();
  EXPECT_EQ(late.status, 503);
  EXPECT_THAT(late.answer, HasSubstr("before its deadline"));
  EXPECT_THAT(late.extra, Contains(Pair("Retry-After", "1")));
  EXPECT_THAT(rig.predictor.calls, IsEmpty());
  EXPECT_EQ(rig.metrics.error(ErrorReason::kDeadline).value(), 1U);
  EXPECT_EQ(rig.metrics.rows.value(), 0U);
  EXPECT_THAT(rig.registry.exposition(),
              HasSubstr("ringmaker_errors_total{reason=\"deadline\"} 1"));
}

TEST(Overload, ALargePayloadIsLateTooOnceItsBodyIsThere) {
  ServeRig rig({.deadline_ns = 50 * kMs});
  std::string body;
  for (int i = 0; i < 100'000; ++i) {
    body += "1,2\n";
  }
  FakeExchange late = csv(body);
  rig.give(late, 32'768);
  const size_t calls = rig.predictor.calls.size();
  rig.clock.advance_ns(51 * kMs);
  rig.settle();
  EXPECT_EQ(late.status, 503);
  EXPECT_EQ(rig.predictor.calls.size(), calls) << "scored in vain";
  EXPECT_EQ(rig.models.bytes_lent(), 0U);
  EXPECT_EQ(rig.metrics.error(ErrorReason::kDeadline).value(), 1U);
}

TEST(Overload, AFewSlowSlicesDoNotTurnALonePayloadDown) {
  ServeRig rig({.deadline_ns = 20 * kMs});
  size_t slow = 200;  // rows, whose rate promises 30 ms for all of them
  rig.predictor.while_scoring = [&](size_t rows) {
    rig.clock.advance_ns(rows * (slow > 0 ? kRowNs : kRowNs / 3));
    slow -= std::min(slow, rows);
  };
  FakeExchange lone = csv(many_rows());
  rig.give(lone, 65'536);
  rig.settle();
  EXPECT_EQ(lone.status, 200) << lone.answer;
}

/// Payloads of a slow model, whose rows take 30 ms each.
class Burst {
 public:
  explicit Burst(ServeRig& rig) : rig_(rig) {
    slow_down(rig);
    FakeExchange first = csv(many_rows());
    rig.ask(first);  // which shows how long they take
    rig.pass(1);
    rows_before_ = rig.metrics.rows.value();
  }
  void give(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      all_.push_back(std::make_unique<FakeExchange>(
          Method::kPost, "/invocations", FakeExchange::Fields{{"Content-Type", "text/csv"}},
          many_rows()));
      rig_.give(*all_.back(), 65'536);
    }
  }
  [[nodiscard]] size_t with(int status) const {
    return static_cast<size_t>(
        std::ranges::count(all_, status, [](const auto& one) { return one->status; }));
  }
  /// Those that came first are those with scores.
  [[nodiscard]] bool in_order() const {
    return std::ranges::is_partitioned(all_, [](const auto& one) { return one->status == 200; });
  }
  [[nodiscard]] uint64_t rows_scored() const { return rig_.metrics.rows.value() - rows_before_; }

 private:
  ServeRig& rig_;
  std::vector<std::unique_ptr<FakeExchange>> all_;
  uint64_t rows_before_ = 0;
};

TEST(Overload, OfABurstThoseWhoCameFirstAreAnsweredAndTheOthersRefusedBeforeTheyAreScored) {
  ServeRig rig({.deadline_ns = 305 * kMs});
  Burst burst(rig);
  burst.give(40);
  EXPECT_EQ(burst.with(503), 0U);
  rig.turn();
  rig.turn();
  EXPECT_EQ(burst.with(503), 28U) << "told at once, but for two whom a faster model had time for";
  rig.settle();
  EXPECT_EQ(burst.with(200), 10U) << "as many as there is time for";
  EXPECT_TRUE(burst.in_order());
  EXPECT_EQ(burst.rows_scored(), 10 * kRows) << "none in vain";
  EXPECT_EQ(rig.metrics.error(ErrorReason::kDeadline).value(), 30U);
}

TEST(Overload, ABurstBesideOtherWorkIsAnsweredAsFarAsThereIsTime) {
  ServeRig rig({.deadline_ns = 305 * kMs});
  Burst burst(rig);
  burst.give(40);
  uint64_t seen = 0;
  while (rig.invocations.work_pending()) {
    rig.turn();
    rig.clock.advance_ns((burst.rows_scored() - seen) * kRowNs);  // half of the time is others'
    seen = burst.rows_scored();
  }
  EXPECT_GE(burst.with(200), 4U) << "of five";
  EXPECT_LE(burst.rows_scored(), 6 * kRows);
}

TEST(Overload, WhereMoreComeThanCanBeAnsweredTheShardIsBusyWithThoseItAnswers) {
  ServeRig rig({.deadline_ns = 305 * kMs});
  Burst burst(rig);
  const uint64_t begun = rig.clock.now_ns();
  for (int i = 0; i < 300; ++i) {
    burst.give(1);
    for (const uint64_t until = rig.clock.now_ns() + 15 * kMs; rig.clock.now_ns() < until;) {
      rig.turn();
      rig.pass(1);
    }
  }
  rig.settle();
  const uint64_t answerable = (rig.clock.now_ns() - begun) / (kRows * kRowNs);
  EXPECT_GE(burst.with(200), answerable * 9 / 10);
  EXPECT_EQ(burst.with(200) + burst.with(503), 300U);
}

TEST(Overload, AFewRowsDoNotWaitForLongPayloadsThatPressForTime) {
  ServeRig rig({.deadline_ns = 305 * kMs});
  Burst burst(rig);
  burst.give(20);
  rig.turn();
  FakeExchange few = csv(many_rows().substr(0, 4 * 100));
  rig.give(few, 100'000);
  const uint64_t begun = rig.clock.now_ns();
  while (few.status == 0) {
    rig.turn();
  }
  EXPECT_EQ(few.status, 200);
  EXPECT_LE(rig.clock.now_ns() - begun, 2 * 100 * kRowNs);
}

TEST(Overload, ABodyThatStillComesIsScoredBesideThoseThatPressForTime) {
  ServeRig rig({.deadline_ns = 305 * kMs});
  Burst burst(rig);
  FakeExchange coming = csv("");
  coming.edit_head().content_length = 1 << 20;
  ASSERT_EQ(rig.router.on_head(coming), BodyMode::kStream);
  std::string rows;
  for (int i = 0; i < 20; ++i) {
    rows += many_rows();
  }
  rig.router.on_body(coming, rows, false);
  burst.give(20);
  rig.settle();
  // A quarter of the time is its.
  EXPECT_GE(burst.with(200), 7U);
  EXPECT_LE(burst.with(200), 8U);
  EXPECT_EQ(burst.with(200) + burst.with(503), 20U);
  rig.pass(1);
  rig.router.on_body(coming, "1,2\n", true);
  rig.settle();
  EXPECT_EQ(coming.status, 200) << coming.answer;
}

TEST(Overload, AModelThatWasSlowForAWhileIsFoundOutToBeFastAgain) {
  ServeRig rig({.deadline_ns = 305 * kMs});
  rig.predictor.while_scoring = [&rig](size_t rows) { rig.clock.advance_ns(rows * 20 * kRowNs); };
  FakeExchange slow = csv(many_rows());
  rig.ask(slow);
  EXPECT_EQ(slow.status, 503) << "600 ms";
  EXPECT_LT(rig.metrics.rows.value(), 100U) << "and that is seen early";
  slow_down(rig);
  int status = 0;
  int tries = 0;
  for (; status != 200 && tries < 100; ++tries) {
    rig.pass(1);
    FakeExchange again = csv(many_rows());
    rig.ask(again);
    status = again.status;
  }
  EXPECT_LE(tries, 5);
}

TEST(Overload, OfAModelThatNobodyHasTimedNobodyIsRefused) {
  ServeRig rig({.deadline_ns = 305 * kMs});
  std::vector<std::unique_ptr<FakeExchange>> all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(std::make_unique<FakeExchange>(Method::kPost, "/invocations",
                                                 FakeExchange::Fields{{"Content-Type", "text/csv"}},
                                                 many_rows()));
    rig.give(*all.back(), 65'536);
  }
  rig.settle();
  for (const auto& one : all) {
    EXPECT_EQ(one->status, 200);
  }
}

TEST(Overload, WhoIsGoneIsNotScored) {
  ServeRig rig;
  FakeExchange gone = csv("1,2\n");
  rig.give(gone, 100);
  rig.router.on_abandoned(gone);
  FakeExchange stays = csv("3,4\n");
  rig.give(stays, 100);
  rig.settle();
  EXPECT_EQ(stays.answer, "7\n");
  EXPECT_EQ(rig.metrics.rows.value(), 1U);
  EXPECT_THAT(rig.predictor.calls, testing::ElementsAre(1));
}

}  // namespace
}  // namespace ringmaker::serve
