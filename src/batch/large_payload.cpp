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
    filling_ = row_blocks_.take();
    writer_.emplace(*filling_);
  }
  return *writer_;
}

void LargePayload::close_block() {
  writer_.reset();
  const size_t scored = waiting_.empty() ? first_scored_ : 0;
  if (filling_->rows() > scored) {
    waiting_.push_back(std::move(filling_));
  } else {
    row_blocks_.give_back(std::move(filling_));
    first_scored_ = scored > 0 ? 0 : first_scored_;
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
  if (scores_.empty() || scores_.back()->full()) {
    scores_.push_back(score_blocks_->take());
  }
  const bool filling = waiting_.empty();
  const data::DenseBlock& rows = filling ? *filling_ : *waiting_.front();
  data::DenseBlock& scores = *scores_.back();
  const size_t begun = scores.rows();
  const size_t count =
      std::min({rows_max, rows.rows() - first_scored_, scores.rows_capacity() - begun});
  scores.resize(begun + count);
  predict(predictor_, values_, rows.view().slice(first_scored_, count),
          scores.span().slice(begun, count));
  rows_scored_ += count;
  first_scored_ += count;
  if (!filling && first_scored_ == rows.rows()) {
    row_blocks_.give_back(std::move(waiting_.front()));
    waiting_.erase(waiting_.begin());
    first_scored_ = 0;
  }
  return count;
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
    row_blocks_.give_back(std::move(filling_));
  }
  for (auto& block : waiting_) {
    row_blocks_.give_back(std::move(block));
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
  score_blocks_ = &scores_of_all_;
  as_they_come_ = false;
  committed_ = false;
}

}  // namespace ringmaker::batch
