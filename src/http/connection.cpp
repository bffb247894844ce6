#include "http/connection.h"

#include "base/check.h"
#include "http/server.h"

#include <algorithm>
#include <utility>

namespace ringmaker::http {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr Refusal kHoldsEnough{
    503, "the server holds as many bytes of requests as it may; retry in a moment"};

}  // namespace

void Connection::open(Server& server, io::StreamId stream) {
  RM_CHECK(state_ == State::kFree);
  server_ = &server;
  stream_ = stream;
  state_ = State::kHead;
  peer_finished_ = false;
  body_paused_ = false;
  answers_.open(server.pool_, server.reactor_, stream);
  input_.open(server.pool_, server.budget_);
  collected_.open(server.pool_, server.budget_);
  gate_.reset();
  timer.owner = stream;
  deadlines_.idle_since_ns = now_ns();
  receiving_ = true;
  server_->reactor_.backend().start_receive(stream_);
  arm_timer();
}

uint64_t Connection::now_ns() const noexcept { return server_->reactor_.now_ns(); }

bool Connection::idle() const noexcept {
  return state_ == State::kHead && answers_.empty() && answers_.all_sent() &&
         (input_.empty() || gate_.only_empty_lines(input_.view()));
}

// ---- Input

void Connection::on_received(std::string_view bytes) {
  if (state_ == State::kStopped || state_ == State::kLingering || state_ == State::kClosing ||
      state_ == State::kFree) {
    return;
  }
  deadlines_.body_moved_ns = now_ns();
  if (!input_.empty() || !may_read()) {
    keep(bytes);
    if (may_read()) {
      go_on();
    }
  } else {
    const size_t consumed = consume(bytes);
    if (consumed < bytes.size() && (state_ == State::kHead || state_ == State::kBody)) {
      keep(bytes.substr(consumed));
    }
  }
  update_reading();
  arm_timer();
}

void Connection::keep(std::string_view rest) {
  // Empty lines between requests begin nothing.
  const bool begins = input_.empty() || gate_.only_empty_lines(input_.view());
  if (!input_.append(rest)) {
    refuse(kHoldsEnough);
  } else if (begins) {
    deadlines_.head_begun_ns = now_ns();
  }
}

/// Goes on with kept input.
void Connection::go_on() {
  if (input_.empty() || in_consume_) {
    return;
  }
  const size_t consumed = consume(input_.view());
  const bool stopped = state_ != State::kHead && state_ != State::kBody;
  input_.drop(stopped ? input_.size() : consumed);
  if (consumed > 0 && !input_.empty()) {
    deadlines_.head_begun_ns = now_ns();
  }
}

size_t Connection::consume(std::string_view bytes) {
  in_consume_ = true;
  size_t at = 0;
  while (at < bytes.size() && may_read()) {
    const std::string_view rest = bytes.substr(at);
    unread_ = rest.size();
    const State before = state_;
    const size_t taken = state_ == State::kHead ? consume_head(rest) : consume_body(rest);
    at += taken;
    if (taken == 0 && state_ == before) {
      break;
    }
  }
  in_consume_ = false;
  return at;
}

size_t Connection::consume_head(std::string_view bytes) {
  const HeadGate::Verdict verdict = gate_.inspect(bytes);
  if (verdict == HeadGate::Verdict::kNeedMore) {
    return 0;
  }
  if (verdict == HeadGate::Verdict::kRefused) {
    refuse(gate_.refusal());
    return 0;
  }
  const size_t consumed = gate_.bytes_consumed();
  unread_ -= consumed;
  begin_request(bytes.substr(0, consumed));
  gate_.reset();
  // A request without a body is complete with its head.
  if (state_ == State::kBody && body_.ended()) {
    consume_body({});
  }
  return consumed;
}

