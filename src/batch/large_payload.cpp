#include "batch/large_payload.h"

#include "base/check.h"

#include <algorithm>

namespace ringmaker::batch {

data::BlockWriter& LargePayload::writer() {
  RM_CHECK(!committed_);
  if (filling_ != nullptr && filling_->full()) {
    close_block();
  }
  if (filling_ == nullptr) {
    filling_ = row_blocks_->take();
    writer_.emplace(*filling_);
  }
  return *writer_;
}

void LargePayload::close_block() {
  writer_.reset();
  const size_t scored = waiting_.empty() ? first_scored_ : 0;
  if (filling_->rows() > scored) {
    Waiting& block = waiting_.emplace_back();
    block.count = filling_->rows();
    block.rows = std::move(filling_);
  } else {
    row_blocks_->give_back(std::move(filling_));
    first_scored_ = scored > 0 ? 0 : first_scored_;
  }
}

void LargePayload::append(data::DenseView rows) {
  for (size_t done = 0; done < rows.rows;) {
    data::BlockWriter& to = writer();
    const size_t count = std::min(to.room(), rows.rows - done);
    std::copy_n(rows.row(done), count * rows.columns, to.row());
    to.commit_rows(count);
    done += count;
  }
}

void LargePayload::commit() {
  RM_CHECK(!committed_);
  committed_ = true;
  if (filling_ != nullptr) {
    close_block();
  }
}

size_t LargePayload::score_some(size_t rows_max) {
  RM_CHECK(ready());
  const data::DenseBlock& rows = waiting_.empty() ? *filling_ : *waiting_.front().rows;
  data::DenseBlock& scores = open_scores();
  const size_t begun = scores.rows();
  const size_t count =
      std::min({rows_max, rows.rows() - first_scored_, scores.rows_capacity() - begun});
  scores.resize(begun + count);
  predict(predictor_, values_, rows.view().slice(first_scored_, count),
          scores.span().slice(begun, count));
  advance(count);
  return count;
}

/// Of the first block that waits, which was lent.
size_t LargePayload::take_scores() {
  const Waiting& block = waiting_.front();
  data::DenseBlock& scores = open_scores();
  const size_t begun = scores.rows();
  const size_t count = std::min(block.count - first_scored_, scores.rows_capacity() - begun);
  scores.resize(begun + count);
  std::copy_n(block.scores->view().row(first_scored_), count * scores.columns(),
              scores.span().row(begun));
  advance(count);
  return count;
}

data::DenseBlock& LargePayload::open_scores() {
  if (scores_.empty() || scores_.back()->full()) {
    scores_.push_back(score_blocks_->take());
  }
  return *scores_.back();
}

/// Over rows of the first block, or of the one that is filling.
void LargePayload::advance(size_t count) {
  rows_scored_ += count;
  first_scored_ += count;
  if (!waiting_.empty() && first_scored_ == waiting_.front().count) {
    give_back(waiting_.front());
    waiting_.erase(waiting_.begin());
    first_scored_ = 0;
  }
}

void LargePayload::give_back(Waiting& block) {
  if (block.rows != nullptr) {
    row_blocks_->give_back(std::move(block.rows));
  }
  if (block.scores != nullptr) {
    score_blocks_->give_back(std::move(block.scores));
  }
}

bool LargePayload::can_lend() const noexcept {
  return rows_scored_ > 0 && waiting_.size() > 1 &&
         score_blocks_->rows_per_block() >= row_blocks_->rows_per_block() &&
         std::any_of(waiting_.begin() + 1, waiting_.end(),
                     [](const Waiting& block) { return block.rows != nullptr; });
}

void LargePayload::lend(LentBlock& block, const ScoringRate& rate) {
  RM_CHECK(can_lend());
  const auto last = std::find_if(waiting_.rbegin(), waiting_.rend(),
                                 [](const Waiting& one) { return one.rows != nullptr; });
  last->lent = &block;
  block = {.owner = this,
           .predictor = &predictor_,
           .values = values_,
           .row_blocks = row_blocks_,
           .score_blocks = score_blocks_,
           .rows = std::move(last->rows),
           .scores = score_blocks_->take(),
           .rows_per_slice = rows_per_slice(rate)};
}

void LargePayload::take_back(LentBlock& block) {
  RM_CHECK(block.owner == this);
  const auto found = std::ranges::find(waiting_, &block, &Waiting::lent);
  RM_CHECK(found != waiting_.end());
  found->lent = nullptr;
  if (block.done()) {
    found->scores = std::move(block.scores);
    row_blocks_->give_back(std::move(block.rows));
  } else {
    found->rows = std::move(block.rows);
    score_blocks_->give_back(std::move(block.scores));
  }
}

data::DenseView LargePayload::scores(size_t row, size_t rows_max) const noexcept {
  RM_CHECK(row < rows_scored_);
  const size_t per_block = score_blocks_->rows_per_block();
  RM_CHECK(row / per_block >= blocks_dropped_);
  const data::DenseBlock& block = *scores_[row / per_block - blocks_dropped_];
  const size_t first = row % per_block;
  return block.view().slice(first, std::min(rows_max, block.rows() - first));
}

void LargePayload::drop_scores_before(size_t row) {
  RM_CHECK(row <= rows_scored_);
  while (blocks_dropped_ < row / score_blocks_->rows_per_block()) {
    score_blocks_->give_back(std::move(scores_.front()));
    scores_.pop_front();
    ++blocks_dropped_;
  }
}

void LargePayload::clear() {
  writer_.reset();
  if (filling_ != nullptr) {
    row_blocks_->give_back(std::move(filling_));
  }
  for (Waiting& block : waiting_) {
    give_back(block);
    if (block.lent != nullptr) {
      block.lent->owner = nullptr;
    }
  }
  for (auto& block : scores_) {
    score_blocks_->give_back(std::move(block));
  }
  waiting_.clear();
  scores_.clear();
  first_scored_ = 0;
  blocks_dropped_ = 0;
  rows_scored_ = 0;
  values_ = Values::kScores;
  row_blocks_ = &rows_of_all_;
  score_blocks_ = &scores_of_all_;
  as_they_come_ = false;
  committed_ = false;
}

}  // namespace ringmaker::batch
