// LargeInvocations: payloads that are still arriving, or do not fit a batch. Each fills blocks of
// its own, whose rows are scored and encoded in slices, between which the loop serves others;
// slices go round among all, unless deadlines press (timetable.h).
//
//   pieces ──inflate──▶ text ──decode──▶ rows ──score──▶ scores ──encode──▶ answer
//
// Whoever is behind holds back who is before: rows that pile up pause the body, so that bytes wait
// in the peer's kernel.
#pragma once

#include "io/reactor.h"
#include "serve/invocation.h"
#include "serve/invocation_answers.h"
#include "serve/invocation_options.h"
#include "serve/invocation_table.h"
#include "serve/loans.h"
#include "serve/metrics.h"
#include "serve/timetable.h"

#include <cstdint>
#include <string_view>

namespace ringmaker::serve {

/// Not thread-safe: one a shard. Where a function says whether the request is still to be answered,
/// one that is not has ended.
class LargeInvocations {
 public:
  LargeInvocations(io::Reactor& reactor, InvocationTable& table, InvocationAnswers& answers,
                   Loans& loans, const InvocationOptions& options, ShardMetrics& metrics)
      : reactor_(reactor),
        table_(table),
        answers_(answers),
        loans_(loans),
        options_(options),
        metrics_(metrics) {}

  /// The next piece of its body, as it came.
  void on_body(Invocation& invocation, std::string_view piece, bool last);
  /// Its body is in hand, and its decoder fresh: more rows than any batch holds, values that no
  /// batch has, or more work than one turn has room for.
  void take_whole(Invocation& invocation, std::string_view body);
  /// Its body is in hand, its decoder fresh, and the batch, of as many rows as it may hold, full of
  /// others that take longer than one turn has time for. What the client sees does not depend on
  /// how long the model takes, here and in take_rows(): up to so many rows his answer is one piece.
  void take_behind(Invocation& invocation, std::string_view body, size_t batch_rows_max);
  /// Its body is in hand and decoded: to more rows than one turn has time for.
  void take_rows(Invocation& invocation, data::DenseView rows, uint64_t decode_ns);
  /// Its coded body is in hand, `text` the beginning of what it inflates to.
  void take_inflated(Invocation& invocation, std::string_view text, uint64_t inflate_ns);
  /// Rows that another shard was lent are back.
  void on_loan_back(Loan& loan);
  /// The peer of one in the middle of its answer has read what it was sent.
  void on_writable(Invocation& invocation);

  [[nodiscard]] bool work_pending() const noexcept { return table_.any_in_line(); }
  /// One slice of the work of the next.
  void work();

 private:
  void begin(Invocation& invocation);
  void note_read(Invocation& invocation);
  void decode_in_hand(Invocation& invocation, std::string_view body);
  void let_decoder_go(Invocation& invocation);
  void commit(Invocation& invocation);
  void note_queued(Invocation& invocation);
  void take_coded(Invocation& invocation, std::string_view piece, bool last);
  [[nodiscard]] bool refused_for_memory(Invocation& invocation);
  [[nodiscard]] static bool may_be_late(const Invocation& invocation) noexcept;
  [[nodiscard]] bool is_late(const Invocation& invocation) const;
  void draw_up_timetable();
  [[nodiscard]] Invocation& next_in_line();
  // Each says whether the request is still to be answered.
  bool decode(Invocation& invocation, std::string_view piece, bool last);
  bool inflate(Invocation& invocation);
  bool feed(Invocation& invocation, uint64_t until_ns);
  void score(Invocation& invocation, uint64_t until_ns);
  bool encode(Invocation& invocation, uint64_t until_ns);
  void encode_mark(Invocation& invocation, const codec::Portion& portion);

  io::Reactor& reactor_;
  InvocationTable& table_;
  InvocationAnswers& answers_;
  Loans& loans_;
  InvocationOptions options_;
  ShardMetrics& metrics_;
  Timetable timetable_;
  uint64_t arrivals_ = 0;  // payloads whose rows are all there, so far
};

}  // namespace ringmaker::serve
