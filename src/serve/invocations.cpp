#include "serve/invocations.h"

#include "base/check.h"
#include "base/clock.h"
#include "codec/error_mark.h"
#include "serve/answer_fields.h"
#include "serve/error_reply.h"
#include "serve/model_metadata.h"
#include "serve/requested_outputs.h"
#include "serve/response_streaming.h"
#include "wire/json_writer.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringmaker::serve {
namespace {

/// Up to this size a body is collected and decoded in one go, which takes less than a slice; unless
/// its scores are wanted as they are made, for a batch makes all of them at once.
constexpr uint64_t kCollectedBytesMax = 64 * 1024;
/// Answers of large payloads up to this size are sent with their length, larger ones in chunks as
/// they are encoded: what is encoded in one go delays everybody else.
constexpr size_t kWholeAnswerBytesMax = 32 * 1024;
constexpr size_t kNumbersPerStep = 256;

/// Rows and columns count from 1; 0 says that the error has no such place.
decltype(telemetry::Field::value) if_known(uint64_t place) noexcept {
  return place > 0 ? decltype(telemetry::Field::value)(place) : std::monostate();
}

}  // namespace

Invocations::Invocations(io::Reactor& reactor, ModelTable& models, const InvocationOptions& options,
                         ShardMetrics& metrics, telemetry::Log& log)
    : reactor_(reactor),
      models_(models),
      options_(options),
      negotiator_(options.defaults),
      metrics_(metrics),
      log_(log),
      access_(log, options.access),
      admission_(options.queue_ns_max),
      coded_(options.inflated_bytes_max) {
  text_.reserve(2 * kWholeAnswerBytesMax);
}

Invocations::~Invocations() = default;

Invocation& Invocations::of(http::Exchange& exchange) noexcept {
  RM_CHECK(exchange.user() != nullptr);
  return *static_cast<Invocation*>(exchange.user());
}

void Invocations::begin(http::Exchange& exchange, ShardModel& model, Route route,
                        const InvocationTerms& terms) {
  models_.enter(model);
  if (free_.empty()) {
    all_.push_back(std::make_unique<Invocation>());
    free_.reserve(all_.capacity());
    free_.push_back(all_.back().get());
  }
  Invocation& invocation = *free_.back();
  free_.pop_back();
  invocation.exchange = &exchange;
  invocation.model = &model;
  invocation.route = route;
  invocation.in = terms.in;
  invocation.payload_options = terms.options;
  invocation.out = terms.out;
  invocation.outputs = terms.outputs;
  invocation.model_name = terms.model_name;
  if (!terms.outputs.empty()) {
    invocation.selected = invocation.lane().encoder(terms.out, terms.outputs);
  }
  invocation.deadline_ns = UINT64_MAX;
  invocation.decode_ns = 0;
  invocation.encode_ns = 0;
  invocation.bytes_decoded = 0;
  invocation.rows_encoded = 0;
  invocation.pass = 0;
  invocation.marks = options_.mark_bad_records && codec::can_hold_error_marks(terms.out);
  invocation.heeded = false;
  invocation.mark_told = false;
  invocation.listed = false;
  invocation.paused = false;
  invocation.ended = false;
  invocation.gathered = false;
  invocation.streams = asks_for_streaming(exchange.head());
  invocation.begun = false;
  invocation.unread = false;
  exchange.user() = &invocation;
}

void Invocations::end(Invocation& invocation) {
  unlist(invocation);
  note_decoder_bytes(invocation, 0);
  if (invocation.decoder != nullptr) {
    invocation.lane().give_back(invocation.in, std::move(invocation.decoder));
  }
  if (invocation.payload != nullptr) {
    invocation.lane().give_back(std::move(invocation.payload));
  }
  invocation.selected.reset();
  coded_.end(invocation);
  models_.leave(*invocation.model);
  invocation.model = nullptr;
  invocation.exchange = nullptr;
  free_.push_back(&invocation);
}

