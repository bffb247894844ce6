// Invocations: a payload for a model, from its head to the answer with its scores.
//
// A body that is wholly in hand is decoded straight into the shard's open batch. A body that is
// still arriving, or does not fit a batch, fills blocks of its own, which are scored and encoded in
// slices, between which the loop serves others. What the answer will look like is settled before
// anything is scored; it begins when the body is known to be good, or when so much of a chunked one
// is scored that its end cannot be waited for. Each model in use has a batch of its own; slices go
// round among all.
#pragma once

#include "batch/admission.h"
#include "batch/micro_batcher.h"
#include "codec/decoder.h"
#include "codec/encoder.h"
#include "codec/selected/output_selection.h"
#include "http/handler.h"
#include "io/reactor.h"
#include "serve/access_log.h"
#include "serve/coded_bodies.h"
#include "serve/invocation.h"
#include "serve/invocation_terms.h"
#include "serve/metrics.h"
#include "serve/model_table.h"
#include "telemetry/log.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

struct InvocationOptions {
  batch::BatchPolicy batch{};
  InvocationDefaults defaults{};
  /// A sentence in the answer stands for a record in error, where its format can hold one.
  bool mark_bad_records = false;
  bool error_detail_brief = false;
  AccessPolicy access{};
  /// Rows and scores of all large payloads together, and coded bodies with what inflates them;
  /// above it they are refused.
  uint64_t held_bytes_max = UINT64_MAX;
  /// The wait for earlier requests above which, where it lasts, newcomers are turned away; 0: none.
  uint64_t queue_ns_max = 0;
  /// From a request's last byte to its answer: who would have to wait longer is turned away.
  uint64_t deadline_ns = UINT64_MAX;
  /// What a coded body may inflate to.
  uint64_t inflated_bytes_max = uint64_t{1} << 30;
};

/// Not thread-safe: one a shard.
class Invocations final : private batch::BatchSink {
 public:
  Invocations(io::Reactor& reactor, ModelTable& models, const InvocationOptions& options,
              ShardMetrics& metrics, telemetry::Log& log);
  ~Invocations() override;

  /// For `model`, which /invocations or a path of its own has named.
  http::BodyMode on_head(http::Exchange& exchange, ShardModel& model, Route route);
  /// The same by a protocol in which nothing is negotiated. The method is POST.
  http::BodyMode on_head(http::Exchange& exchange, ShardModel& model, Route route,
                         const InvocationTerms& terms);
  void on_request(http::Exchange& exchange, std::string_view body);
  void on_body(http::Exchange& exchange, std::string_view piece, bool last);
  void on_writable(http::Exchange& exchange);
  void on_abandoned(http::Exchange& exchange);

  /// After the completions of a turn: closes the batches that are due. `idle`: there were none.
  void work_on_batch(bool idle);
  /// One slice of the large payloads' work, in rotation: each gets its share, the loop its own.
  void work_on_large();
  /// The turn is over.
  void end_turn() noexcept;
  /// A request, of this or another route, has its answer: it is counted, and logged where that is
  /// asked for.
  void count(http::Exchange& exchange, Route route, int status);
  [[nodiscard]] AccessLog& access() noexcept { return access_; }
  /// As configured; empty: what a model's kind answers.
  [[nodiscard]] const codec::OutputSelection& outputs() const noexcept {
    return options_.defaults.outputs;
  }
  /// There is something to do without waiting for completions.
  [[nodiscard]] bool work_pending() const noexcept;

