// Invocations: a payload for a model, from its head to the answer with its scores.
//
// A body that is wholly in hand is decoded straight into the shard's open batch, of which each
// model in use has one; all others are LargeInvocations. What the answer will look like is settled
// before anything is scored; it begins when the body is known to be good, or when so much of a
// chunked one is scored that its end cannot be waited for.
#pragma once

#include "batch/admission.h"
#include "batch/micro_batcher.h"
#include "codec/selected/output_selection.h"
#include "http/handler.h"
#include "io/reactor.h"
#include "serve/access_log.h"
#include "serve/invocation.h"
#include "serve/invocation_answers.h"
#include "serve/invocation_options.h"
#include "serve/invocation_table.h"
#include "serve/invocation_terms.h"
#include "serve/large_invocations.h"
#include "serve/loans.h"
#include "serve/metrics.h"
#include "serve/model_table.h"
#include "telemetry/log.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

/// Not thread-safe: one a shard.
class Invocations final : private batch::BatchSink {
 public:
  /// `resting`: other shards that may score rows of large payloads; null: there is none.
  Invocations(io::Reactor& reactor, ModelTable& models, RestingShards* resting,
              const InvocationOptions& options, ShardMetrics& metrics, telemetry::Log& log);

  /// For `model`, which /invocations or a path of its own has named.
  http::BodyMode on_head(http::Exchange& exchange, ShardModel& model, Route route);
  /// The same by a protocol in which nothing is negotiated. The method is POST.
  http::BodyMode on_head(http::Exchange& exchange, ShardModel& model, Route route,
                         const InvocationTerms& terms);
  void on_request(http::Exchange& exchange, std::string_view body);
  void on_body(http::Exchange& exchange, std::string_view piece, bool last);
  void on_writable(http::Exchange& exchange);
  void on_abandoned(http::Exchange& exchange);
  /// Rows that another shard was lent are back.
  void on_loan_back(Loan& loan) { large_.on_loan_back(loan); }
  /// Another shard has rows of a payload, which may be over.
  [[nodiscard]] bool loans_out() const noexcept { return loans_.any_out(); }

  /// After the completions of a turn: scores the batches that are due, or as much of them as a turn
  /// has time for. `idle`: there were none.
  void work_on_batch(bool idle);
  /// One slice of the large payloads' work, in rotation: each gets its share, the loop its own.
  void work_on_large() { large_.work(); }
  /// The turn is over.
  void end_turn() noexcept;
  /// A request, of this or another route, has its answer: it is counted, and logged where that is
  /// asked for.
  void count(http::Exchange& exchange, Route route, int status) {
    answers_.count(exchange, route, status);
  }
  [[nodiscard]] AccessLog& access() noexcept { return answers_.access(); }
  /// The type of answers to requests without Accept, as configured.
  [[nodiscard]] std::optional<codec::Format> accept() const noexcept {
    return options_.defaults.accept;
  }
  /// As configured; empty: what a model's kind answers.
  [[nodiscard]] const codec::OutputSelection& outputs() const noexcept {
    return options_.defaults.outputs;
  }
  /// There is something to do without waiting for completions.
  [[nodiscard]] bool work_pending() const noexcept {
    return !open_.empty() || large_.work_pending();
  }

 private:
  http::BodyMode take(http::Exchange& exchange, ShardModel& model, Route route,
                      const InvocationTerms& terms);
  [[nodiscard]] bool admits(const http::Exchange& exchange);
  [[nodiscard]] uint64_t waited_in_kernel_ns(const http::Exchange& exchange);
  void note_rest() noexcept;
  void inflate_in_hand(Invocation& invocation, std::string_view body);
  void decode_in_hand(Invocation& invocation, std::string_view body);
  void commit(Invocation& invocation, const data::BlockWriter& rows, uint64_t now_ns);
  [[nodiscard]] static bool is_long(ModelLane& lane, size_t rows) noexcept;
  void note(Invocation& invocation, Phase phase, uint64_t nanoseconds);
  uint64_t run_batch(ShardModel& model, uint64_t ns_max);
  void on_scored(void* owner, data::DenseView values, const batch::BatchTimes& times) override;
  void on_late(void* owner) override;

  io::Reactor& reactor_;
  InvocationOptions options_;
  TermsNegotiator negotiator_;
  ShardMetrics& metrics_;
  Loans loans_;  // outlives the payloads whose blocks are out
  InvocationTable table_;
  InvocationAnswers answers_;
  LargeInvocations large_;
  batch::Admission admission_;
  std::vector<ShardModel*> open_;      // whose batch holds rows
  size_t queued_rows_ = 0;             // in all of them
  uint64_t queued_ns_ = 0;             // they are going to take
  uint64_t turn_spent_ns_ = 0;         // since the turn began, when that was last looked at
  uint64_t rested_ns_ = 0;             // when the loop last found nothing that had come
  std::optional<uint64_t> waited_ns_;  // of this turn's requests in the kernel, when asked
};

}  // namespace ringmaker::serve
