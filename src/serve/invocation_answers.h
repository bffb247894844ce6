// InvocationAnswers: how an invocation ends: with its scores, with a status and a sentence that say
// why there are none, or in the middle of them. Each end is counted, and logged where that is asked
// for.
#pragma once

#include "codec/decoder.h"
#include "http/exchange.h"
#include "io/reactor.h"
#include "serve/access_log.h"
#include "serve/answer_text.h"
#include "serve/coded_body.h"
#include "serve/error_reason.h"
#include "serve/invocation.h"
#include "serve/invocation_options.h"
#include "serve/invocation_table.h"
#include "serve/invocation_terms.h"
#include "serve/metrics.h"
#include "serve/payload_log.h"
#include "telemetry/log.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::serve {

/// Not thread-safe: one a shard. What ends an invocation ends it in the table too: it is not to be
/// touched afterwards.
class InvocationAnswers {
 public:
  /// Answers up to this size are sent with their length, larger ones in chunks as they are encoded:
  /// what is encoded in one go delays everybody else.
  static constexpr size_t kWholeBytesMax = 32 * 1024;

  InvocationAnswers(io::Reactor& reactor, InvocationTable& table, const InvocationOptions& options,
                    ShardMetrics& metrics, telemetry::Log& log)
      : reactor_(reactor),
        table_(table),
        metrics_(metrics),
        access_(log, options.access),
        log_(log, access_, options.error_detail_brief),
        otherwise_(options.defaults.accept),
        text_(2 * kWholeBytesMax) {}

  [[nodiscard]] AccessLog& access() noexcept { return access_; }
  [[nodiscard]] PayloadLog& log() noexcept { return log_; }
  /// Of the answer under construction, whosoever it is.
  [[nodiscard]] AnswerText& text() noexcept { return text_; }

  /// A request, of whichever route, has its answer.
  void count(http::Exchange& exchange, Route route, int status);
  void count(http::Exchange& exchange, Route route, int status, ErrorReason reason);

  /// Before it has begun.
  void refuse(http::Exchange& exchange, Route route, const Objection& objection);
  void refuse_overload(http::Exchange& exchange, Route route);

  /// The text, which is all of it.
  void answer(Invocation& invocation, uint64_t rows);
  /// Its head; the text follows in parts.
  void begin(Invocation& invocation, uint64_t rows);
  /// All parts are written.
  void finish(Invocation& invocation);

  void fail(Invocation& invocation, const codec::DecodeError& error);
  void fail(Invocation& invocation, CodedBody::Verdict verdict);
  /// 400: an output that the payload asks for cannot be had.
  void turn_down_outputs(Invocation& invocation, std::string_view sentence);
  /// 400: the payload is none, but asks something of a session that the request does not name.
  void turn_down_session_request(Invocation& invocation);
  void refuse_late(Invocation& invocation);
  /// More is held than the `bytes_max` that may be: 413 where it is too large even alone, else 503.
  void refuse_for_memory(Invocation& invocation, uint64_t bytes_max);

 private:
  void turn_down(Invocation& invocation, int status, const codec::DecodeError& place,
                 std::string_view detail, std::string_view sentence);
  void give_up(Invocation& invocation, int status, ErrorReason reason, std::string_view sentence);

  io::Reactor& reactor_;
  InvocationTable& table_;
  ShardMetrics& metrics_;
  AccessLog access_;
  PayloadLog log_;
  std::optional<codec::Format> otherwise_;
  AnswerText text_;
};

}  // namespace ringmaker::serve