void Connection::begin_request(std::string_view bytes) {
  ConnectionExchange& exchange = server_->pool_.take();
  exchange.begin(*this, input_.empty() ? now_ns() : deadlines_.head_begun_ns);
  // The request outlives the bytes it came in.
  const std::string_view head = exchange.arena_.copy(bytes);
  const Refusal refusal = server_->parser_.parse(gate_, head, exchange.headers_, exchange.parsed_);
  answers_.push(exchange);
  if (refusal) {
    refuse(exchange, refusal);
    return;
  }
  ++server_->stats_.requests;
  state_ = State::kBody;
  body_exchange_ = &exchange;
  body_.begin(exchange.parsed_);
  body_paused_ = false;
  deadlines_.body_bytes = 0;
  deadlines_.body_begun_ns = now_ns();
  deadlines_.body_moved_ns = deadlines_.body_begun_ns;
  if (const Refusal beyond = body_.beyond_all(server_->options_.limits)) {
    refuse(beyond);
    return;
  }
  exchange.seen_by_handler_ = true;
  const BodyMode mode = server_->handler_.on_head(exchange);
  if (state_ == State::kBody) {  // else the answer has closed the connection
    begin_body(body_exchange_ != nullptr ? mode : BodyMode::kDiscard);
  }
}

void Connection::begin_body(BodyMode mode) {
  if (const Refusal refusal = body_.admit(mode, server_->options_.limits)) {
    refuse(refusal);
  } else if (body_.awaits_continue()) {
    answers_.sink(*body_exchange_) += kContinue;
    mark_dirty();
  }
}

size_t Connection::consume_body(std::string_view bytes) {
  const RequestBody::Step step = body_.take(bytes);
  unread_ -= step.consumed;
  deadlines_.body_bytes = body_.bytes_taken();
  switch (step.verdict) {
    case RequestBody::Verdict::kNeedMore:
      break;
    case RequestBody::Verdict::kRefused:
      refuse(body_.refusal());
      break;
    case RequestBody::Verdict::kData:
      take_body(step.data, false);
      break;
    case RequestBody::Verdict::kComplete:
      take_body(step.data, true);
      break;
  }
  return step.consumed;
}

void Connection::take_body(std::string_view piece, bool last) {
  if (body_exchange_ != nullptr && body_.mode() == BodyMode::kStream) {
    server_->handler_.on_body(*body_exchange_, piece, last);
  } else if (body_exchange_ != nullptr && body_.mode() == BodyMode::kCollect) {
    collect_body(piece, last);
  }
  if (last && state_ == State::kBody) {
    end_body();
  }
}

void Connection::collect_body(std::string_view piece, bool last) {
  if (last && collected_.empty()) {
    server_->handler_.on_request(*body_exchange_, piece);
  } else if (!collected_.append(piece)) {
    refuse(kHoldsEnough);
  } else if (last) {
    server_->handler_.on_request(*body_exchange_, collected_.view());
  }
}

void Connection::end_body() {
  collected_.clear();
  if (peer_writes_first()) {
    wait_for_reader();
  }
  const bool keep_alive = body_exchange_ == nullptr || body_exchange_->parsed_.keep_alive;
  body_exchange_ = nullptr;
  body_paused_ = false;
  state_ = State::kHead;
  if (!keep_alive) {
    stop_reading_requests();
  }
}

/// From now on a peer that had its own bytes to write is expected to read.
void Connection::wait_for_reader() noexcept { deadlines_.send_moved_ns = now_ns(); }

bool Connection::may_read() const noexcept {
  if (state_ == State::kBody) {
    return !body_paused_;
  }
  return state_ == State::kHead && answers_.size() < kPipelinedRequestsMax &&
         answers_.queued_bytes() < kQueuedReplyBytesMax;
}

/// Bytes have been received that lie behind the request in hand and its body: they are to be
/// answered before the connection ends.
bool Connection::more_requests_behind() const noexcept {
  const size_t behind = in_consume_ ? unread_ : input_.size();
  return behind > (state_ == State::kBody ? body_.bytes_left() : 0);
}

void Connection::update_reading() {
  if (state_ == State::kFree || state_ == State::kClosing) {
    return;
  }
  const bool want = may_read() || state_ == State::kStopped || state_ == State::kLingering;
  if (want != receiving_) {
    receiving_ = want;
    if (want) {
      server_->reactor_.backend().start_receive(stream_);
    } else {
      server_->reactor_.backend().pause_receive(stream_);
    }
  }
}

// ---- Ends

