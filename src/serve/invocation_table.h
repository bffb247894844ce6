// InvocationTable: the invocations of a shard that are under way: what each has borrowed, how much
// all of them hold, and which have slices left to do.
#pragma once

#include "base/object_pool.h"
#include "http/exchange.h"
#include "serve/coded_bodies.h"
#include "serve/invocation.h"
#include "serve/invocation_terms.h"
#include "serve/metrics.h"
#include "serve/model_table.h"

#include <cstdint>
#include <span>
#include <vector>

namespace ringmaker::serve {

/// Not thread-safe: one a shard. Keeps its invocations, which are used again and again.
class InvocationTable {
 public:
  InvocationTable(ModelTable& models, uint64_t inflated_bytes_max)
      : models_(models), coded_(inflated_bytes_max) {}

  /// The exchange is its from here to end().
  Invocation& begin(http::Exchange& exchange, ShardModel& model, Route route,
                    const InvocationTerms& terms);
  /// Gives back all that it has borrowed.
  void end(Invocation& invocation);
  /// Of an exchange that has begun and not ended.
  [[nodiscard]] static Invocation& of(http::Exchange& exchange) noexcept;

  [[nodiscard]] CodedBodies& coded() noexcept { return coded_; }
  /// Its payload is decoded, and says nothing that its answer needs.
  void give_back_decoder(Invocation& invocation);
  /// What its decoder holds has changed.
  void note_decoder_bytes(Invocation& invocation) noexcept {
    note_decoder_bytes(invocation, invocation.decoder_bytes());
  }
  /// Rows and scores of large payloads, coded bodies with what inflates them, and what decoders
  /// have gathered.
  [[nodiscard]] uint64_t bytes_held() const noexcept {
    return models_.bytes_lent() + coded_.bytes_held() + decoder_bytes_held_;
  }

  /// A body that came at once has rows that are going to take so long, for which newcomers wait.
  void note_queued(Invocation& invocation, uint64_t nanoseconds) noexcept {
    queued_ns_ += nanoseconds - invocation.queued_ns;
    invocation.queued_ns = nanoseconds;
  }
  [[nodiscard]] uint64_t queued_ns() const noexcept { return queued_ns_; }

  /// It has slices left to do, and does the next when all others that have some have done one.
  void line_up(Invocation& invocation);
  [[nodiscard]] bool any_in_line() const noexcept { return !line_.empty(); }
  /// The next, which leaves the line. Requires that there is one.
  [[nodiscard]] Invocation& next_in_line();
  /// The next first.
  [[nodiscard]] std::span<Invocation* const> line() const noexcept { return line_; }
  /// It does its slice before its turn, or none. Nothing where it is not in line.
  void leave_line(Invocation& invocation);

 private:
  void note_decoder_bytes(Invocation& invocation, uint64_t bytes) noexcept;

  ModelTable& models_;
  CodedBodies coded_;
  uint64_t decoder_bytes_held_ = 0;
  uint64_t queued_ns_ = 0;
  base::ObjectPool<Invocation> pool_;
  std::vector<Invocation*> line_;
};

}  // namespace ringmaker::serve