void Invocations::count(http::Exchange& exchange, Route route, int status) {
  count(exchange, route, status, reason_of(status));
}

void Invocations::count(http::Exchange& exchange, Route route, int status, ErrorReason reason) {
  // Not the time of the turn: that what is answered at once waited for its turn must show.
  const uint64_t now = reactor_.read_clock_ns();
  const uint64_t taken_ns = now - std::min(now, exchange.started_ns());
  metrics_.answered(route, status, taken_ns, reason);
  access_.answered(exchange.head(), status, taken_ns);
}

http::BodyMode Invocations::refuse(http::Exchange& exchange, Route route,
                                   const Objection& objection) {
  access_.refused(exchange.head(), objection.status, objection.sentence);
  count(exchange, route, objection.status);
  reply_error(exchange, objection.status, objection.sentence, objection.instead);
  return http::BodyMode::kDiscard;
}

http::BodyMode Invocations::on_head(http::Exchange& exchange, ShardModel& model, Route route) {
  const auto terms = negotiator_.negotiate(exchange.head(), model.predictor().output());
  return terms ? take(exchange, model, route, *terms) : refuse(exchange, route, terms.error());
}

http::BodyMode Invocations::on_head(http::Exchange& exchange, ShardModel& model, Route route,
                                    const InvocationTerms& terms) {
  const auto objection = object_to_framing(exchange.head());
  return objection ? refuse(exchange, route, *objection) : take(exchange, model, route, terms);
}

http::BodyMode Invocations::take(http::Exchange& exchange, ShardModel& model, Route route,
                                 const InvocationTerms& terms) {
  if (!admit(exchange, route)) {
    return http::BodyMode::kDiscard;
  }
  begin(exchange, model, route, terms);
  const http::RequestHead& head = exchange.head();
  if (const auto coding = content_coding(head).coding) {
    coded_.begin(of(exchange), *coding);
  }
  const bool short_body = head.content_length && *head.content_length <= kCollectedBytesMax;
  return short_body && !of(exchange).streams ? http::BodyMode::kCollect : http::BodyMode::kStream;
}

/// Before it was read. The requests of a turn have waited about as long as each other, so that one
/// is asked where the loop never rests; where not all are let in each is.
uint64_t Invocations::waited_in_kernel_ns(const http::Exchange& exchange) {
  constexpr uint64_t kBusyNs = 10 * base::kNanosecondsPerMillisecond;
  const bool asks =
      admission_.refusing() || (!waited_ns_ && reactor_.now_ns() - rested_ns_ >= kBusyNs);
  if (asks && options_.queue_ns_max > 0) {
    waited_ns_ = exchange.waited_ns();
    *waited_ns_ -= std::min(*waited_ns_, turn_spent_ns_);
  }
  return waited_ns_.value_or(0);
}

/// A newcomer waits for the rows before it, and has waited for what this turn has done already.
bool Invocations::admit(http::Exchange& exchange, Route route) {
  const uint64_t now = reactor_.now_ns() + turn_spent_ns_;
  if (admission_.admit(now, waited_in_kernel_ns(exchange) + turn_spent_ns_ + queued_ns_)) {
    return true;
  }
  constexpr std::string_view kSentence =
      "more requests come than can be answered in time; retry in a moment";
  access_.refused(exchange.head(), 503, kSentence);
  count(exchange, route, 503, ErrorReason::kOverload);
  reply_error(exchange, 503, kSentence);
  return false;
}

uint64_t Invocations::deadline() const noexcept {
  return options_.deadline_ns == UINT64_MAX ? UINT64_MAX : reactor_.now_ns() + options_.deadline_ns;
}

void Invocations::end_turn() noexcept {
  waited_ns_.reset();
  admission_.end_turn(reactor_.now_ns() + turn_spent_ns_);
  turn_spent_ns_ = 0;
}

// ---- Decoding

void Invocations::on_request(http::Exchange& exchange, std::string_view body) {
  Invocation& invocation = of(exchange);
  if (invocation.coded.begun()) {
    inflate_in_hand(invocation, body);
  } else {
    decode_in_hand(invocation, body);
  }
}

