// When a batch closes, and whose rows it scores.
#include "batch/micro_batcher.h"

#include "tests/batch/sum_predictor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace ringmaker::batch {
namespace {

using testing::ElementsAre;

class MicroBatcherTest : public testing::Test, public BatchSink {
 protected:
  void on_scored(void* owner, data::DenseView scores, const BatchTimes& /*times*/) override {
    owners_.push_back(*static_cast<int*>(owner));
    for (size_t i = 0; i < scores.rows; ++i) {
      scores_.push_back(scores.row(i)[0]);
    }
  }

  void on_late(void* owner) override { late_.push_back(*static_cast<int*>(owner)); }

  void add(MicroBatcher& batcher, int& owner, const std::vector<float>& values, uint64_t now_ns = 0,
           Values wanted = Values::kScores, uint64_t deadline_ns = UINT64_MAX) {
    data::BlockWriter writer = batcher.writer();
    for (const float value : values) {
      writer.row()[0] = value;
      writer.row()[1] = 0.5F;
      writer.commit_row();
    }
    batcher.commit(writer, &owner, now_ns, wanted, deadline_ns);
  }

  void run(MicroBatcher& batcher) {
    (void)batcher.run(*this, rate_, ScoringRate::kTurnNs, [] { return uint64_t{0}; });
  }

  SumPredictor predictor_;
  ScoringRate rate_;
  std::vector<int> owners_;
  std::vector<int> late_;
  std::vector<float> scores_;
  int first_ = 1;
  int second_ = 2;
  int third_ = 3;
};

TEST_F(MicroBatcherTest, ABatchWithLittleRoomGrowsOnceAndKeepsItsRows) {
  MicroBatcher batcher(predictor_, {.rows_max = 32}, 2);
  add(batcher, first_, {1, 2});
  EXPECT_TRUE(batcher.writer().full());
  EXPECT_TRUE(batcher.grow());
  EXPECT_FALSE(batcher.grow());
  EXPECT_EQ(batcher.rows_max(), 32U);
  add(batcher, second_, {3, 4, 5});
  run(batcher);
  EXPECT_THAT(owners_, ElementsAre(1, 2));
  EXPECT_THAT(scores_, ElementsAre(1.5F, 2.5F, 3.5F, 4.5F, 5.5F));
}

TEST_F(MicroBatcherTest, WhoWantsRawValuesGetsThemAndTheOthersScores) {
  predictor_.link_factor = 10;
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1});
  add(batcher, second_, {2, 3}, 0, Values::kRaw);
  add(batcher, third_, {4});
  run(batcher);
  EXPECT_THAT(scores_, ElementsAre(15, 2.5F, 3.5F, 45));
  EXPECT_THAT(predictor_.calls, ElementsAre(4)) << "one call for all";
  scores_.clear();
  add(batcher, second_, {2});
  run(batcher);
  EXPECT_THAT(scores_, ElementsAre(25)) << "the next batch knows nothing of it";
}

TEST_F(MicroBatcherTest, RowsOfManyRequestsAreScoredByOneCallEachGettingItsOwn) {
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1});
  add(batcher, second_, {2, 3});
  add(batcher, third_, {4});
  run(batcher);
  EXPECT_THAT(predictor_.calls, ElementsAre(4));
  EXPECT_THAT(owners_, ElementsAre(1, 2, 3));
  EXPECT_THAT(scores_, ElementsAre(1.5F, 2.5F, 3.5F, 4.5F));
  EXPECT_TRUE(batcher.empty());
}

TEST_F(MicroBatcherTest, ABadRowRollsBackOnlyItsOwnRequest) {
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1});
  data::BlockWriter bad = batcher.writer();
  bad.row()[0] = 9;
  bad.commit_row();
  bad.rollback();
  add(batcher, second_, {2});
  run(batcher);
  EXPECT_THAT(scores_, ElementsAre(1.5F, 2.5F));
}

TEST_F(MicroBatcherTest, WithoutADelayItIsDueAsSoonAsThereIsARow) {
  MicroBatcher batcher(predictor_, {.delay_us_max = 0});
  EXPECT_FALSE(batcher.due(0, true));
  add(batcher, first_, {1});
  EXPECT_TRUE(batcher.due(0, false));
}

TEST_F(MicroBatcherTest, WithADelayItWaitsForCompanyButNotWhenTheLoopIsIdle) {
  MicroBatcher batcher(predictor_, {.delay_us_max = 50});
  add(batcher, first_, {1}, 1'000'000);
  EXPECT_FALSE(batcher.due(1'049'999, false));
  EXPECT_TRUE(batcher.due(1'000'001, true)) << "a lone request never waits";
  add(batcher, second_, {2}, 1'040'000);
  EXPECT_TRUE(batcher.due(1'050'000, false)) << "the oldest row counts";
}

TEST_F(MicroBatcherTest, AFullBatchIsDue) {
  MicroBatcher batcher(predictor_, {.rows_max = 16, .delay_us_max = 1'000'000});
  add(batcher, first_, std::vector<float>(15, 1));
  EXPECT_FALSE(batcher.due(0, false));
  add(batcher, second_, {1});
  EXPECT_TRUE(batcher.due(0, false));
  EXPECT_TRUE(batcher.writer().full());
}

