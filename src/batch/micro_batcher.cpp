#include "batch/micro_batcher.h"

#include "base/check.h"

#include <algorithm>
#include <cstring>

namespace ringmaker::batch {
namespace {

constexpr uint64_t kNanosecondsPerMicrosecond = 1000;
constexpr size_t kBatchBytesMax = 8 * 1024 * 1024;

/// Wide models get fewer rows a batch, so that a batch stays within the cache and the memory.
size_t rows_capacity(size_t columns, size_t rows_max) noexcept {
  return std::clamp<size_t>(kBatchBytesMax / (columns * sizeof(float)), 16, rows_max);
}

}  // namespace

MicroBatcher::MicroBatcher(const model::Predictor& predictor, const BatchPolicy& policy,
                           size_t rows_at_first)
    : predictor_(predictor),
      policy_(policy),
      rows_max_(
          rows_capacity(predictor.schema().feature_count(), std::max<size_t>(policy.rows_max, 16))),
      rows_(predictor.schema().feature_count(), std::min(rows_at_first, rows_max_)),
      scores_(predictor.output().score_columns(), rows_.rows_capacity()) {
  tickets_.reserve(rows_.rows_capacity());
}

bool MicroBatcher::grow() {
  if (rows_.rows_capacity() >= rows_max_) {
    return false;
  }
  rows_.reserve(rows_max_);
  scores_.reserve(rows_max_);
  tickets_.reserve(rows_max_);
  return true;
}

void MicroBatcher::commit(const data::BlockWriter& writer, void* owner, uint64_t now_ns,
                          Values values, uint64_t deadline_ns) {
  RM_CHECK(owner != nullptr);
  RM_CHECK(writer.rows_written() > 0);
  tickets_.push_back(
      {owner, writer.first_row(), writer.rows_written(), now_ns, values, deadline_ns});
  first_deadline_ns_ = std::min(first_deadline_ns_, deadline_ns);
  raw_tickets_ += values == Values::kRaw ? 1 : 0;
}

void MicroBatcher::abandon(const void* owner) noexcept {
  for (Ticket& ticket : tickets_) {
    if (ticket.owner == owner) {
      ticket.owner = nullptr;
      ++abandoned_;
    }
  }
}

/// Rows that stay move up, so that the batch is one run of rows again.
void MicroBatcher::drop(uint64_t now_ns, const ScoringRate& rate, BatchSink& sink) {
  if (abandoned_ == 0 && now_ns + rate.ns_for(rows_.rows()) <= first_deadline_ns_) {
    return;
  }
  const size_t columns = rows_.columns();
  const data::DenseSpan rows = rows_.span();
  size_t kept = 0;
  size_t kept_rows = 0;
  for (size_t i = 0; i < tickets_.size(); ++i) {
    Ticket ticket = tickets_[i];
    const bool late = now_ns + rate.ns_for(kept_rows + ticket.rows) > ticket.deadline_ns;
    if (ticket.owner == nullptr || late) {
      raw_tickets_ -= ticket.values == Values::kRaw ? 1 : 0;
      if (ticket.owner != nullptr) {
        sink.on_late(ticket.owner);
      }
      continue;
    }
    if (ticket.first_row != kept_rows) {
      std::memmove(rows.row(kept_rows), rows.row(ticket.first_row),
                   ticket.rows * columns * sizeof(float));
      ticket.first_row = kept_rows;
    }
    kept_rows += ticket.rows;
    tickets_[kept++] = ticket;
  }
  tickets_.resize(kept);
  rows_.resize(kept_rows);
}

bool MicroBatcher::due(uint64_t now_ns, bool idle) const noexcept {
  if (tickets_.empty()) {
    return false;
  }
  return idle || policy_.delay_us_max == 0 || rows_.full() ||
         now_ns - tickets_.front().committed_ns >=
             policy_.delay_us_max * kNanosecondsPerMicrosecond;
}

size_t MicroBatcher::choose(size_t rows_max) noexcept {
  const size_t most = std::max(rows_max, predictor_.rows_at_once());
  size_t tickets = 0;
  rows_scored_ = 0;
  while (tickets < tickets_.size() &&
         (tickets == 0 || rows_scored_ + tickets_[tickets].rows <= most)) {
    rows_scored_ += tickets_[tickets++].rows;
  }
  return tickets;
}

/// All values are raw: those of tickets that want scores become such.
void MicroBatcher::link_scores() noexcept {
  for (const Ticket& ticket : tickets_) {
    if (ticket.values == Values::kScores && ticket.first_row < rows_scored_) {
      predictor_.link(scores_.span().slice(ticket.first_row, ticket.rows));
    }
  }
}

void MicroBatcher::hand_out(BatchSink& sink, uint64_t begun_ns, uint64_t predicted_ns,
                            size_t tickets) {
  // A sink may abandon others while it is told; it cannot commit, since the batch is closed.
  for (size_t i = 0; i < tickets; ++i) {
    const Ticket ticket = tickets_[i];
    if (ticket.owner != nullptr) {
      sink.on_scored(ticket.owner, scores_.view().slice(ticket.first_row, ticket.rows),
                     {.waited = begun_ns - std::min(begun_ns, ticket.committed_ns),
                      .predicted = predicted_ns});
    }
  }
  scores_.resize(0);
  keep_from(tickets);
}

void MicroBatcher::keep_from(size_t first) noexcept {
  const data::DenseSpan rows = rows_.span();
  const size_t rows_kept = rows_.rows() - rows_scored_;
  if (rows_kept > 0) {
    std::memmove(rows.row(0), rows.row(rows_scored_), rows_kept * rows.columns * sizeof(float));
  }
  rows_.resize(rows_kept);
  tickets_.erase(tickets_.begin(), tickets_.begin() + static_cast<ptrdiff_t>(first));
  raw_tickets_ = 0;
  abandoned_ = 0;
  first_deadline_ns_ = UINT64_MAX;
  for (Ticket& ticket : tickets_) {
    ticket.first_row -= rows_scored_;
    raw_tickets_ += ticket.values == Values::kRaw ? 1 : 0;
    abandoned_ += ticket.owner == nullptr ? 1 : 0;
    first_deadline_ns_ = std::min(first_deadline_ns_, ticket.deadline_ns);
  }
}

}  // namespace ringmaker::batch
