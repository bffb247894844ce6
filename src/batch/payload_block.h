// PayloadBlock: the rows of one payload that is too large, or too slow in coming, for the shared
// batch. It fills a block of its own, is committed when complete and then scored slice by slice.
#pragma once

#include "batch/scoring_rate.h"
#include "data/block_writer.h"
#include "data/dense_block.h"
#include "model/predictor.h"

#include <cstddef>
#include <cstdint>

namespace ringmaker::batch {

/// Not thread-safe.
class PayloadBlock {
 public:
  PayloadBlock(const model::Predictor& predictor, size_t rows_max);

  [[nodiscard]] data::BlockWriter& writer() noexcept { return writer_; }
  [[nodiscard]] size_t rows() const noexcept { return rows_.rows(); }
  [[nodiscard]] size_t bytes_held() const noexcept {
    return rows_.bytes_held() + scores_.bytes_held();
  }

  /// No further rows: makes room for the scores.
  void commit();
  [[nodiscard]] bool scored() const noexcept { return scores_.rows() == rows_.rows(); }
  /// Scores the next slice. Requires commit() and !scored().
  template <class Clock>
  void score_slice(ScoringRate& rate, Clock&& clock) {
    const size_t first = scores_.rows();
    const size_t count = std::min(rate.rows_per_slice(), rows_.rows() - first);
    const uint64_t before = clock();
    scores_.resize(first + count);
    predictor_.predict(rows_.view().slice(first, count), scores_.span().slice(first, count));
    rate.record(count, clock() - before);
  }
  [[nodiscard]] data::DenseView scores() const noexcept { return scores_.view(); }

 private:
  const model::Predictor& predictor_;
  data::DenseBlock rows_;
  data::DenseBlock scores_;
  data::BlockWriter writer_;
};

}  // namespace ringmaker::batch
