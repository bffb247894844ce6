// LentBlock: a block of a large payload's rows that another thread scores.
//
//   LargePayload::lend() ──▶ score_some() until done(), on any thread ──▶ LargePayload::take_back()
#pragma once

#include "batch/block_pool.h"
#include "batch/values.h"
#include "data/dense_block.h"
#include "model/predictor.h"

#include <cstddef>
#include <memory>

namespace ringmaker::batch {

class LargePayload;

/// In the hands of one thread at a time.
struct LentBlock {
  LargePayload* owner = nullptr;  // null: its payload is over. For the thread that lent it alone
  const model::Predictor* predictor = nullptr;
  Values values = Values::kScores;
  BlockPool* row_blocks = nullptr;  // where blocks go back to, on the thread that lent them
  BlockPool* score_blocks = nullptr;
  std::unique_ptr<data::DenseBlock> rows;
  std::unique_ptr<data::DenseBlock> scores;  // has room for them
  size_t rows_per_slice = 1;

  [[nodiscard]] bool done() const noexcept { return scores->rows() == rows->rows(); }
  /// The next slice. Requires !done().
  void score_some() noexcept;
  /// Gives the blocks back.
  void release();
};

}  // namespace ringmaker::batch
