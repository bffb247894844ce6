// MicroBatcher: rows of many requests, scored by one call.
//
// Requests decode straight into the open batch, one after the other; each leaves a ticket that
// says which rows are its own. A request whose rows turn out bad rolls back only its own rows.
//
// The open batch is closed, scored and handed out when
//   - the next request's rows do not fit,
//   - its oldest row has waited delay_us_max, or
//   - the loop has nothing else to do: a lone request never waits.
// Rows of one ticket are never split over two calls. Where the model is slow a call takes the
// oldest tickets alone, as many as there is time for, and the others stay for the next. Before any
// are scored those are dropped whose owner is gone, or who could not be answered in time.
#pragma once

#include "batch/scoring_rate.h"
#include "batch/values.h"
#include "data/block_writer.h"
#include "data/dense_block.h"
#include "model/predictor.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace ringmaker::batch {

struct BatchPolicy {
  /// More rows a batch cost latency and memory, fewer cost calls.
  size_t rows_max = 1024;
  /// Waiting for company pays only where the cost of a row falls by more than the wait is worth:
  /// large models. 0 takes what is there.
  uint64_t delay_us_max = 0;
};

/// Of one ticket, in nanoseconds.
struct BatchTimes {
  uint64_t waited = 0;     // from commit() to the call
  uint64_t predicted = 0;  // the call, with the rows of others
};

/// Receives the values of a ticket. `owner` is what was given to commit().
class BatchSink {
 public:
  virtual ~BatchSink() = default;
  virtual void on_scored(void* owner, data::DenseView values, const BatchTimes& times) = 0;
  /// Its scores would come behind its deadline: they are not made.
  virtual void on_late(void* owner) = 0;
};

/// Not thread-safe.
class MicroBatcher {
 public:
  /// Has room for at most `rows_at_first` rows until grow().
  MicroBatcher(const model::Predictor& predictor, const BatchPolicy& policy,
               size_t rows_at_first = SIZE_MAX);

  /// For the next request. Commit or roll back before asking again.
  [[nodiscard]] data::BlockWriter writer() noexcept { return data::BlockWriter(rows_); }
  /// Makes room for all the rows that the policy allows; false when there is. Not while a writer is
  /// in use.
  bool grow();
  /// The rows written since writer().
  [[nodiscard]] data::DenseView written(const data::BlockWriter& writer) const noexcept {
    return rows_.view().slice(writer.first_row(), writer.rows_written());
  }
  /// They belong to `owner`, who wants their scores by `deadline_ns`.
  void commit(const data::BlockWriter& writer, void* owner, uint64_t now_ns,
              Values values = Values::kScores, uint64_t deadline_ns = UINT64_MAX);
  /// The owner is gone: its scores are not handed out.
  void abandon(const void* owner) noexcept;

  [[nodiscard]] bool empty() const noexcept { return tickets_.empty(); }
  [[nodiscard]] size_t rows() const noexcept { return rows_.rows(); }
  [[nodiscard]] size_t rows_max() const noexcept { return rows_.rows_capacity(); }
  /// Room for rows and scores, used or not.
  [[nodiscard]] size_t bytes_held() const noexcept {
    return rows_.bytes_held() + scores_.bytes_held();
  }
  /// `idle`: the loop has nothing else ready.
  [[nodiscard]] bool due(uint64_t now_ns, bool idle) const noexcept;

  /// Of the last run: rows that were scored.
  [[nodiscard]] size_t rows_scored() const noexcept { return rows_scored_; }
  /// Closes the batch: one call of the predictor, then each ticket's scores to `sink`. Of tickets
  /// that would take longer than `ns_max` together the first alone, one at least. `clock()` gives
  /// nanoseconds.
  template <class Clock>
  uint64_t run(BatchSink& sink, ScoringRate& rate, uint64_t ns_max, Clock&& clock) {
    const uint64_t begun = clock();
    drop(begun, rate, sink);
    const size_t tickets = choose(rate.rows_within(ns_max));
    score(rate, clock);
    const uint64_t predicted = clock();
    hand_out(sink, begun, predicted - begun, tickets);
    return predicted - begun;
  }

 private:
  struct Ticket {
    void* owner = nullptr;  // null: abandoned
    size_t first_row = 0;
    size_t rows = 0;
    uint64_t committed_ns = 0;
    Values values = Values::kScores;
    uint64_t deadline_ns = UINT64_MAX;
  };

  template <class Clock>
  void score(ScoringRate& rate, Clock&& clock) {
    if (rows_scored_ > 0) {
      const uint64_t before = clock();
      scores_.resize(rows_scored_);
      predict(predictor_, raw_tickets_ == 0 ? Values::kScores : Values::kRaw,
              rows_.view().slice(0, rows_scored_), scores_.span());
      rate.record(rows_scored_, clock() - before);
    }
    if (raw_tickets_ > 0) {
      link_scores();
    }
  }
  /// Tickets whose owner is gone, or would be answered too late.
  void drop(uint64_t now_ns, const ScoringRate& rate, BatchSink& sink);
  /// How many tickets are scored next, where that may be about `rows_max` rows; notes their rows.
  size_t choose(size_t rows_max) noexcept;
  void link_scores() noexcept;
  void hand_out(BatchSink& sink, uint64_t begun_ns, uint64_t predicted_ns, size_t tickets);
  /// Forgets the tickets before `first`; their rows make room.
  void keep_from(size_t first) noexcept;

  const model::Predictor& predictor_;
  BatchPolicy policy_;
  size_t rows_max_;
  data::DenseBlock rows_;
  data::DenseBlock scores_;
  std::vector<Ticket> tickets_;
  size_t raw_tickets_ = 0;
  size_t abandoned_ = 0;
  uint64_t first_deadline_ns_ = UINT64_MAX;
  size_t rows_scored_ = 0;
};

}  // namespace ringmaker::batch
