#include "serve/invocations.h"

#include "base/clock.h"
#include "codec/error_mark.h"
#include "serve/session_request.h"

#include <algorithm>

namespace ringmaker::serve {
namespace {

/// Up to this size a body is collected and decoded in one go, which takes less than a slice; unless
/// its scores are wanted as they are made, for a batch makes all of them at once.
constexpr uint64_t kCollectedBytesMax = 64 * 1024;

}  // namespace

Invocations::Invocations(io::Reactor& reactor, ModelTable& models, RestingShards* resting,
                         const InvocationOptions& options, ShardMetrics& metrics,
                         telemetry::Log& log)
    : reactor_(reactor),
      options_(options),
      negotiator_(options.defaults),
      metrics_(metrics),
      loans_(models, resting),
      table_(models, options.inflated_bytes_max),
      answers_(reactor, table_, options, metrics, log),
      large_(reactor, table_, answers_, loans_, options, metrics),
      admission_(options.queue_ns_max) {}

// ---- Heads

http::BodyMode Invocations::on_head(http::Exchange& exchange, ShardModel& model, Route route) {
  const auto terms = negotiator_.negotiate(exchange.head(), model.predictor().output());
  if (!terms) {
    answers_.refuse(exchange, route, terms.error());
    return http::BodyMode::kDiscard;
  }
  return take(exchange, model, route, *terms);
}

http::BodyMode Invocations::on_head(http::Exchange& exchange, ShardModel& model, Route route,
                                    const InvocationTerms& terms) {
  if (const auto objection = object_to_framing(exchange.head())) {
    answers_.refuse(exchange, route, *objection);
    return http::BodyMode::kDiscard;
  }
  return take(exchange, model, route, terms);
}

http::BodyMode Invocations::take(http::Exchange& exchange, ShardModel& model, Route route,
                                 const InvocationTerms& terms) {
  if (!admits(exchange)) {
    answers_.refuse_overload(exchange, route);
    return http::BodyMode::kDiscard;
  }
  Invocation& invocation = table_.begin(exchange, model, route, terms);
  invocation.marks = options_.mark_bad_records && codec::can_hold_error_marks(terms.out);
  invocation.payload_options.marks_have_no_place = options_.mark_bad_records && !invocation.marks;
  const http::RequestHead& head = exchange.head();
  if (const auto coding = content_coding(head).coding) {
    table_.coded().begin(invocation, *coding);
  }
  const bool short_body = head.content_length && *head.content_length <= kCollectedBytesMax;
  return short_body && !invocation.streams ? http::BodyMode::kCollect : http::BodyMode::kStream;
}

/// Before it was read. The requests of a turn have waited about as long as each other, so that one
/// is asked where the loop never rests; where not all are let in each is.
uint64_t Invocations::waited_in_kernel_ns(const http::Exchange& exchange) {
  constexpr uint64_t kBusyNs = 10 * base::kNanosecondsPerMillisecond;
  constexpr uint64_t kSleptNs = 50'000;
  if (reactor_.slept_ns() >= kSleptNs) {
    // What came meanwhile waited for a loop that had nothing to do, but perhaps no time to run.
    note_rest();
    return 0;
  }
  const bool asks =
      admission_.refusing() || (!waited_ns_ && reactor_.now_ns() - rested_ns_ >= kBusyNs);
  if (asks && options_.queue_ns_max > 0) {
    waited_ns_ = exchange.waited_ns();
    *waited_ns_ -= std::min(*waited_ns_, turn_spent_ns_);
  }
  return waited_ns_.value_or(0);
}

/// Nothing waits in the kernel; and nobody here, unless there is work.
void Invocations::note_rest() noexcept {
  rested_ns_ = reactor_.now_ns();
  if (!work_pending()) {
    admission_.rest();
  }
}

/// A newcomer waits for the rows before it, and has waited for what this turn has done already.
bool Invocations::admits(const http::Exchange& exchange) {
  const uint64_t now = reactor_.now_ns() + turn_spent_ns_;
  return admission_.admit(
      now, waited_in_kernel_ns(exchange) + turn_spent_ns_ + queued_ns_ + table_.queued_ns());
}

// ---- Bodies

void Invocations::on_request(http::Exchange& exchange, std::string_view body) {
  Invocation& invocation = InvocationTable::of(exchange);
  if (invocation.coded.begun()) {
    inflate_in_hand(invocation, body);
  } else {
    decode_in_hand(invocation, body);
  }
}

void Invocations::on_body(http::Exchange& exchange, std::string_view piece, bool last) {
  large_.on_body(InvocationTable::of(exchange), piece, last);
}

/// A body of many requests' size is inflated and decoded at once, whatever it is made of.
void Invocations::inflate_in_hand(Invocation& invocation, std::string_view body) {
  const uint64_t begun = reactor_.read_clock_ns();
  table_.coded().append(invocation, body, true);
  const auto [verdict, text] = table_.coded().inflate(invocation, CodedBodies::kInHandBytesMax);
  if (verdict == CodedBody::Verdict::kDone) {
    decode_in_hand(invocation, text);
  } else if (verdict == CodedBody::Verdict::kFilled) {
    large_.take_inflated(invocation, text, reactor_.read_clock_ns() - begun);
  } else {
    answers_.fail(invocation, verdict);
  }
}

void Invocations::decode_in_hand(Invocation& invocation, std::string_view body) {
  const uint64_t begun = reactor_.read_clock_ns();
  const uint64_t started = invocation.exchange->started_ns();
  note(invocation, Phase::kRead, begun - std::min(begun, started));
  invocation.take_decoder();
  if (invocation.is_wide()) {
    (void)invocation.begin_marking();
    large_.take_whole(invocation, body);
    return;
  }
  batch::MicroBatcher& batcher = invocation.lane().batcher();
  for (;;) {
    data::BlockWriter writer = batcher.writer();
    const codec::DecodeProgress progress = invocation.decoder->decode(body, true, SIZE_MAX, writer);
    if (progress.status == codec::DecodeStatus::kDone) {
      if (const auto heeded = invocation.heed_outputs(); !heeded) {
        writer.rollback();
        answers_.turn_down_outputs(invocation, heeded.error().message());
        return;
      }
      if (invocation.is_wide()) {
        writer.rollback();
        if (!invocation.begin_marking()) {
          invocation.decoder->reset(invocation.payload_options);
        }
        break;
      }
      const uint64_t done = reactor_.read_clock_ns();
      if (is_long(invocation.lane(), writer.rows_written())) {
        large_.take_rows(invocation, batcher.written(writer), done - begun);
        writer.rollback();
        return;
      }
      note(invocation, Phase::kDecode, done - begun);
      commit(invocation, writer, done);
      return;
    }
    writer.rollback();
    if (progress.status == codec::DecodeStatus::kError) {
      if (!session_request(body).empty()) {
        answers_.turn_down_session_request(invocation);
        return;
      }
      if (invocation.begin_marking()) {
        break;
      }
      answers_.fail(invocation, invocation.decoder->error());
      return;
    }
    invocation.decoder->reset(invocation.payload_options);
    if (progress.status == codec::DecodeStatus::kPaused) {
      break;  // small as it is, it is much work
    }
    if (batcher.grow()) {
      continue;
    }
    if (batcher.empty()) {
      (void)invocation.begin_marking();
      break;  // more rows than any batch holds
    }
    if (is_long(invocation.lane(), batcher.rows())) {
      (void)invocation.begin_marking();
      large_.take_behind(invocation, body, batcher.rows_max());
      return;
    }
    (void)run_batch(*invocation.model, batch::ScoringRate::kTurnNs);
  }
  large_.take_whole(invocation, body);
}

void Invocations::on_writable(http::Exchange& exchange) {
  large_.on_writable(InvocationTable::of(exchange));
}

void Invocations::on_abandoned(http::Exchange& exchange) {
  Invocation& invocation = InvocationTable::of(exchange);
  invocation.lane().batcher().abandon(&invocation);
  table_.end(invocation);
}

// ---- Batches

/// A turn has no time for so many rows of one request. Of a model that nobody has asked yet a few
/// tell how long it takes.
bool Invocations::is_long(ModelLane& lane, size_t rows) noexcept {
  return rows > std::max(lane.rate().rows_within(batch::ScoringRate::kTurnNs),
                         lane.predictor().rows_at_once());
}

void Invocations::commit(Invocation& invocation, const data::BlockWriter& rows, uint64_t now_ns) {
  answers_.log().tell_of_unknown_columns(invocation);
  turn_spent_ns_ = now_ns - std::min(now_ns, reactor_.now_ns());
  batch::MicroBatcher& batcher = invocation.lane().batcher();
  if (batcher.empty()) {
    open_.push_back(invocation.model);
  }
  batcher.commit(rows, &invocation, now_ns, invocation.wanted(),
                 options_.deadline_after(reactor_.now_ns()));
  queued_rows_ += rows.rows_written();
  queued_ns_ += invocation.lane().rate().ns_for(rows.rows_written());
  metrics_.queue_rows.set(queued_rows_);
}

void Invocations::work_on_batch(bool idle) {
  if (idle) {
    note_rest();
  }
  uint64_t left_ns = batch::ScoringRate::kTurnNs;
  size_t waiting = 0;
  for (size_t models = open_.size(); models > 0 && left_ns > 0; --models) {
    if (open_[waiting]->lane().batcher().due(reactor_.now_ns(), idle)) {
      // Which takes it off the list, or to its end.
      left_ns -= std::min(left_ns, run_batch(*open_[waiting], left_ns));
    } else {
      ++waiting;
    }
  }
}

void Invocations::end_turn() noexcept {
  waited_ns_.reset();
  admission_.end_turn(reactor_.now_ns() + turn_spent_ns_);
  turn_spent_ns_ = 0;
}

uint64_t Invocations::run_batch(ShardModel& model, uint64_t ns_max) {
  std::erase(open_, &model);
  batch::MicroBatcher& batcher = model.lane().batcher();
  batch::ScoringRate& rate = model.lane().rate();
  queued_ns_ -= std::min(queued_ns_, rate.ns_for(batcher.rows()));
  queued_rows_ -= batcher.rows();
  const uint64_t predict_ns =
      batcher.run(*this, rate, ns_max, [this] { return reactor_.read_clock_ns(); });
  const size_t rows = batcher.rows_scored();
  queued_ns_ += rate.ns_for(batcher.rows());
  queued_rows_ += batcher.rows();
  if (!batcher.empty()) {
    open_.push_back(&model);
  }
  const uint64_t now = reactor_.read_clock_ns();
  turn_spent_ns_ = now - std::min(now, reactor_.now_ns());
  if (open_.empty()) {
    queued_ns_ = 0;  // what the rate has learnt meanwhile
  }
  metrics_.spent(Phase::kPredict, predict_ns);
  if (rows > 0) {
    metrics_.rows.add(rows);
    metrics_.batch_rows.record(rows);
  }
  metrics_.queue_rows.set(queued_rows_);
  return predict_ns;
}

void Invocations::on_scored(void* owner, data::DenseView values, const batch::BatchTimes& times) {
  Invocation& invocation = *static_cast<Invocation*>(owner);
  note(invocation, Phase::kWait, times.waited);
  invocation.times[Phase::kPredict] = times.predicted;  // counted once for all
  const uint64_t begun = reactor_.read_clock_ns();
  AnswerText& text = answers_.text();
  text.clear();
  for (size_t pass = 0; pass < invocation.encoder().passes(); ++pass) {
    text.append(invocation, values, {.rows_total = values.rows, .pass = pass});
  }
  note(invocation, Phase::kEncode, reactor_.read_clock_ns() - begun);
  answers_.answer(invocation, values.rows);
}

void Invocations::note(Invocation& invocation, Phase phase, uint64_t nanoseconds) {
  invocation.times[phase] = nanoseconds;
  metrics_.spent(phase, nanoseconds);
}

void Invocations::on_late(void* owner) { answers_.refuse_late(*static_cast<Invocation*>(owner)); }

}  // namespace ringmaker::serve
