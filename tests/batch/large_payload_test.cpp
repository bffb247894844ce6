// The rows of a large payload: scored while they arrive, kept in order, given back.
#include "batch/large_payload.h"

#include "batch/lent_block.h"
#include "tests/batch/sum_predictor.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::batch {
namespace {

class LargePayloadTest : public testing::Test {
 protected:
  void add(size_t rows) {
    for (size_t i = 0; i < rows; ++i) {
      data::BlockWriter& writer = payload_.writer();
      ASSERT_FALSE(writer.full());
      writer.row()[0] = static_cast<float>(added_++);
      writer.row()[1] = 0.5F;
      writer.commit_row();
    }
  }
  size_t score_all() {
    size_t slices = 0;
    for (; payload_.ready(); ++slices) {
      payload_.score_slice(rate_, [] { return uint64_t{0}; });
    }
    return slices;
  }
  void expect_scores_in_order() {
    ASSERT_EQ(payload_.rows_scored(), added_);
    for (size_t row = 0; row < added_;) {
      const data::DenseView scores = payload_.scores(row, 1000);
      ASSERT_GT(scores.rows, 0U);
      ASSERT_LE(scores.rows, 1000U);
      for (size_t i = 0; i < scores.rows; ++i, ++row) {
        ASSERT_EQ(scores.row(i)[0], static_cast<float>(row) + 0.5F);
      }
    }
  }

