#include "serve/message_stream.h"

#include "base/check.h"
#include "http/websocket_code.h"

#include <algorithm>
#include <utility>

namespace ringmaker::serve {
namespace {

namespace code = http::websocket_code;
using http::WebsocketOpcode;
using Kind = http::WebsocketReader::Kind;

constexpr uint64_t kNever = UINT64_MAX;
/// A message that came in pieces is decoded in one go up to here, as a body is.
constexpr size_t kCollectedMax = 64 * 1024;
/// So much of an answer is held while those before it are owed; the rest waits as scores.
constexpr size_t kHeldMax = 64 * 1024;

}  // namespace

MessageStream::MessageStream(StreamSurroundings& surroundings) : around_(surroundings) {
  for (auto& message : messages_) {
    message = std::make_unique<MessageExchange>(*this);
  }
}

void MessageStream::open(http::Exchange& socket) {
  RM_CHECK(socket_ == nullptr && count_ == 0 && collected_.empty() && unread_.empty());
  socket_ = &socket;
  head_.open(socket.head(), socket.arena());
  reader_.open(around_.options.message_bytes_max);
  state_ = State::kOpen;
  peer_closed_ = false;
  peer_ended_ = false;
  behind_ = false;
  paused_ = false;
  message_paused_ = false;
  full_ = false;
  soon_ = false;
  draining_ = false;
  heard_ns_ = around_.reactor.now_ns();
  message_ns_ = heard_ns_;
  ping_ns_ = 0;
  arm();
}

// ---- Messages

void MessageStream::on_bytes(std::string_view bytes, bool last) {
  heard_ns_ = around_.reactor.now_ns();
  ping_ns_ = 0;
  peer_ended_ |= last;
  if (behind_) {
    unread_ += bytes;
  } else {
    read(bytes);
  }
  settle();
}

bool MessageStream::may_read() const noexcept {
  // Of a stream that closes only the peer's close frame is of interest.
  return state_ != State::kOpen ||
         (!message_paused_ && !full_ && (count_ < messages_.size() || reader_.in_message()));
}

void MessageStream::read(std::string_view bytes) {
  reader_.give(bytes);
  for (behind_ = !may_read(); !behind_; behind_ = !may_read()) {
    const http::WebsocketReader::Event event = reader_.next();
    if (event.kind == Kind::kNeedMore) {
      return;
    }
    take(event);
  }
  if (!reader_.rest().empty()) {
    unread_ = around_.spare.take();
    unread_ = reader_.rest();
  }
}

/// With what was left when reading stopped.
void MessageStream::go_on() {
  std::string bytes = std::exchange(unread_, {});
  heard_ns_ = around_.reactor.now_ns();
  data_ns_ = heard_ns_;
  read(bytes);
  around_.spare.give_back(bytes);
}

void MessageStream::take(const http::WebsocketReader::Event& event) {
  switch (event.kind) {
    case Kind::kData:
      if (state_ == State::kOpen) {
        take_data(event);
      }
      break;
    case Kind::kPing:
      if (state_ != State::kClosed) {
        control(WebsocketOpcode::kPong, event.data);
      }
      break;
    case Kind::kClose:
    case Kind::kFailed:
      peer_closed_ = true;
      begin_close(event.code, event.data);
      break;
    case Kind::kPong:
    case Kind::kNeedMore:
      break;
  }
}

void MessageStream::take_data(const http::WebsocketReader::Event& event) {
  data_ns_ = around_.reactor.now_ns();
  if (event.first) {
    begin_message();
  }
  if (incoming_ == nullptr) {
    // It has its answer: what is left of it is nobody's.
  } else if (incoming_large_) {
    around_.invocations.on_body(*incoming_, event.data, event.last);
  } else if (event.first && event.last) {
    invoke(event.data);
  } else if (!collect(event.data)) {
    begin_large(collected_);
    if (incoming_ != nullptr) {
      around_.invocations.on_body(*incoming_, event.data, event.last);
    }
  } else if (event.last) {
    invoke(collected_);
  }
  if (event.last) {
    incoming_ = nullptr;
    let_go_of_collected();
    message_ns_ = data_ns_;
  }
}

void MessageStream::begin_message() {
  RM_CHECK(count_ < messages_.size());
  ++count_;
  incoming_ = &back();
  incoming_large_ = false;
  incoming_->begin(around_.reactor.now_ns());
}

void MessageStream::invoke(std::string_view payload) {
  MessageExchange& message = *incoming_;
  message.head_ = head_.of(payload, payload.size());
  const http::BodyMode mode =
      around_.invocations.on_head(message, *around_.models.own(), Route::kStream);
  if (mode == http::BodyMode::kCollect) {
    around_.invocations.on_request(message, payload);
  } else if (mode == http::BodyMode::kStream) {
    around_.invocations.on_body(message, payload, true);
  }
}

/// `payload` is what has come so far.
void MessageStream::begin_large(std::string_view payload) {
  MessageExchange& message = *incoming_;
  message.head_ = head_.of(payload, std::nullopt);
  const http::BodyMode mode =
      around_.invocations.on_head(message, *around_.models.own(), Route::kStream);
  if (mode != http::BodyMode::kDiscard) {
    incoming_large_ = true;
    around_.invocations.on_body(message, payload, false);
  }
}

bool MessageStream::collect(std::string_view piece) {
  if (piece.size() > kCollectedMax - collected_.size() ||
      around_.collected_bytes + piece.size() > around_.options.collected_bytes_max) {
    return false;
  }
  around_.collected_bytes += piece.size();
  if (collected_.empty()) {
    collected_ = around_.spare.take();
  }
  collected_ += piece;
  return true;
}

void MessageStream::let_go_of_collected() {
  around_.collected_bytes -= collected_.size();
  around_.spare.give_back(collected_);
}

void MessageStream::update_reading() {
  const bool pause = behind_ || !may_read();
  if (pause == paused_) {
    return;
  }
  paused_ = pause;
  if (pause) {
    socket_->pause_body();
    return;
  }
  // Its silence was ours.
  heard_ns_ = around_.reactor.now_ns();
  data_ns_ = heard_ns_;
  socket_->resume_body();
}

void MessageStream::settle() {
  if (peer_ended_ && !behind_) {
    peer_closed_ = true;
    begin_close(code::kGoingAway, "the stream has ended");
  }
  close_if_done();
  if (socket_ != nullptr) {
    update_reading();
    arm();
  }
}

// ---- Answers

bool MessageStream::write(std::string_view frames) {
  const bool was_full = full_;
  full_ = !socket_->write(frames);
  if (full_ && !was_full) {
    update_reading();
  } else if (was_full && !full_) {
    soon();
  }
  return !full_;
}

bool MessageStream::emit(MessageExchange& message, std::string_view payload, bool last) {
  const WebsocketOpcode opcode = message.continues_ ? WebsocketOpcode::kContinuation
                                 : message.binary_  ? WebsocketOpcode::kBinary
                                                    : WebsocketOpcode::kText;
  message.continues_ = true;
  if (&message == &front()) {
    around_.frame.clear();
    around_.writer.append(around_.frame, opcode, payload, last);
    return write(around_.frame);
  }
  if (message.held_.empty()) {
    message.held_ = around_.spare.take();
  }
  around_.writer.append(message.held_, opcode, payload, last);
  return message.held_.size() < kHeldMax;
}

void MessageStream::control(WebsocketOpcode opcode, std::string_view payload) {
  around_.frame.clear();
  around_.writer.append(around_.frame, opcode, payload);
  write(around_.frame);
}

void MessageStream::complete(MessageExchange& message) {
  message.complete_ = true;
  if (incoming_ == &message) {
    incoming_ = nullptr;
    message_paused_ = false;
  }
  drop_complete();
  if (behind_ || draining_ || state_ != State::kOpen || (count_ > 0 && front().wants_writable_)) {
    soon();
  }
}

void MessageStream::drop_complete() {
  while (count_ > 0 && front().complete_) {
    first_ = (first_ + 1) % messages_.size();
    --count_;
    if (count_ > 0 && !front().held_.empty()) {
      write(front().held_);
      around_.spare.give_back(front().held_);
    }
  }
}

/// It will not be answered, whatever has been begun for it.
void MessageStream::drop_back() {
  MessageExchange& message = back();
  --count_;
  if (incoming_ == &message) {
    incoming_ = nullptr;
    message_paused_ = false;
  }
  around_.spare.give_back(message.held_);
  if (!message.complete_ && message.user_ != nullptr) {
    message.complete_ = true;
    around_.invocations.on_abandoned(message);
  }
}

void MessageStream::abort(MessageExchange& message) {
  message.complete_ = true;
  // What came behind it cannot be answered within a message that has no end.
  while (&back() != &message) {
    drop_back();
  }
  drop_back();
  begin_close(code::kInternal, "an answer that has begun could not be completed");
  soon();
}

void MessageStream::pause(MessageExchange& message) noexcept {
  message_paused_ = incoming_ == &message;
}

void MessageStream::resume(MessageExchange& message) {
  if (incoming_ == &message) {
    message_paused_ = false;
    soon();
  }
}

/// The front may have more to write.
void MessageStream::let_write() {
  if (count_ > 0 && front().wants_writable_ && !full_) {
    front().wants_writable_ = false;
    around_.invocations.on_writable(front());
  }
}

void MessageStream::on_writable() {
  full_ = false;
  on_due();
}

// ---- Ends

void MessageStream::begin_close(uint16_t code, std::string_view reason) {
  if (state_ != State::kOpen) {
    return;
  }
  state_ = State::kClosing;
  close_code_ = code;
  close_reason_ = reason;
  if (incoming_ != nullptr) {
    drop_back();  // which it is
  }
  let_go_of_collected();
  const bool a_mistake = code != code::kNormal && code != code::kGoingAway && code != code::kNone;
  if (a_mistake && around_.invocations.access().errors()) {
    around_.log.write(telemetry::Level::kWarn, "stream_closed",
                      {{"route", socket_->head().path},
                       {"code", uint64_t{code}},
                       {"detail", reason},
                       {"request_id", socket_->head().header("X-Amzn-SageMaker-Inference-Id")}});
  }
}

void MessageStream::close_if_done() {
  if (state_ == State::kClosing && count_ == 0) {
    state_ = State::kClosed;
    closed_ns_ = around_.reactor.now_ns();
    around_.frame.clear();
    around_.writer.append_close(around_.frame, close_code_, close_reason_);
    write(around_.frame);
  }
  if (state_ == State::kClosed && peer_closed_) {
    around_.spare.give_back(unread_);
    std::exchange(socket_, nullptr)->finish();
  }
}

void MessageStream::on_abandoned() {
  while (count_ > 0) {
    drop_back();
  }
  let_go_of_collected();
  around_.spare.give_back(unread_);
  socket_ = nullptr;
}

void MessageStream::begin_drain() {
  draining_ = true;
  drain_ns_ = around_.reactor.now_ns();
  arm();
}

// ---- Time

/// What was put off is done at the end of this turn: those who call are in the midst of something.
void MessageStream::soon() {
  soon_ = true;
  socket_->wake_at(0);
}

void MessageStream::arm() { socket_->wake_at(soon_ ? 0 : due_ns()); }

/// When heed_time() has something to do.
uint64_t MessageStream::due_ns() const noexcept {
  const StreamOptions& options = around_.options;
  if (state_ == State::kClosed) {
    return closed_ns_ + options.close_ns;
  }
  if (state_ == State::kClosing) {
    return kNever;
  }
  uint64_t due = kNever;
  if (draining_) {
    const bool idle = !behind_ && !reader_.in_message();
    due = drain_ns_ + (idle ? options.drain_ns : options.drain_stall_ns);
  }
  if (paused_) {
    return due;
  }
  if (reader_.in_message()) {
    due = std::min(due, data_ns_ + options.stall_ns);
  } else if (options.idle_ns != 0 && count_ == 0) {
    due = std::min(due, message_ns_ + options.idle_ns);
  }
  if (options.ping_ns != 0) {
    due = std::min(due, ping_ns_ == 0 ? heard_ns_ + options.ping_ns : ping_ns_ + options.pong_ns);
  }
  return due;
}

void MessageStream::heed_time(uint64_t now_ns) {
  if (now_ns < due_ns()) {
    return;
  }
  const StreamOptions& options = around_.options;
  if (state_ == State::kClosed) {
    peer_closed_ = true;  // it takes too long
  } else if (draining_ && now_ns >= drain_ns_ + options.drain_ns) {
    begin_close(code::kGoingAway, "the server is going away");
  } else if (reader_.in_message() && now_ns >= data_ns_ + options.stall_ns) {
    begin_close(code::kPolicy, "a message stopped coming before its end");
  } else if (ping_ns_ != 0 && now_ns >= ping_ns_ + options.pong_ns) {
    peer_closed_ = true;
    begin_close(code::kInternal, "a ping was not answered");
  } else if (options.ping_ns != 0 && ping_ns_ == 0 && now_ns >= heard_ns_ + options.ping_ns) {
    ping_ns_ = now_ns;
    control(WebsocketOpcode::kPing, {});
  } else {
    begin_close(code::kNormal, "no message came for a long time");
  }
}

void MessageStream::on_due() {
  soon_ = false;
  let_write();
  if (behind_ && may_read()) {
    go_on();
  }
  heed_time(around_.reactor.now_ns());
  settle();
}

}  // namespace ringmaker::serve
