#include "serve/invocation_answers.h"

#include "serve/answer_fields.h"
#include "serve/error_reply.h"
#include "serve/requested_outputs.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

namespace ringmaker::serve {
namespace {

constexpr uint64_t kBytesPerMegabyte = 1'000'000;

std::string described(uint64_t bytes) {
  return bytes < kBytesPerMegabyte ? fmt::format("{} bytes", bytes)
                                   : fmt::format("{} MB", bytes / kBytesPerMegabyte);
}

}  // namespace

void InvocationAnswers::count(http::Exchange& exchange, Route route, int status) {
  count(exchange, route, status, reason_of(status));
}

void InvocationAnswers::count(http::Exchange& exchange, Route route, int status,
                              ErrorReason reason) {
  // Not the time of the turn: that what is answered at once waited for its turn must show.
  const uint64_t now = reactor_.read_clock_ns();
  const uint64_t taken_ns = now - std::min(now, exchange.started_ns());
  metrics_.answered(route, status, taken_ns, reason);
  access_.answered(exchange.head(), route, status, taken_ns);
}

void InvocationAnswers::refuse(http::Exchange& exchange, Route route, const Objection& objection) {
  access_.refused(exchange.head(), objection.status, objection.sentence);
  count(exchange, route, objection.status);
  const bool brief = log_.brief() && !objection.brief.empty();
  reply_error(exchange, objection.status, brief ? objection.brief : objection.sentence,
              objection.instead, otherwise_);
}

void InvocationAnswers::refuse_overload(http::Exchange& exchange, Route route) {
  constexpr std::string_view kSentence =
      "more requests come than can be answered in time; retry in a moment";
  access_.refused(exchange.head(), 503, kSentence);
  count(exchange, route, 503, ErrorReason::kOverload);
  reply_error(exchange, 503, kSentence, {}, otherwise_);
}

void InvocationAnswers::answer(Invocation& invocation, uint64_t rows) {
  http::Exchange& exchange = *invocation.exchange;
  const Route route = invocation.route;
  // Encoders are the lane's, which stays until the end of the turn.
  const std::string_view content_type = invocation.encoder().content_type();
  const AnswerFields fields(exchange.head(), text_.json_bytes(invocation, rows),
                            invocation.timed ? &invocation.times : nullptr);
  table_.end(invocation);
  count(exchange, route, 200);
  exchange.respond({.status = 200, .content_type = content_type, .extra_headers = fields.headers()},
                   text_.view());
}

void InvocationAnswers::begin(Invocation& invocation, uint64_t rows) {
  invocation.begun = true;
  http::Exchange& exchange = *invocation.exchange;
  const AnswerFields fields(exchange.head(), text_.json_bytes(invocation, rows),
                            invocation.timed ? &invocation.times : nullptr);
  exchange.begin_response({.status = 200,
                           .content_type = invocation.encoder().content_type(),
                           .extra_headers = fields.headers()},
                          std::nullopt);
}

void InvocationAnswers::finish(Invocation& invocation) {
  http::Exchange& exchange = *invocation.exchange;
  const Route route = invocation.route;
  table_.end(invocation);
  count(exchange, route, 200);
  exchange.finish();
}

void InvocationAnswers::fail(Invocation& invocation, const codec::DecodeError& error) {
  const bool guessed = invocation.in == codec::Format::kCsv &&
                       invocation.exchange->head().header("Content-Type").empty();
  const std::string_view why = guessed ? " (It was read as CSV, for want of a Content-Type.)" : "";
  turn_down(invocation, error.code == codec::DecodeErrorCode::kTooManyRows ? 413 : 400, error,
            PayloadLog::detail(invocation, error).append(why),
            log_.sentence(invocation, error).append(why));
}

void InvocationAnswers::fail(Invocation& invocation, CodedBody::Verdict verdict) {
  const std::string detail = invocation.coded.describe(verdict);
  turn_down(invocation, verdict == CodedBody::Verdict::kTooLarge ? 413 : 400, {}, detail, detail);
}

void InvocationAnswers::turn_down_outputs(Invocation& invocation, std::string_view sentence) {
  turn_down(invocation, 400, {}, sentence, log_.brief() ? kOutputsNotGiven : sentence);
}

void InvocationAnswers::turn_down_session_request(Invocation& invocation) {
  constexpr std::string_view kSentence =
      "a body with \"requestType\" asks something of a session, but the request has no header "
      "field "
      "X-Amzn-SageMaker-Session-Id; it is NEW_SESSION, or the id of the session to close";
  turn_down(invocation, 400, {}, kSentence, kSentence);
}

void InvocationAnswers::turn_down(Invocation& invocation, int status,
                                  const codec::DecodeError& place, std::string_view detail,
                                  std::string_view sentence) {
  log_.tell_of_payload(invocation, status, place, detail);
  give_up(invocation, status, ErrorReason::kPayload, sentence);
}

void InvocationAnswers::refuse_late(Invocation& invocation) {
  constexpr std::string_view kSentence =
      "the request could not be answered before its deadline; retry in a moment";
  access_.refused(invocation.exchange->head(), 503, kSentence);
  give_up(invocation, 503, ErrorReason::kDeadline, kSentence);
}

void InvocationAnswers::refuse_for_memory(Invocation& invocation, uint64_t bytes_max) {
  // Alone it does not fit either, so that to come again is no way.
  const bool alone = invocation.bytes_held() >= table_.bytes_held();
  const std::string sentence =
      alone ? fmt::format(
                  "rows and scores of this payload need more than the {} that a shard may hold for "
                  "requests; send fewer rows at a time, or allow more (held-bytes-max)",
                  described(bytes_max))
            : "the server holds as many rows as it may; retry in a moment";
  const int status = alone ? 413 : 503;
  access_.refused(invocation.exchange->head(), status, sentence);
  give_up(invocation, status, reason_of(status), sentence);
}

/// Ends without an answer of scores: with a status that says why, or in the middle of the scores.
void InvocationAnswers::give_up(Invocation& invocation, int status, ErrorReason reason,
                                std::string_view sentence) {
  http::Exchange& exchange = *invocation.exchange;
  const Route route = invocation.route;
  const bool begun = invocation.begun;
  table_.end(invocation);
  count(exchange, route, status, reason);
  if (begun) {
    exchange.abort(sentence);
  } else {
    reply_error(exchange, status, sentence, {}, otherwise_);
  }
}

}  // namespace ringmaker::serve