 private:
  [[nodiscard]] static Invocation& of(http::Exchange& exchange) noexcept;
  void begin(http::Exchange& exchange, ShardModel& model, Route route,
             const InvocationTerms& terms);
  http::BodyMode take(http::Exchange& exchange, ShardModel& model, Route route,
                      const InvocationTerms& terms);
  http::BodyMode refuse(http::Exchange& exchange, Route route, const Objection& objection);
  void end(Invocation& invocation);
  void fail(Invocation& invocation, const codec::DecodeError& error);
  void fail(Invocation& invocation, CodedBody::Verdict verdict);
  void turn_down(Invocation& invocation, int status, const codec::DecodeError& place,
                 std::string_view detail, std::string_view told);
  void decode_in_hand(Invocation& invocation, std::string_view body);
  void decode_to_payload(Invocation& invocation, std::string_view body);
  void inflate_in_hand(Invocation& invocation, std::string_view body);
  void begin_large(Invocation& invocation);
  // Each says whether the request is still to be answered.
  bool heed_outputs(Invocation& invocation);
  void tell_of_unknown_columns(Invocation& invocation);
  bool decode_piece(Invocation& invocation, std::string_view piece, bool last);
  bool inflate_piece(Invocation& invocation);
  bool feed(Invocation& invocation, uint64_t until_ns);
  void take_coded(Invocation& invocation, std::string_view piece, bool last);
  void give_up(Invocation& invocation, int status, ErrorReason reason, std::string_view told);
  [[nodiscard]] uint64_t bytes_held() const noexcept;
  void note_decoder_bytes(Invocation& invocation, uint64_t bytes) noexcept;
  [[nodiscard]] bool refused_for_memory(Invocation& invocation);
  void list(Invocation& invocation);
  void unlist(Invocation& invocation);
  void run_batch(ShardModel& model);
  void on_scored(void* owner, data::DenseView values, uint64_t waited_ns) override;
  void on_late(void* owner) override;
  /// Whether the request is let in; else it has been answered.
  bool admit(http::Exchange& exchange, Route route);
  [[nodiscard]] uint64_t waited_in_kernel_ns(const http::Exchange& exchange);
  void refuse_late(Invocation& invocation);
  [[nodiscard]] uint64_t deadline() const noexcept;
  [[nodiscard]] bool is_late(const Invocation& invocation) const;
  void encode(const Invocation& invocation, data::DenseView values, codec::Portion portion);
  [[nodiscard]] std::string_view opening(const Invocation& invocation);
  [[nodiscard]] std::optional<uint64_t> json_bytes(const Invocation& invocation, uint64_t rows);
  void encode_mark(Invocation& invocation, const codec::Portion& portion);
  [[nodiscard]] std::string told(const Invocation& invocation,
                                 const codec::DecodeError& error) const;
  void score_slices(Invocation& invocation, uint64_t until_ns);
  [[nodiscard]] bool encode_slice(Invocation& invocation, uint64_t until_ns);
  void answer(Invocation& invocation, uint64_t rows, std::string_view body);
  void count(http::Exchange& exchange, Route route, int status, ErrorReason reason);

  io::Reactor& reactor_;
  ModelTable& models_;
  InvocationOptions options_;
  TermsNegotiator negotiator_;
  ShardMetrics& metrics_;
  telemetry::Log& log_;
  AccessLog access_;
  std::vector<ShardModel*> open_;      // whose batch holds rows
  size_t queued_rows_ = 0;             // in all of them
  uint64_t queued_ns_ = 0;             // they are going to take
  uint64_t turn_spent_ns_ = 0;         // since the turn began, when that was last looked at
  uint64_t rested_ns_ = 0;             // when the loop last found nothing that had come
  std::optional<uint64_t> waited_ns_;  // of this turn's requests in the kernel, when asked
  batch::Admission admission_;
  std::vector<std::unique_ptr<Invocation>> all_;
  std::vector<Invocation*> free_;
  std::vector<Invocation*> large_;  // with slices left to do, in their order
  std::string text_;                // an answer under construction
  std::string opening_;             // what an answer in tensors begins with
  std::vector<float> linked_;       // the scores of raw values that are encoded
  batch::ValueParts parts_;         // of values that explain
  CodedBodies coded_;
  uint64_t decoder_bytes_held_ = 0;  // by the decoders of all payloads
};

}  // namespace ringmaker::serve