void Connection::on_end_of_stream() {
  if (state_ == State::kFree || state_ == State::kClosing) {
    return;
  }
  peer_finished_ = true;
  if (state_ == State::kLingering) {
    close();
    return;
  }
  // What has come before the end and waits for its turn is read first.
  if (!input_.empty() && !may_read()) {
    return;
  }
  end_input();
  finish_if_done();
}

/// All that the peer has sent has been read. A request cut short is never handled, though the peer
/// may still read that it was; those that came whole are answered.
void Connection::end_input() {
  if (state_ == State::kBody && body_exchange_ != nullptr) {
    RM_CHECK(answers_.is_last(*body_exchange_));
    ConnectionExchange& exchange = *body_exchange_;
    if (exchange.answer_ == ConnectionExchange::Answer::kOwed) {
      refuse({400, exchange.arena_.copy(body_.describe_cut())});
      return;
    }
    tell_of_cut();
    body_exchange_ = nullptr;
    if (switched_ == &exchange) {
      body_.end();
      stop_reading_requests();
      server_->handler_.on_body(exchange, {}, true);
      return;
    }
    abandon(answers_.pop_back());
  }
  stop_reading_requests();
}

void Connection::on_broken() {
  if (state_ == State::kFree || state_ == State::kClosing) {
    return;
  }
  close();
}

void Connection::stop_reading_requests() {
  if (state_ == State::kHead || state_ == State::kBody) {
    state_ = State::kStopped;
    if (!in_consume_) {
      input_.clear();
    }
    collected_.clear();
    mark_dirty();
  }
}

void Connection::finish_if_done() {
  if (state_ != State::kStopped || !answers_.empty() || !answers_.all_sent()) {
    return;
  }
  if (peer_finished_) {
    close();
  } else {
    linger();
  }
}

void Connection::linger() {
  state_ = State::kLingering;
  deadlines_.linger_begun_ns = now_ns();
  server_->reactor_.backend().shutdown_send(stream_);
  update_reading();
  arm_timer();
}

void Connection::close(bool reset) {
  abandon_all();
  input_.clear();
  collected_.clear();
  answers_.drop_ready();
  server_->reactor_.timers().cancel(timer);
  state_ = State::kClosing;
  if (reset) {
    server_->reactor_.backend().reset(stream_);
  } else {
    server_->reactor_.backend().close(stream_);
  }
}

void Connection::on_closed() noexcept {
  RM_CHECK(state_ == State::kClosing);
  // Only now may the memory of a send be used again.
  answers_.on_closed();
  state_ = State::kFree;
  stream_ = io::kNoStream;
}

void Connection::tell_of_cut() {
  if (body_exchange_ != nullptr && body_exchange_ != switched_ && !body_.ended() &&
      body_exchange_->answer_ != ConnectionExchange::Answer::kComplete) {
    server_->handler_.on_body_cut(body_exchange_->head(), body_.bytes_taken());
  }
}

void Connection::tell_abandoned(ConnectionExchange& exchange) {
  if (switched_ == &exchange) {
    switched_ = nullptr;
  }
  if (exchange.seen_by_handler_ && exchange.answer_ != ConnectionExchange::Answer::kComplete) {
    ++server_->stats_.abandoned;
    exchange.answer_ = ConnectionExchange::Answer::kComplete;
    server_->handler_.on_abandoned(exchange);
  }
}

void Connection::abandon(ConnectionExchange& exchange) {
  tell_abandoned(exchange);
  server_->pool_.give_back(exchange);
}

void Connection::abandon_all() {
  tell_of_cut();
  body_exchange_ = nullptr;
  while (!answers_.empty()) {
    abandon(answers_.pop_front());
  }
}

// ---- Answers

