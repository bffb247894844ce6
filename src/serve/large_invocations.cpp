#include "serve/large_invocations.h"

#include <algorithm>

namespace ringmaker::serve {
namespace {

constexpr size_t kNumbersPerStep = 256;
constexpr size_t kSlicesTried = 4;

}  // namespace

// ---- From pieces to rows

void LargeInvocations::begin(Invocation& invocation) {
  invocation.take_payload();
  invocation.take_decoder();
  (void)invocation.begin_marking();
}

/// All of the body has come; in the meantime rows were decoded and scored.
void LargeInvocations::note_read(Invocation& invocation) {
  const uint64_t now = reactor_.now_ns();
  invocation.times[Phase::kRead] = now - std::min(now, invocation.exchange->started_ns());
  metrics_.spent(Phase::kRead, invocation.times[Phase::kRead]);
}

void LargeInvocations::on_body(Invocation& invocation, std::string_view piece, bool last) {
  if (invocation.payload == nullptr) {
    begin(invocation);
  }
  if (last) {
    note_read(invocation);
  }
  if (invocation.coded.begun()) {
    take_coded(invocation, piece, last);
  } else {
    (void)decode(invocation, piece, last);
  }
}

void LargeInvocations::take_whole(Invocation& invocation, std::string_view body) {
  invocation.take_payload();
  decode_in_hand(invocation, body);
}

void LargeInvocations::take_behind(Invocation& invocation, std::string_view body,
                                   size_t batch_rows_max) {
  invocation.take_payload();
  invocation.lane().use_small_blocks(*invocation.payload);
  invocation.whole_rows_max = batch_rows_max;
  decode_in_hand(invocation, body);
}

void LargeInvocations::decode_in_hand(Invocation& invocation, std::string_view body) {
  if (decode(invocation, body, true)) {
    note_queued(invocation);
    let_decoder_go(invocation);
  }
}

void LargeInvocations::take_rows(Invocation& invocation, data::DenseView rows, uint64_t decode_ns) {
  invocation.take_payload();
  invocation.lane().use_small_blocks(*invocation.payload);
  if (refused_for_memory(invocation)) {
    return;
  }
  invocation.times[Phase::kDecode] = decode_ns;
  invocation.ended = true;
  invocation.whole_rows_max = rows.rows;
  invocation.payload->append(rows);
  commit(invocation);
  let_decoder_go(invocation);
  note_queued(invocation);
  table_.line_up(invocation);
}

void LargeInvocations::note_queued(Invocation& invocation) {
  table_.note_queued(invocation, invocation.rate().ns_for(invocation.payload->rows_waiting()));
}

void LargeInvocations::take_inflated(Invocation& invocation, std::string_view text,
                                     uint64_t inflate_ns) {
  begin(invocation);
  note_read(invocation);
  invocation.times[Phase::kDecode] += inflate_ns;
  if (decode(invocation, text, false)) {
    table_.line_up(invocation);
  }
}

/// Nothing is inflated here: that is work for slices.
void LargeInvocations::take_coded(Invocation& invocation, std::string_view piece, bool last) {
  table_.coded().append(invocation, piece, last);
  if (refused_for_memory(invocation)) {
    return;
  }
  if (!last && invocation.coded.waiting() > CodedBodies::kWaitingBytesMax) {
    invocation.paused = true;
    invocation.exchange->pause_body();
  }
  table_.line_up(invocation);
}

bool LargeInvocations::refused_for_memory(Invocation& invocation) {
  table_.note_decoder_bytes(invocation);
  if (table_.bytes_held() <= options_.held_bytes_max) {
    return false;
  }
  answers_.refuse_for_memory(invocation, options_.held_bytes_max);
  return true;
}

bool LargeInvocations::decode(Invocation& invocation, std::string_view piece, bool last) {
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
  invocation.times[Phase::kDecode] += reactor_.read_clock_ns() - begun;
  if (progress.status == codec::DecodeStatus::kError) {
    answers_.fail(invocation, invocation.decoder->error());
    return false;
  }
  if (const auto heeded = invocation.heed_outputs(); !heeded) {
    answers_.turn_down_outputs(invocation, heeded.error().message());
    return false;
  }
  if (progress.status == codec::DecodeStatus::kDone) {
    commit(invocation);
  } else if (!last && !invocation.coded.begun() && (invocation.piled_up() || invocation.gathered)) {
    invocation.paused = true;
    invocation.exchange->pause_body();
  }
  if (invocation.payload->ready() || invocation.payload->complete() || invocation.gathered) {
    table_.line_up(invocation);
  }
  return true;
}

/// There may be hundreds that wait with all their rows decoded.
void LargeInvocations::let_decoder_go(Invocation& invocation) {
  const codec::MarkedRecords* const marked = invocation.decoder->marked();
  if (!invocation.gathered && invocation.decoder->id().empty() &&
      (marked == nullptr || marked->empty())) {
    table_.give_back_decoder(invocation);
  }
}

/// All its rows are there.
void LargeInvocations::commit(Invocation& invocation) {
  metrics_.spent(Phase::kDecode, invocation.times[Phase::kDecode]);
  answers_.log().tell_of_unknown_columns(invocation);
  invocation.payload->commit();
  invocation.deadline_ns = options_.deadline_after(reactor_.now_ns());
  invocation.arrival = ++arrivals_;
}

/// One buffer of text from coded bytes to rows.
bool LargeInvocations::inflate(Invocation& invocation) {
  const uint64_t begun = reactor_.read_clock_ns();
  const auto [verdict, text] = table_.coded().inflate(invocation, CodedBodies::kStepBytesMax);
  invocation.times[Phase::kDecode] += reactor_.read_clock_ns() - begun;
  switch (verdict) {
    case CodedBody::Verdict::kBroken:
    case CodedBody::Verdict::kCut:
    case CodedBody::Verdict::kTooLarge:
      answers_.fail(invocation, verdict);
      return false;
    case CodedBody::Verdict::kDone:
    case CodedBody::Verdict::kFilled:
    case CodedBody::Verdict::kHungry:
      break;
  }
  return decode(invocation, text, verdict == CodedBody::Verdict::kDone);
}

/// Rows of what is in hand and came faster than it could be decoded, until they pile up.
bool LargeInvocations::feed(Invocation& invocation, uint64_t until_ns) {
  while ((invocation.gathered || invocation.coded.ready()) && !invocation.piled_up() &&
         reactor_.read_clock_ns() < until_ns) {
    const bool goes_on =
        invocation.gathered ? decode(invocation, {}, invocation.ended) : inflate(invocation);
    if (!goes_on) {
      return false;
    }
  }
  return true;
}

// ---- From rows to the answer

/// All of its body is there, and none of its answer is out.
bool LargeInvocations::may_be_late(const Invocation& invocation) noexcept {
  return invocation.deadline_ns != UINT64_MAX && !invocation.begun &&
         !invocation.payload->complete();
}

/// What is left to score takes far too long, even alone. Whose turn it is has a few slices before
/// that is taken for true: if nobody was scored any more, nobody would find out that the model is
/// faster. And a few slices say little: they may have been twice as slow as others are.
bool LargeInvocations::is_late(const Invocation& invocation) const {
  if (!may_be_late(invocation)) {
    return false;
  }
  const batch::LargePayload& payload = *invocation.payload;
  const batch::ScoringRate& rate = invocation.rate();
  const bool tried = payload.rows_scored() >= kSlicesTried * rate.rows_per_slice();
  return reactor_.read_clock_ns() + (tried ? rate.ns_for(payload.rows_waiting()) / 2 : 0) >
         invocation.deadline_ns;
}

/// Refuses whom there is no time for behind the others.
void LargeInvocations::draw_up_timetable() {
  timetable_.clear();
  if (options_.deadline_ns == UINT64_MAX) {
    return;
  }
  for (Invocation* const one : table_.line()) {
    const uint64_t left_ns = one->rate().ns_for(one->payload->rows_waiting());
    if (may_be_late(*one)) {
      timetable_.add({one, left_ns, one->deadline_ns, one->arrival});
    } else {
      timetable_.add_other(left_ns);
    }
  }
  for (const Timetable::Entry& late : timetable_.draw_up(reactor_.read_clock_ns())) {
    // An answer that cannot be sent ends what else its connection has asked for.
    if (late.invocation->in_line) {
      answers_.refuse_late(*late.invocation);
    }
  }
}

/// Which leaves the line. Requires that there is one.
Invocation& LargeInvocations::next_in_line() {
  while (Invocation* const first = timetable_.first()) {
    // It may be over, even another by now, which is no harm.
    if (!first->in_line || !may_be_late(*first)) {
      timetable_.pass_first();
      continue;
    }
    Invocation* next = first;
    if (timetable_.others_turn()) {
      const auto line = table_.line();
      const auto other =
          std::ranges::find_if_not(line, [](const Invocation* one) { return may_be_late(*one); });
      next = other == line.end() ? first : *other;
    }
    table_.leave_line(*next);
    return *next;
  }
  return table_.next_in_line();
}

void LargeInvocations::on_loan_back(Loan& loan) {
  if (Invocation* const invocation = loans_.take_back(loan)) {
    table_.line_up(*invocation);
  }
}

void LargeInvocations::on_writable(Invocation& invocation) {
  invocation.unread = false;
  table_.line_up(invocation);
}

void LargeInvocations::work() {
  if (!table_.any_in_line()) {
    return;
  }
  if (timetable_.due(table_.line().size())) {
    draw_up_timetable();
    if (!table_.any_in_line()) {
      return;
    }
  }
  Invocation& invocation = next_in_line();
  if (is_late(invocation)) {
    answers_.refuse_late(invocation);
    return;
  }
  const uint64_t until = reactor_.read_clock_ns() + batch::ScoringRate::kSliceNs;
  loans_.offer(invocation);
  score(invocation, until);
  if (!feed(invocation, until)) {
    return;
  }
  const batch::LargePayload& payload = *invocation.payload;
  if (payload.ready() || invocation.gathered || invocation.coded.ready()) {
    table_.line_up(invocation);
  }
  const bool scores_left = invocation.flows() && invocation.rows_encoded < payload.rows_scored();
  if (!invocation.unread && (payload.complete() || scores_left) && !encode(invocation, until)) {
    return;
  }
  if (invocation.paused && !invocation.gathered && invocation.caught_up() &&
      invocation.coded.waiting() <= CodedBodies::kWaitingBytesMax / 2) {
    invocation.paused = false;
    invocation.exchange->resume_body();
  }
}

void LargeInvocations::score(Invocation& invocation, uint64_t until_ns) {
  const auto clock = [this] { return reactor_.read_clock_ns(); };
  while (invocation.payload->ready()) {
    const uint64_t begun = clock();
    if (begun >= until_ns) {
      return;
    }
    const size_t rows = invocation.payload->score_slice(invocation.rate(), clock);
    metrics_.rows.add(rows);
    metrics_.batch_rows.record(rows);
    const uint64_t taken = clock() - begun;
    invocation.times[Phase::kPredict] += taken;
    metrics_.spent(Phase::kPredict, taken);
    if (invocation.queued_ns > 0) {
      note_queued(invocation);
    }
  }
}

/// One line in the log says so of its payload, the counter how often.
void LargeInvocations::encode_mark(Invocation& invocation, const codec::Portion& portion) {
  codec::MarkedRecords& marked = *invocation.decoder->marked();
  const codec::DecodeError& error = marked.front();
  metrics_.bad_records.add();
  answers_.log().tell_of_record(invocation, error);
  answers_.text().append_mark(invocation, answers_.log().sentence(invocation, error), portion);
  marked.pop_front();
}

bool LargeInvocations::encode(Invocation& invocation, uint64_t until_ns) {
  batch::LargePayload& payload = *invocation.payload;
  const codec::Encoder& encoder = invocation.encoder();
  AnswerText& text = answers_.text();
  constexpr size_t kBytesMax = InvocationAnswers::kWholeBytesMax;
  const size_t columns = batch::columns_of(invocation.model->predictor(), invocation.kept());
  const size_t rows_per_step = std::max<size_t>(1, kNumbersPerStep / columns);
  const size_t rows = payload.rows_scored();
  const bool whole = payload.complete() && !invocation.begun &&
                     (rows <= invocation.whole_rows_max || encoder.bytes_max(rows) <= kBytesMax);
  const size_t passes = encoder.passes();
  bool last = false;
  text.clear();
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
      text.append(invocation, values, portion);
    }
    last = last_of_pass && invocation.pass + 1 == passes;
    if (last_of_pass && !last) {
      ++invocation.pass;
      invocation.rows_encoded = 0;
    }
  } while (invocation.rows_encoded < rows &&
           (whole || (text.size() < kBytesMax && reactor_.read_clock_ns() < until_ns)));
  invocation.times[Phase::kEncode] += reactor_.read_clock_ns() - begun;
  if (last) {
    metrics_.spent(Phase::kEncode, invocation.times[Phase::kEncode]);
  }
  if (whole) {
    answers_.answer(invocation, rows);
    return false;
  }
  // All that was done was to find out what the head has to say.
  if (!last && text.size() == 0) {
    table_.line_up(invocation);
    return true;
  }
  if (!invocation.begun) {
    answers_.begin(invocation, rows);
  }
  const bool more = invocation.exchange->write(text.view());
  if (last) {
    answers_.finish(invocation);
    return false;
  }
  if (invocation.pass + 1 == passes) {
    payload.drop_scores_before(invocation.rows_encoded);
  }
  invocation.unread = !more;
  if (more && invocation.rows_encoded < rows) {
    table_.line_up(invocation);
  }
  return true;
}

}  // namespace ringmaker::serve