TEST_F(MicroBatcherTest, AnAbandonedRequestIsNotAnswered) {
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1});
  add(batcher, second_, {2});
  batcher.abandon(&first_);
  run(batcher);
  EXPECT_THAT(owners_, ElementsAre(2));
  EXPECT_THAT(scores_, ElementsAre(2.5F));
}

TEST_F(MicroBatcherTest, ACallOfASlowModelTakesTheOldestRequestsAndTheOthersWaitForTheNext) {
  rate_.record(1000, 1000 * ScoringRate::kTurnNs / 3);
  ASSERT_EQ(rate_.rows_within(ScoringRate::kTurnNs), 3U);
  predictor_.link_factor = 10;
  MicroBatcher batcher(predictor_, {.rows_max = 16});
  add(batcher, first_, {1, 2});
  add(batcher, second_, {3, 4}, 0, Values::kRaw);
  add(batcher, third_, {5});
  const auto run_slowly = [&] {
    uint64_t now = 0;
    (void)batcher.run(*this, rate_, ScoringRate::kTurnNs,
                      [&now] { return now += ScoringRate::kTurnNs; });
  };
  run_slowly();
  EXPECT_THAT(predictor_.calls, ElementsAre(2));
  EXPECT_THAT(owners_, ElementsAre(1));
  EXPECT_EQ(batcher.rows_scored(), 2U);
  EXPECT_EQ(batcher.rows(), 3U);
  add(batcher, first_, {6});
  batcher.abandon(&third_);
  run_slowly();
  run_slowly();
  EXPECT_THAT(owners_, ElementsAre(1, 2, 1));
  EXPECT_THAT(scores_, ElementsAre(15, 25, 3.5F, 4.5F, 65));
  EXPECT_TRUE(batcher.empty());
}

TEST_F(MicroBatcherTest, WhoHasMoreRowsThanThereIsTimeForIsStillScoredByOneCall) {
  rate_.record(1000, 1000 * ScoringRate::kTurnNs);
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1, 2, 3});
  run(batcher);
  EXPECT_THAT(predictor_.calls, ElementsAre(3));
}

TEST_F(MicroBatcherTest, ACallHoldsAsManyRowsAsTheModelScoresAtOnce) {
  rate_.record(1000, 1000 * ScoringRate::kTurnNs);
  predictor_.at_once = 3;
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1});
  add(batcher, second_, {2, 3});
  add(batcher, third_, {4});
  run(batcher);
  EXPECT_THAT(predictor_.calls, ElementsAre(3));
  EXPECT_THAT(owners_, ElementsAre(1, 2));
}

TEST_F(MicroBatcherTest, OfAModelThatIsNotKnownYetTheFirstCallIsAShortOne) {
  MicroBatcher batcher(predictor_, {});
  std::vector<int> owners(ScoringRate::kRowsAtFirst + 1);
  for (int& owner : owners) {
    add(batcher, owner, {1});
  }
  run(batcher);
  EXPECT_THAT(predictor_.calls, ElementsAre(ScoringRate::kRowsAtFirst));
}

TEST_F(MicroBatcherTest, RowsOfWhoIsGoneAreNotScored) {
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1, 2});
  add(batcher, second_, {3}, 0, Values::kRaw);
  add(batcher, third_, {4, 5});
  batcher.abandon(&first_);
  batcher.abandon(&second_);
  run(batcher);
  EXPECT_THAT(predictor_.calls, ElementsAre(2));
  EXPECT_EQ(batcher.rows_scored(), 2U);
  EXPECT_THAT(owners_, ElementsAre(3));
  EXPECT_THAT(scores_, ElementsAre(4.5F, 5.5F));
  EXPECT_TRUE(late_.empty()) << "nobody is there to be told";
}

TEST_F(MicroBatcherTest, WhoCannotBeAnsweredInTimeIsToldAndNotScored) {
  rate_.record(64, 64 * 10);  // ten nanoseconds a row
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1, 2, 3}, 0, Values::kScores, 30);  // just in time
  add(batcher, second_, {4}, 0, Values::kScores, 39);       // a nanosecond too late
  add(batcher, third_, {5}, 0, Values::kScores, 40);        // in time, for that one is dropped
  run(batcher);
  EXPECT_THAT(late_, ElementsAre(2));
  EXPECT_THAT(owners_, ElementsAre(1, 3));
  EXPECT_THAT(scores_, ElementsAre(1.5F, 2.5F, 3.5F, 5.5F));
  add(batcher, second_, {6}, 0, Values::kScores, 1000);
  run(batcher);
  EXPECT_THAT(owners_, ElementsAre(1, 3, 2));
}

TEST_F(MicroBatcherTest, ABatchOfNobodyIsNoCall) {
  MicroBatcher batcher(predictor_, {});
  add(batcher, first_, {1});
  batcher.abandon(&first_);
  run(batcher);
  EXPECT_TRUE(predictor_.calls.empty());
  EXPECT_TRUE(batcher.empty());
}

}  // namespace
}  // namespace ringmaker::batch