void Invocations::decode_in_hand(Invocation& invocation, std::string_view body) {
  const uint64_t begun = reactor_.read_clock_ns();
  metrics_.phases[static_cast<size_t>(Phase::kRead)].record(
      begun - std::min(begun, invocation.exchange->started_ns()));
  invocation.take_decoder();
  if (invocation.explains()) {
    (void)invocation.begin_marking();
    decode_to_payload(invocation, body);
    return;
  }
  batch::MicroBatcher& batcher = invocation.lane().batcher();
  for (;;) {
    data::BlockWriter writer = batcher.writer();
    const codec::DecodeProgress progress = invocation.decoder->decode(body, true, SIZE_MAX, writer);
    if (progress.status == codec::DecodeStatus::kDone) {
      if (!heed_outputs(invocation)) {
        writer.rollback();
        return;
      }
      if (invocation.explains()) {
        writer.rollback();
        if (!invocation.begin_marking()) {
          invocation.decoder->reset(invocation.payload_options);
        }
        break;
      }
      const uint64_t done = reactor_.read_clock_ns();
      metrics_.phases[static_cast<size_t>(Phase::kDecode)].record(done - begun);
      tell_of_unknown_columns(invocation);
      turn_spent_ns_ = done - std::min(done, reactor_.now_ns());
      if (batcher.empty()) {
        open_.push_back(invocation.model);
      }
      batcher.commit(writer, &invocation, done, invocation.wanted(), deadline());
      queued_rows_ += writer.rows_written();
      queued_ns_ += invocation.lane().rate().ns_for(writer.rows_written());
      metrics_.queue_rows.set(queued_rows_);
      return;
    }
    writer.rollback();
    if (progress.status == codec::DecodeStatus::kError) {
      if (invocation.begin_marking()) {
        break;
      }
      fail(invocation, invocation.decoder->error());
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
    run_batch(*invocation.model);
  }
  decode_to_payload(invocation, body);
}

/// More rows than any batch holds, values that no batch has, or more work than one turn has room
/// for.
void Invocations::decode_to_payload(Invocation& invocation, std::string_view body) {
  invocation.take_payload();
  (void)decode_piece(invocation, body, true);
}

/// A body of many requests' size is inflated and decoded at once, whatever it is made of.
void Invocations::inflate_in_hand(Invocation& invocation, std::string_view body) {
  const uint64_t begun = reactor_.read_clock_ns();
  coded_.append(invocation, body, true);
  const auto [verdict, text] = coded_.inflate(invocation, CodedBodies::kInHandBytesMax);
  if (verdict == CodedBody::Verdict::kDone) {
    decode_in_hand(invocation, text);
  } else if (verdict == CodedBody::Verdict::kFilled) {
    begin_large(invocation);
    invocation.decode_ns += reactor_.read_clock_ns() - begun;
    if (decode_piece(invocation, text, false)) {
      list(invocation);
    }
  } else {
    fail(invocation, verdict);
  }
}

void Invocations::begin_large(Invocation& invocation) {
  invocation.take_payload();
  invocation.take_decoder();
  (void)invocation.begin_marking();
  const uint64_t now = reactor_.now_ns();
  metrics_.phases[static_cast<size_t>(Phase::kRead)].record(
      now - std::min(now, invocation.exchange->started_ns()));
}

void Invocations::on_body(http::Exchange& exchange, std::string_view piece, bool last) {
  Invocation& invocation = of(exchange);
  if (invocation.payload == nullptr) {
    begin_large(invocation);
  }
  if (invocation.coded.begun()) {
    take_coded(invocation, piece, last);
  } else {
    (void)decode_piece(invocation, piece, last);
  }
}

/// Nothing is inflated here: that is work for slices.
void Invocations::take_coded(Invocation& invocation, std::string_view piece, bool last) {
  coded_.append(invocation, piece, last);
  if (refused_for_memory(invocation)) {
    return;
  }
  if (!last && invocation.coded.waiting() > CodedBodies::kWaitingBytesMax) {
    invocation.paused = true;
    invocation.exchange->pause_body();
  }
  list(invocation);
}

/// One buffer of text from coded bytes to rows.
bool Invocations::inflate_piece(Invocation& invocation) {
  const uint64_t begun = reactor_.read_clock_ns();
  const auto [verdict, text] = coded_.inflate(invocation, CodedBodies::kStepBytesMax);
  invocation.decode_ns += reactor_.read_clock_ns() - begun;
  switch (verdict) {
    case CodedBody::Verdict::kBroken:
    case CodedBody::Verdict::kCut:
    case CodedBody::Verdict::kTooLarge:
      fail(invocation, verdict);
      return false;
    case CodedBody::Verdict::kDone:
    case CodedBody::Verdict::kFilled:
    case CodedBody::Verdict::kHungry:
      break;
  }
  return decode_piece(invocation, text, verdict == CodedBody::Verdict::kDone);
}

/// Rows of what is in hand and came faster than it could be decoded, until they pile up.
bool Invocations::feed(Invocation& invocation, uint64_t until_ns) {
  while ((invocation.gathered || invocation.coded.ready()) && !invocation.piled_up() &&
         reactor_.read_clock_ns() < until_ns) {
    const bool goes_on = invocation.gathered ? decode_piece(invocation, {}, invocation.ended)
                                             : inflate_piece(invocation);
    if (!goes_on) {
      return false;
    }
  }
  return true;
}

uint64_t Invocations::bytes_held() const noexcept {
  return models_.bytes_lent() + coded_.bytes_held() + decoder_bytes_held_;
}

void Invocations::note_decoder_bytes(Invocation& invocation, uint64_t bytes) noexcept {
  decoder_bytes_held_ += bytes - invocation.decoder_bytes_held;
  invocation.decoder_bytes_held = bytes;
}

bool Invocations::refused_for_memory(Invocation& invocation) {
  note_decoder_bytes(invocation, invocation.decoder_bytes());
  const uint64_t held = bytes_held();
  if (held <= options_.held_bytes_max) {
    return false;
  }
  // Alone it does not fit either, so that to come again is no way.
  const bool alone = invocation.decoder_bytes_held + invocation.coded_bytes_held +
                         (invocation.payload ? invocation.payload->bytes_held() : 0) >=
                     held;
  const std::string sentence =
      alone ? fmt::format(
                  "rows and scores of this payload need more than the {} MB that a shard "
                  "may hold for requests; send fewer rows at a time, or allow more "
                  "(held-bytes-max)",
                  options_.held_bytes_max / 1'000'000)
            : "the server holds as many rows as it may; retry in a moment";
  const int status = alone ? 413 : 503;
  access_.refused(invocation.exchange->head(), status, sentence);
  give_up(invocation, status, reason_of(status), sentence);
  return true;
}

/// Ends without an answer of scores: with a status that says why, or in the middle of the scores.
void Invocations::give_up(Invocation& invocation, int status, ErrorReason reason,
                          std::string_view told) {
  http::Exchange& exchange = *invocation.exchange;
  const Route route = invocation.route;
  const bool begun = invocation.begun;
  end(invocation);
  count(exchange, route, status, reason);
  if (begun) {
    exchange.abort(told);
  } else {
    reply_error(exchange, status, told);
  }
}

/// What the payload says of its answer, once it has said it.
bool Invocations::heed_outputs(Invocation& invocation) {
  const auto list = invocation.decoder->outputs();
  const codec::BinaryOutputs binary = invocation.decoder->binary_outputs();
  if ((!list && binary == codec::BinaryOutputs::kNone) || invocation.heeded) {
    return true;
  }
  invocation.heeded = true;
  const data::OutputSchema& output = invocation.model->predictor().output();
  base::Result<codec::OutputSelection> outputs = invocation.outputs;
  if (list) {
    outputs = requested_outputs(*list, output);
  }
  if (outputs && binary != codec::BinaryOutputs::kNone) {
    invocation.out = codec::Format::kTensorBytes;
    outputs = outputs_as_bytes(binary, *outputs, output);
  }
  if (!outputs) {
    turn_down(invocation, 400, {}, outputs.error().message(), outputs.error().message());
    return false;
  }
  const bool explain = outputs->explaining().any();
  const bool scored = invocation.payload != nullptr && invocation.payload->rows_scored() > 0;
  if (invocation.begun || (scored && (explain || invocation.explains()))) {
    constexpr std::string_view kLate =
        "\"outputs\" stands behind the rows of a long payload, which are scored already; put it "
        "before them";
    turn_down(invocation, 400, {}, kLate, kLate);
    return false;
  }
  invocation.selected = invocation.lane().encoder(invocation.out, *outputs);
  if (invocation.payload != nullptr && !scored) {
    invocation.tell_payload();
  }
  return true;
}

bool Invocations::decode_piece(Invocation& invocation, std::string_view piece, bool last) {
  const uint64_t begun = reactor_.read_clock_ns();
  codec::DecodeProgress progress;
  invocation.bytes_decoded += piece.size();
  invocation.ended = last;
  invocation.gathered = false;
  for (bool more = true; more && !invocation.gathered;) {
    if (refused_for_memory(invocation)) {
      return false;
    }
    progress = invocation.decoder->decode(piece, last, SIZE_MAX, invocation.payload->writer());
    piece.remove_prefix(progress.consumed);
    more = progress.status == codec::DecodeStatus::kPaused ||
           progress.status == codec::DecodeStatus::kBlockFull;
    // A decoder that needed all of its payload before the first row, or that inflates what it is
    // given, may have much left to do.
    invocation.gathered = more && piece.empty();
  }
  invocation.decode_ns += reactor_.read_clock_ns() - begun;
  if (progress.status == codec::DecodeStatus::kError) {
    fail(invocation, invocation.decoder->error());
    return false;
  }
  if (!heed_outputs(invocation)) {
    return false;
  }
  if (progress.status == codec::DecodeStatus::kDone) {
    metrics_.phases[static_cast<size_t>(Phase::kDecode)].record(invocation.decode_ns);
    tell_of_unknown_columns(invocation);
    invocation.payload->commit();
    invocation.deadline_ns = deadline();
  } else if (!last && !invocation.coded.begun() && (invocation.piled_up() || invocation.gathered)) {
    invocation.paused = true;
    invocation.exchange->pause_body();
  }
  if (invocation.payload->ready() || invocation.payload->complete() || invocation.gathered) {
    list(invocation);
  }
  return true;
}

void Invocations::tell_of_unknown_columns(Invocation& invocation) {
  if (invocation.decoder->ignored_columns() && invocation.lane().first_of_unknown_columns()) {
    const http::RequestHead& head = invocation.exchange->head();
    log_.write(telemetry::Level::kWarn, "unknown_columns",
               {{"route", head.path},
                {"detail",
                 "the payload names columns that the model does not know; they are "
                 "ignored, here and from now on"},
                {"request_id", head.header("X-Amzn-SageMaker-Inference-Id")}});
  }
}

void Invocations::list(Invocation& invocation) {
  if (!invocation.listed) {
    invocation.listed = true;
    large_.push_back(&invocation);
  }
}

void Invocations::unlist(Invocation& invocation) {
  if (invocation.listed) {
    invocation.listed = false;
    std::erase(large_, &invocation);
  }
}

/// What the client is told.
std::string Invocations::told(const Invocation& invocation, const codec::DecodeError& error) const {
  return codec::describe(error, invocation.model->predictor().schema(),
                         options_.error_detail_brief);
}

void Invocations::fail(Invocation& invocation, const codec::DecodeError& error) {
  turn_down(invocation, error.code == codec::DecodeErrorCode::kTooManyRows ? 413 : 400, error,
            codec::describe(error, invocation.model->predictor().schema()),
            told(invocation, error));
}

void Invocations::fail(Invocation& invocation, CodedBody::Verdict verdict) {
  const std::string detail = invocation.coded.describe(verdict);
  turn_down(invocation, verdict == CodedBody::Verdict::kTooLarge ? 413 : 400, {}, detail, detail);
}

void Invocations::turn_down(Invocation& invocation, int status, const codec::DecodeError& place,
                            std::string_view detail, std::string_view told) {
  const http::RequestHead& head = invocation.exchange->head();
  if (access_.errors()) {
    log_.write(telemetry::Level::kWarn, "decode_error",
               {{"route", head.path},
                {"status", int64_t{status}},
                {"row", if_known(place.row)},
                {"column", if_known(place.column)},
                {"detail", detail},
                {"request_id", head.header("X-Amzn-SageMaker-Inference-Id")}});
  }
  give_up(invocation, status, ErrorReason::kPayload, told);
}

// ---- Scoring and answering

bool Invocations::work_pending() const noexcept { return !open_.empty() || !large_.empty(); }

void Invocations::work_on_batch(bool idle) {
  if (idle) {
    rested_ns_ = reactor_.now_ns();
  }
  for (size_t i = 0; i < open_.size();) {
    if (open_[i]->lane().batcher().due(reactor_.now_ns(), idle)) {
      run_batch(*open_[i]);  // which takes it off the list
    } else {
      ++i;
    }
  }
}

void Invocations::run_batch(ShardModel& model) {
  std::erase(open_, &model);
  batch::MicroBatcher& batcher = model.lane().batcher();
  batch::ScoringRate& rate = model.lane().rate();
  queued_ns_ -= std::min(queued_ns_, rate.ns_for(batcher.rows()));
  queued_rows_ -= batcher.rows();
  const uint64_t predict_ns = batcher.run(*this, rate, [this] { return reactor_.read_clock_ns(); });
  const size_t rows = batcher.rows_scored();
  const uint64_t now = reactor_.read_clock_ns();
  turn_spent_ns_ = now - std::min(now, reactor_.now_ns());
  if (open_.empty()) {
    queued_ns_ = 0;  // what the rate has learnt meanwhile
  }
  metrics_.phases[static_cast<size_t>(Phase::kPredict)].record(predict_ns);
  if (rows > 0) {
    metrics_.rows.add(rows);
    metrics_.batch_rows.record(rows);
  }
  metrics_.queue_rows.set(queued_rows_);
}

/// An answer in tensors says whose it is, and to what.
std::string_view Invocations::opening(const Invocation& invocation) {
  opening_ = "\"model_name\":";
  wire::append_json_string(opening_, invocation.model_name);
  opening_.append(",\"model_version\":\"").append(kModelVersion).append("\",");
  if (const std::string_view id = invocation.decoder->id(); !id.empty()) {
    opening_.append("\"id\":").append(id).append(",");
  }
  return opening_;
}

std::optional<uint64_t> Invocations::json_bytes(const Invocation& invocation, uint64_t rows) {
  return invocation.out == codec::Format::kTensorBytes
             ? invocation.encoder().json_bytes({.rows_total = rows, .opening = opening(invocation)})
             : std::nullopt;
}

/// Of raw values, the scores are made here, slice by slice: only who asked for them pays.
void Invocations::encode(const Invocation& invocation, data::DenseView values,
                         codec::Portion portion) {
  if (portion.first && portion.pass == 0 && !invocation.model_name.empty()) {
    portion.opening = opening(invocation);
  }
  if (invocation.kept() == batch::Values::kRaw) {
    portion.raw = values;
  } else if (invocation.explains()) {
    parts_.split(invocation.model->predictor(), invocation.kept(), values);
    portion.raw = parts_.raw();
    portion.contributions = parts_.contributions();
    portion.leaves = parts_.leaves();
  }
  if (invocation.kept() != batch::Values::kScores) {
    linked_.assign(portion.raw.values, portion.raw.values + portion.raw.rows * portion.raw.columns);
    const data::DenseSpan scores{linked_.data(), portion.raw.rows, portion.raw.columns};
    invocation.model->predictor().link(scores);
    values = scores;
  }
  invocation.encoder().encode(values, portion, text_);
}

/// The next row is in error. One line in the log says so of its payload, the counter how often.
void Invocations::encode_mark(Invocation& invocation, const codec::Portion& portion) {
  codec::MarkedRecords& marked = *invocation.decoder->marked();
  const codec::DecodeError& error = marked.front();
  metrics_.bad_records.add();
  if (!invocation.mark_told && access_.errors()) {
    invocation.mark_told = true;
    const http::RequestHead& head = invocation.exchange->head();
    log_.write(telemetry::Level::kWarn, "bad_record",
               {{"route", head.path},
                {"row", if_known(error.row)},
                {"column", if_known(error.column)},
                {"detail", codec::describe(error, invocation.model->predictor().schema())},
                {"request_id", head.header("X-Amzn-SageMaker-Inference-Id")}});
  }
  codec::append_error_mark(invocation.out, told(invocation, error), portion, text_);
  marked.pop_front();
}

void Invocations::on_scored(void* owner, data::DenseView values, uint64_t waited_ns) {
  Invocation& invocation = *static_cast<Invocation*>(owner);
  metrics_.phases[static_cast<size_t>(Phase::kWait)].record(waited_ns);
  const uint64_t begun = reactor_.read_clock_ns();
  text_.clear();
  for (size_t pass = 0; pass < invocation.encoder().passes(); ++pass) {
    encode(invocation, values, {.rows_total = values.rows, .pass = pass});
  }
  metrics_.phases[static_cast<size_t>(Phase::kEncode)].record(reactor_.read_clock_ns() - begun);
  answer(invocation, values.rows, text_);
}

void Invocations::on_late(void* owner) { refuse_late(*static_cast<Invocation*>(owner)); }

void Invocations::refuse_late(Invocation& invocation) {
  constexpr std::string_view kSentence =
      "the request could not be answered before its deadline; retry in a moment";
  access_.refused(invocation.exchange->head(), 503, kSentence);
  give_up(invocation, 503, ErrorReason::kDeadline, kSentence);
}

/// All of its body is there, none of its answer is out, and what is left to score takes too long.
bool Invocations::is_late(const Invocation& invocation) const {
  return invocation.deadline_ns != UINT64_MAX && !invocation.begun &&
         !invocation.payload->complete() &&
         reactor_.read_clock_ns() + invocation.rate().ns_for(invocation.payload->rows_waiting()) >
             invocation.deadline_ns;
}

void Invocations::answer(Invocation& invocation, uint64_t rows, std::string_view body) {
  http::Exchange& exchange = *invocation.exchange;
  const Route route = invocation.route;
  // Encoders are the lane's, which stays until the end of the turn.
  const std::string_view content_type = invocation.encoder().content_type();
  const AnswerFields fields(exchange.head(), json_bytes(invocation, rows));
  end(invocation);
  count(exchange, route, 200);
  exchange.respond({.status = 200, .content_type = content_type, .extra_headers = fields.headers()},
                   body);
}

void Invocations::work_on_large() {
  if (large_.empty()) {
    return;
  }
  Invocation& invocation = *large_.front();
  unlist(invocation);
  if (is_late(invocation)) {
    refuse_late(invocation);
    return;
  }
  const uint64_t until = reactor_.read_clock_ns() + batch::ScoringRate::kSliceNs;
  score_slices(invocation, until);
  if (!feed(invocation, until)) {
    return;
  }
  const batch::LargePayload& payload = *invocation.payload;
  if (payload.ready() || invocation.gathered || invocation.coded.ready()) {
    list(invocation);
  }
  const bool scores_left = invocation.flows() && invocation.rows_encoded < payload.rows_scored();
  if (!invocation.unread && (payload.complete() || scores_left) &&
      !encode_slice(invocation, until)) {
    return;
  }
  if (invocation.paused && !invocation.gathered && invocation.caught_up() &&
      invocation.coded.waiting() <= CodedBodies::kWaitingBytesMax / 2) {
    invocation.paused = false;
    invocation.exchange->resume_body();
  }
}

void Invocations::score_slices(Invocation& invocation, uint64_t until_ns) {
  const auto clock = [this] { return reactor_.read_clock_ns(); };
  while (invocation.payload->ready()) {
    const uint64_t begun = clock();
    if (begun >= until_ns) {
      return;
    }
    const size_t rows = invocation.payload->score_slice(invocation.rate(), clock);
    metrics_.rows.add(rows);
    metrics_.batch_rows.record(rows);
    metrics_.phases[static_cast<size_t>(Phase::kPredict)].record(clock() - begun);
  }
}

bool Invocations::encode_slice(Invocation& invocation, uint64_t until_ns) {
  batch::LargePayload& payload = *invocation.payload;
  const codec::Encoder& encoder = invocation.encoder();
  const size_t columns = batch::columns_of(invocation.model->predictor(), invocation.kept());
  const size_t rows_per_step = std::max<size_t>(1, kNumbersPerStep / columns);
  const size_t rows = payload.rows_scored();
  const bool whole =
      payload.complete() && !invocation.begun && encoder.bytes_max(rows) <= kWholeAnswerBytesMax;
  const size_t passes = encoder.passes();
  bool last = false;
  text_.clear();
  const uint64_t begun = reactor_.read_clock_ns();
  do {
    const size_t first = invocation.rows_encoded;
    const size_t scored = invocation.rows_before_mark(rows - first);
    const bool mark = scored == 0 && first < rows;
    const data::DenseView values = scored > 0
                                       ? payload.scores(first, std::min(scored, rows_per_step))
                                       : data::DenseView{nullptr, 0, columns};
    invocation.rows_encoded += mark ? 1 : values.rows;
    const bool last_of_pass = payload.complete() && invocation.rows_encoded == rows;
    const codec::Portion portion{
        .first = first == 0, .last = last_of_pass, .rows_total = rows, .pass = invocation.pass};
    if (mark) {
      encode_mark(invocation, portion);
    } else {
      encode(invocation, values, portion);
    }
    last = last_of_pass && invocation.pass + 1 == passes;
    if (last_of_pass && !last) {
      ++invocation.pass;
      invocation.rows_encoded = 0;
    }
  } while (invocation.rows_encoded < rows &&
           (whole || (text_.size() < kWholeAnswerBytesMax && reactor_.read_clock_ns() < until_ns)));
  invocation.encode_ns += reactor_.read_clock_ns() - begun;
  if (last) {
    metrics_.phases[static_cast<size_t>(Phase::kEncode)].record(invocation.encode_ns);
  }
  if (whole) {
    answer(invocation, rows, text_);
    return false;
  }
  http::Exchange& exchange = *invocation.exchange;
  if (!invocation.begun) {
    invocation.begun = true;
    const AnswerFields fields(exchange.head(), json_bytes(invocation, rows));
    exchange.begin_response(
        {.status = 200, .content_type = encoder.content_type(), .extra_headers = fields.headers()},
        std::nullopt);
  }
  const bool more = exchange.write(text_);
  if (last) {
    const Route route = invocation.route;
    end(invocation);
    count(exchange, route, 200);
    exchange.finish();
    return false;
  }
  if (invocation.pass + 1 == passes) {
    payload.drop_scores_before(invocation.rows_encoded);
  }
  invocation.unread = !more;
  if (more && invocation.rows_encoded < rows) {
    list(invocation);
  }
  return true;
}

/// Only asked for by encode_slice().
void Invocations::on_writable(http::Exchange& exchange) {
  of(exchange).unread = false;
  list(of(exchange));
}

void Invocations::on_abandoned(http::Exchange& exchange) {
  Invocation& invocation = of(exchange);
  invocation.lane().batcher().abandon(&invocation);
  end(invocation);
}

}  // namespace ringmaker::serve