void Connection::append_response_head(ConnectionExchange& exchange, const ResponseHead& head,
                                      HeadFrame frame, bool in_parts) {
  RM_CHECK(exchange.answer_ == ConnectionExchange::Answer::kOwed);
  const ParsedHead& request = exchange.parsed_;
  // Answered before its body is in: the rest is skipped if that is cheap, else the connection ends.
  const bool body_coming = body_exchange_ == &exchange && !body_.ended() && !in_parts;
  const bool skip = body_coming && body_.worth_skipping(server_->options_.limits);
  exchange.close_after_ =
      head.close || !request.keep_alive || frame.framing == Framing::kClose ||
      (body_coming && !skip) ||
      (server_->draining() && answers_.is_last(exchange) && !more_requests_behind());
  if (exchange.close_after_) {
    frame.connection = HeadFrame::Connection::kClose;
  } else if (request.head.version_minor == 0) {
    frame.connection = HeadFrame::Connection::kKeepAlive;
  }
  exchange.framing_ = frame.framing;
  append_head(answers_.sink(exchange), head, frame, server_->date());
  exchange.answer_ = ConnectionExchange::Answer::kBegun;
  mark_dirty();
}

void Connection::switch_protocols(ConnectionExchange& exchange, const ResponseHead& head) {
  RM_CHECK(exchange.answer_ == ConnectionExchange::Answer::kOwed);
  RM_CHECK(body_exchange_ == &exchange);
  body_.begin_endless();
  switched_ = &exchange;
  exchange.close_after_ = true;
  exchange.framing_ = Framing::kClose;
  append_head(answers_.sink(exchange), head, {Framing::kNone}, server_->date());
  exchange.answer_ = ConnectionExchange::Answer::kBegun;
  mark_dirty();
}

void Connection::complete(ConnectionExchange& exchange) {
  if (switched_ == &exchange) {
    switched_ = nullptr;
  }
  const bool body_coming = body_exchange_ == &exchange;
  if (body_coming) {
    wait_for_reader();
    // From here on the body belongs to nobody.
    body_exchange_ = nullptr;
    body_.discard(server_->options_.limits);
    body_paused_ = false;
  }
  if (exchange.close_after_) {
    // What came behind it is not answered.
    while (!answers_.is_last(exchange)) {
      if (&answers_.back() == body_exchange_) {
        body_exchange_ = nullptr;
      }
      abandon(answers_.pop_back());
    }
    stop_reading_requests();
  } else if (body_coming && state_ == State::kBody &&
             (!exchange.parsed_.keep_alive ||
              !(body_.ended() || body_.worth_skipping(server_->options_.limits)))) {
    stop_reading_requests();
  }
  deadlines_.idle_since_ns = now_ns();
  mark_dirty();
  answers_.complete(exchange);
}

void Connection::refuse(const Refusal& refusal) {
  if (state_ == State::kBody && body_exchange_ == nullptr) {
    // This request has its answer; only skipping the rest of its body has failed.
    stop_reading_requests();
  } else if (body_exchange_ != nullptr) {
    // It is not handled after all.
    refuse(*std::exchange(body_exchange_, nullptr), refusal);
  } else {
    server_->note_refusal(refusal, nullptr);
    ConnectionExchange& exchange = server_->pool_.take();
    exchange.begin(*this, now_ns());
    exchange.parsed_ = ParsedHead();
    answers_.push(exchange);
    answer_refusal(exchange, refusal);
  }
}

void Connection::refuse(ConnectionExchange& exchange, const Refusal& refusal) {
  RM_CHECK(answers_.is_last(exchange));
  server_->note_refusal(refusal, &exchange.head());
  if (exchange.answer_ == ConnectionExchange::Answer::kBegun) {
    abandon(answers_.pop_back());
    close(true);  // half an answer is out: cutting it is all that can be said
    return;
  }
  tell_abandoned(exchange);
  exchange.disown();
  answer_refusal(exchange, refusal);
}

void Connection::answer_refusal(ConnectionExchange& exchange, const Refusal& refusal) {
  exchange.parsed_.keep_alive = false;
  server_->handler_.answer_refusal(exchange, refusal);
}

void Connection::mark_dirty() {
  if (!dirty) {
    dirty = true;
    server_->dirty_.push_back(this);
  }
}

