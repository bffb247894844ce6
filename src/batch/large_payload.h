// LargePayload: the rows of one payload that is too large, or too slow in coming, for the shared
// batch.
//
//   pieces ──decode──▶ block being filled ──full, or the end──▶ waiting ──slices──▶ scores
//
// Rows are scored while the payload still arrives and their blocks go back to the pool, so that
// only scores add up, until whoever reads them drops them. Whoever fills it watches waiting() and
// holds back when rows come faster than they are scored. Blocks that wait may be lent to another
// thread, the last ones first; their scores still follow those of the blocks before them.
#pragma once

#include "base/check.h"
#include "batch/block_pool.h"
#include "batch/lent_block.h"
#include "batch/scoring_rate.h"
#include "batch/values.h"
#include "data/block_writer.h"
#include "model/predictor.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace ringmaker::batch {

/// Not thread-safe. Keeps its lists between payloads.
class LargePayload {
 public:
  /// Of a slice of values that explain, at least.
  static constexpr size_t kRowsExplained = 8;

  LargePayload(const model::Predictor& predictor, BlockPool& rows, BlockPool& scores)
      : predictor_(predictor),
        rows_of_all_(rows),
        scores_of_all_(scores),
        row_blocks_(&rows),
        score_blocks_(&scores) {}
  ~LargePayload() { clear(); }
  LargePayload(const LargePayload&) = delete;
  LargePayload& operator=(const LargePayload&) = delete;

  /// Before the first row is scored: what scores() gives.
  void want(Values values) noexcept { want(values, scores_of_all_); }
  /// The same, of values that explain: their rows are wider, and so are the blocks they take, until
  /// the next payload.
  void want(Values values, BlockPool& blocks) noexcept {
    RM_CHECK(scores_.empty());
    values_ = values;
    score_blocks_ = &blocks;
  }
  [[nodiscard]] Values values() const noexcept { return values_; }
  /// Before the first row: its blocks are others', until the next payload.
  void borrow_from(BlockPool& rows, BlockPool& scores) noexcept {
    RM_CHECK(filling_ == nullptr && waiting_.empty() && scores_.empty());
    row_blocks_ = &rows;
    score_blocks_ = &scores;
  }

  /// Rows may be scored before their block is full: as they come, which is more work. For this
  /// payload.
  void score_as_they_come() noexcept { as_they_come_ = true; }
  /// Where the next rows go. A new block when there is none or it is full.
  [[nodiscard]] data::BlockWriter& writer();
  /// Rows that have been decoded elsewhere.
  void append(data::DenseView rows);
  /// No further rows.
  void commit();

  /// In blocks of rows and of scores.
  [[nodiscard]] uint64_t bytes_held() const noexcept {
    size_t rows = filling_ != nullptr ? 1 : 0;
    size_t scores = scores_.size();
    for (const Waiting& block : waiting_) {
      rows += block.scores == nullptr ? 1 : 0;
      scores += block.rows == nullptr ? 1 : 0;
    }
    return rows * row_blocks_->block_bytes() + scores * score_blocks_->block_bytes();
  }
  /// Full blocks that are not scored yet, or not in their turn.
  [[nodiscard]] size_t waiting() const noexcept { return waiting_.size(); }
  /// Rows of theirs.
  [[nodiscard]] size_t rows_waiting() const noexcept {
    size_t rows = 0;
    for (const Waiting& block : waiting_) {
      rows += block.count;
    }
    return rows - (waiting_.empty() ? 0 : first_scored_);
  }
  /// There are rows that may be scored.
  [[nodiscard]] bool ready() const noexcept {
    return waiting_.empty()
               ? as_they_come_ && filling_ != nullptr && filling_->rows() > first_scored_
               : waiting_.front().lent == nullptr;
  }
  /// Every row is scored, and none will follow.
  [[nodiscard]] bool complete() const noexcept { return committed_ && waiting_.empty(); }

  /// Scores the next slice. Requires ready(). Returns its rows.
  template <class Clock>
  size_t score_slice(ScoringRate& rate, Clock&& clock) {
    if (!waiting_.empty() && waiting_.front().scores != nullptr) {
      return take_scores();
    }
    const uint64_t before = clock();
    const size_t rows = score_some(rows_per_slice(rate));
    rate.record(rows, clock() - before);
    return rows;
  }

  /// A block waits behind another, and its scores are not wider than it is. Not before some rows
  /// are scored: what is wanted of them is settled then.
  [[nodiscard]] bool can_lend() const noexcept;
  /// Lends the last such block, whose address is to stay. Requires can_lend().
  void lend(LentBlock& block, const ScoringRate& rate);
  /// Of its rows.
  [[nodiscard]] size_t rows_per_block() const noexcept { return row_blocks_->rows_per_block(); }
  /// A block that it has lent, scored or not.
  void take_back(LentBlock& block);

  [[nodiscard]] size_t rows_scored() const noexcept { return rows_scored_; }
  /// The scores, or raw values, from `row` < rows_scored() on, at most `rows_max`, fewer at the end
  /// of a block. None of them has been dropped.
  [[nodiscard]] data::DenseView scores(size_t row, size_t rows_max) const noexcept;
  /// Nobody will read the scores of rows before `row` again: gives back the blocks of no other.
  void drop_scores_before(size_t row);
  /// Blocks of scores that are held.
  [[nodiscard]] size_t score_blocks() const noexcept { return scores_.size(); }

  /// Forgets everything; ready for the next payload.
  void clear();

 private:
  // Eight are explained at a time: fewer would take as long.
  [[nodiscard]] size_t rows_per_slice(const ScoringRate& rate) const noexcept {
    return std::max(rate.rows_per_slice(),
                    explains(values_) ? kRowsExplained : predictor_.rows_at_once());
  }
  struct Waiting {
    std::unique_ptr<data::DenseBlock> rows;  // one of the three
    LentBlock* lent = nullptr;
    std::unique_ptr<data::DenseBlock> scores;  // it was lent, and is back
    size_t count = 0;                          // of its rows
  };
  size_t score_some(size_t rows_max);
  size_t take_scores();
  [[nodiscard]] data::DenseBlock& open_scores();
  void advance(size_t count);
  void give_back(Waiting& block);
  void close_block();

  const model::Predictor& predictor_;
  BlockPool& rows_of_all_;
  BlockPool& scores_of_all_;
  BlockPool* row_blocks_;
  BlockPool* score_blocks_;
  std::unique_ptr<data::DenseBlock> filling_;
  std::optional<data::BlockWriter> writer_;
  std::vector<Waiting> waiting_;  // oldest first, few
  size_t first_scored_ = 0;  // rows of the oldest; where none waits, of the one that is filling
  std::deque<std::unique_ptr<data::DenseBlock>> scores_;  // all full but the last
  size_t blocks_dropped_ = 0;                             // before the first of scores_
  size_t rows_scored_ = 0;
  Values values_ = Values::kScores;
  bool as_they_come_ = false;
  bool committed_ = false;
};

}  // namespace ringmaker::batch