  SumPredictor predictor_;
  LentBytes rows_lent_;
  LentBytes scores_lent_;
  BlockPool rows_{2, 32, rows_lent_};
  BlockPool scores_{1, 32, scores_lent_};
  ScoringRate rate_;
  LargePayload payload_{predictor_, rows_, scores_};
  size_t added_ = 0;
};

TEST_F(LargePayloadTest, RowsOfManyBlocksKeepTheirOrder) {
  add(50'000);
  payload_.commit();
  EXPECT_FALSE(payload_.complete());
  EXPECT_GT(score_all(), 1U);
  EXPECT_TRUE(payload_.complete());
  expect_scores_in_order();
}

TEST_F(LargePayloadTest, BlocksMayBeScoredElsewhereAndKeepTheirOrder) {
  add(50'000);
  payload_.commit();
  EXPECT_FALSE(payload_.can_lend()) << "what is wanted of its rows is not settled";
  payload_.score_slice(rate_, [] { return uint64_t{0}; });
  std::array<LentBlock, 3> lent;
  for (LentBlock& block : lent) {
    ASSERT_TRUE(payload_.can_lend());
    payload_.lend(block, rate_);
  }
  score_all();
  EXPECT_FALSE(payload_.complete());
  EXPECT_LT(payload_.rows_scored(), added_);
  for (LentBlock& block : lent) {
    while (!block.done()) {
      block.score_some();
    }
    payload_.take_back(block);
  }
  score_all();
  EXPECT_TRUE(payload_.complete());
  expect_scores_in_order();
  payload_.clear();
  EXPECT_EQ(rows_lent_.value + scores_lent_.value, 0U);
}

TEST_F(LargePayloadTest, ALentBlockMayComeBackUnscoredOrToNobody) {
  add(50'000);
  payload_.commit();
  payload_.score_slice(rate_, [] { return uint64_t{0}; });
  LentBlock block;
  payload_.lend(block, rate_);
  block.score_some();
  payload_.take_back(block);
  score_all();
  expect_scores_in_order();
  payload_.clear();

  added_ = 0;
  add(50'000);
  payload_.score_slice(rate_, [] { return uint64_t{0}; });
  payload_.lend(block, rate_);
  payload_.clear();
  EXPECT_EQ(block.owner, nullptr);
  EXPECT_GT(rows_lent_.value, 0U);
  block.score_some();
  block.release();
  EXPECT_EQ(rows_lent_.value + scores_lent_.value, 0U);
}

TEST_F(LargePayloadTest, OnlyWhatWaitsBehindAnotherIsLent) {
  add(20'000);
  payload_.score_slice(rate_, [] { return uint64_t{0}; });
  EXPECT_TRUE(payload_.can_lend());
  LentBlock block;
  payload_.lend(block, rate_);
  EXPECT_FALSE(payload_.can_lend()) << "the first is the payload's own";
  payload_.take_back(block);
}

TEST_F(LargePayloadTest, RowsAreScoredBeforeTheirBlockIsFullWhereThatIsWanted) {
  add(3);
  EXPECT_FALSE(payload_.ready()) << "else only full blocks are";
  payload_.clear();
  added_ = 0;

  payload_.score_as_they_come();
  for (const size_t rows : {3, 1, 5'000, 20'000, 2, 7, 30'000, 1}) {
    add(rows);
    EXPECT_TRUE(payload_.ready());
    score_all();
    EXPECT_EQ(payload_.rows_scored(), added_);
  }
  payload_.commit();
  EXPECT_FALSE(payload_.ready());
  EXPECT_TRUE(payload_.complete());
  expect_scores_in_order();
  payload_.clear();
  EXPECT_EQ(rows_lent_.value + scores_lent_.value, 0U);

  // Some of a block are scored, then no more come.
  added_ = 0;
  payload_.score_as_they_come();
  add(2);
  score_all();
  add(40'000);
  payload_.commit();
  score_all();
  EXPECT_TRUE(payload_.complete());
  expect_scores_in_order();
}

TEST_F(LargePayloadTest, ValuesThatExplainTakeBlocksOfTheirOwnUntilTheNextPayload) {
  LentBytes lent;
  BlockPool wide(4, 32, lent);
  payload_.want(Values::kContributions, wide);
  add(10'000);
  payload_.commit();
  score_all();
  EXPECT_EQ(scores_lent_.value, 0U);
  EXPECT_GT(lent.value, 0U);
  EXPECT_EQ(payload_.scores(9'999, 1).columns, 4U);
  EXPECT_EQ(payload_.scores(9'999, 1).row(0)[1], 9'999);
  payload_.clear();
  EXPECT_EQ(lent.value, 0U);
  added_ = 0;
  add(100);
  payload_.commit();
  score_all();
  expect_scores_in_order();
}

TEST_F(LargePayloadTest, FullBlocksAreScoredWhileMoreArrivesAndOnlyScoresAddUp) {
  const size_t block = rows_.rows_per_block();
  for (int i = 0; i < 20; ++i) {
    add(block + 1);
    EXPECT_GE(payload_.waiting(), 1U);
    score_all();
    EXPECT_FALSE(payload_.complete()) << "more may come";
    EXPECT_EQ(rows_lent_.value, BlockPool::kBlockBytes) << "the block being filled";
  }
  payload_.commit();
  score_all();
  expect_scores_in_order();
  EXPECT_EQ(rows_lent_.value, 0U);
}

TEST_F(LargePayloadTest, ABlockFilledExactlyLeavesNoEmptyOneBehind) {
  add(rows_.rows_per_block());
  payload_.commit();
  EXPECT_EQ(payload_.waiting(), 1U);
  score_all();
  EXPECT_TRUE(payload_.complete());
  expect_scores_in_order();
}

TEST_F(LargePayloadTest, WhatIsForgottenGoesBackToThePools) {
  add(3 * rows_.rows_per_block());
  payload_.score_slice(rate_, [] { return uint64_t{0}; });
  payload_.clear();
  EXPECT_EQ(rows_lent_.value + scores_lent_.value, 0U);
  added_ = 0;
  add(10);
  payload_.commit();
  score_all();
  expect_scores_in_order();
}

TEST_F(LargePayloadTest, ScoresThatNobodyReadsAgainGoBackBlockByBlock) {
  const size_t block = scores_.rows_per_block();
  add(4 * block);
  payload_.commit();
  score_all();
  EXPECT_EQ(payload_.score_blocks(), 4U);
  payload_.drop_scores_before(block - 1);
  EXPECT_EQ(payload_.score_blocks(), 4U) << "its last row is still to be read";
  payload_.drop_scores_before(2 * block + 1);
  EXPECT_EQ(payload_.score_blocks(), 2U);
  EXPECT_EQ(scores_lent_.value, 2 * BlockPool::kBlockBytes);
  EXPECT_EQ(payload_.scores(2 * block + 1, 1).row(0)[0], static_cast<float>(2 * block + 1) + 0.5F);
  payload_.drop_scores_before(4 * block);
  EXPECT_EQ(scores_lent_.value, 0U);
  EXPECT_EQ(payload_.rows_scored(), 4 * block);
}

TEST_F(LargePayloadTest, ASlowModelIsCalledForOneRowAtATime) {
  rate_.record(1000, 1000 * ScoringRate::kLongSliceNs);
  add(5);
  payload_.commit();
  payload_.score_slice(rate_, [] { return uint64_t{0}; });
  EXPECT_EQ(predictor_.calls.front(), 1U);
}

TEST_F(LargePayloadTest, ASlowModelThatScoresSomeAtOnceIsCalledForThatMany) {
  rate_.record(1000, 1000 * ScoringRate::kLongSliceNs);
  predictor_.at_once = 4;
  add(5);
  payload_.commit();
  payload_.score_slice(rate_, [] { return uint64_t{0}; });
  EXPECT_EQ(predictor_.calls.front(), 4U);
}

TEST_F(LargePayloadTest, BorrowsFromOtherPoolsForOnePayload) {
  LentBytes lent;
  BlockPool small_rows(2, 4, lent, BlockPool::kSmallBlockBytes);
  BlockPool small_scores(1, 4, lent, BlockPool::kSmallBlockBytes);
  payload_.borrow_from(small_rows, small_scores);
  add(small_rows.rows_per_block() + 1);
  payload_.commit();
  EXPECT_EQ(lent.value, 2 * BlockPool::kSmallBlockBytes);
  EXPECT_EQ(rows_lent_.value, 0U);
  (void)score_all();
  expect_scores_in_order();
  payload_.clear();
  EXPECT_EQ(lent.value, 0U);
  add(1);
  EXPECT_EQ(rows_lent_.value, BlockPool::kBlockBytes);
}

TEST(LargePayload, RowsDecodedElsewhereFillAsManyBlocksAsTheyNeed) {
  SumPredictor predictor;
  LentBytes lent;
  BlockPool rows(2, 4, lent);
  BlockPool scores(1, 4, lent);
  LargePayload payload(predictor, rows, scores);
  data::DenseBlock decoded(2, 2 * rows.rows_per_block() + 3);
  decoded.resize(decoded.rows_capacity());
  for (size_t i = 0; i < decoded.rows(); ++i) {
    decoded.span().row(i)[0] = static_cast<float>(i);
    decoded.span().row(i)[1] = 1;
  }
  payload.append(decoded.view());
  payload.commit();
  EXPECT_EQ(payload.rows_waiting(), decoded.rows());
  ScoringRate rate;
  while (payload.ready()) {
    (void)payload.score_slice(rate, [] { return uint64_t{0}; });
  }
  ASSERT_EQ(payload.rows_scored(), decoded.rows());
  EXPECT_EQ(payload.scores(decoded.rows() - 1, 1).row(0)[0], static_cast<float>(decoded.rows()));
  EXPECT_EQ(payload.scores(0, 1).row(0)[0], 1);
}

}  // namespace
}  // namespace ringmaker::batch