void Connection::flush() {
  if (state_ == State::kFree || state_ == State::kClosing) {
    return;
  }
  if (wakes_exchange()) {
    server_->handler_.on_due(*switched_);
  }
  if (state_ == State::kClosing || state_ == State::kFree) {
    return;
  }
  if (answers_.send_ready()) {
    deadlines_.send_moved_ns = now_ns();
  }
  if (!answers_.empty() && answers_.front().wants_writable_ &&
      answers_.queued_bytes() <= kQueuedReplyBytesMax / 2) {
    answers_.front().wants_writable_ = false;
    server_->handler_.on_writable(answers_.front());
    if (answers_.bytes_ready()) {
      mark_dirty();
    }
  }
  if (state_ == State::kHead || state_ == State::kBody) {
    if (!input_.empty() && may_read()) {
      go_on();
    }
    if (peer_finished_ && may_read()) {
      end_input();
    }
    update_reading();
  }
  finish_if_done();
  if (state_ != State::kClosing && state_ != State::kFree) {
    arm_timer();
  }
}

void Connection::on_sent(int32_t result) {
  if (state_ == State::kClosing || state_ == State::kFree) {
    return;
  }
  if (result < 0) {
    close();
    return;
  }
  deadlines_.send_moved_ns = now_ns();
  if (!answers_.on_sent(static_cast<size_t>(result))) {
    return;
  }
  server_->handler_.on_written(now_ns() - answers_.send_begun_ns());
  const bool waiting = !answers_.empty() && answers_.front().wants_writable_;
  if (answers_.bytes_ready() || waiting || !input_.empty() || state_ == State::kStopped ||
      receiving_ != may_read()) {
    mark_dirty();
  }
}

// ---- Time

/// A peer may write all of its body before it reads the answer that has begun meanwhile.
bool Connection::peer_writes_first() const noexcept {
  return state_ == State::kBody && !body_paused_ && body_exchange_ != nullptr &&
         switched_ == nullptr && body_exchange_->answer_ == ConnectionExchange::Answer::kBegun;
}

/// Its time has come, and is taken as told.
bool Connection::wakes_exchange() {
  if (switched_ == nullptr || switched_->due_ns_ > now_ns()) {
    return false;
  }
  switched_->due_ns_ = Deadlines::kNever;
  return true;
}

uint64_t Connection::waited_ns() const noexcept {
  return server_->reactor_.backend().waited_ns(stream_);
}

uint64_t Connection::deadline_ns() const noexcept {
  const Limits& limits = server_->options_.limits;
  if (state_ == State::kLingering) {
    return deadlines_.linger(limits);
  }
  const Deadlines::DrainBegun drain = server_->drain_begun_ns_;
  uint64_t deadline = Deadlines::kNever;
  if (answers_.sending() && !peer_writes_first()) {
    deadline = deadlines_.send(limits, drain);
  }
  if (switched_ != nullptr) {
    deadline = std::min(deadline, switched_->due_ns_);
  } else if (state_ == State::kBody && !body_paused_) {
    deadline = std::min(deadline, deadlines_.body(limits, drain));
  } else if (idle()) {
    deadline = deadlines_.idle(limits, drain);
  } else if (state_ == State::kHead && !input_.empty() && may_read()) {
    deadline = std::min(deadline, deadlines_.head(limits, drain));
  }
  return deadline;
}

void Connection::arm_timer() {
  if (state_ == State::kFree || state_ == State::kClosing) {
    return;
  }
  const uint64_t deadline = deadline_ns();
  if (deadline != Deadlines::kNever && (!timer.scheduled() || deadline < timer.deadline_ns)) {
    server_->reactor_.timers().schedule(timer, deadline);
  }
}

void Connection::on_timer() {
  if (state_ == State::kFree || state_ == State::kClosing) {
    return;
  }
  const uint64_t now = now_ns();
  // Deadlines move on with progress; the timer catches up only when it fires.
  if (deadline_ns() > now) {
    arm_timer();
    return;
  }
  if (state_ == State::kLingering || idle()) {
    close();
    return;
  }
  if (answers_.sending() && !peer_writes_first() &&
      deadlines_.send(server_->options_.limits, server_->drain_begun_ns_) <= now) {
    close(true);
    return;
  }
  if (switched_ != nullptr) {
    if (wakes_exchange()) {
      server_->handler_.on_due(*switched_);
    }
    arm_timer();
    return;
  }
  refuse({408, state_ == State::kBody ? "the body came too slowly, or stopped coming"
                                      : "the request head did not come within its time"});
  arm_timer();
}

void Connection::begin_drain() { arm_timer(); }

}  // namespace ringmaker::http
