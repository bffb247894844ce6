#include "http/connection_exchange.h"

#include "base/check.h"
#include "http/connection.h"

namespace ringmaker::http {

ConnectionExchange::ConnectionExchange() : arena_(4096) {}

void ConnectionExchange::begin(Connection& connection, uint64_t started_ns) noexcept {
  connection_ = &connection;
  started_ns_ = started_ns;
}

void ConnectionExchange::disown() noexcept {
  user_ = nullptr;
  answer_ = Answer::kOwed;
  seen_by_handler_ = false;
}

void ConnectionExchange::end() noexcept {
  constexpr size_t kArenaKept = size_t{16} * 1024;
  connection_ = nullptr;
  arena_.reset(kArenaKept);
  due_ns_ = Deadlines::kNever;
  user_ = nullptr;
  answer_ = Answer::kOwed;
  framing_ = Framing::kLength;
  close_after_ = false;
  wants_writable_ = false;
  seen_by_handler_ = false;
}

void ConnectionExchange::respond(const ResponseHead& head, std::string_view body) {
  RM_CHECK(connection_ != nullptr);
  const bool bodiless = head.status == 204 || head.status == 304;
  connection_->append_response_head(
      *this, head, {bodiless ? Framing::kNone : Framing::kLength, body.size()}, false);
  if (!bodiless && parsed_.head.method != Method::kHead) {
    connection_->answers_.sink(*this) += body;
  }
  connection_->complete(*this);
}

void ConnectionExchange::begin_response(const ResponseHead& head,
                                        std::optional<uint64_t> body_bytes) {
  RM_CHECK(connection_ != nullptr);
  HeadFrame frame{Framing::kLength, body_bytes.value_or(0)};
  if (!body_bytes) {
    frame.framing = parsed_.head.version_minor > 0 ? Framing::kChunked : Framing::kClose;
  }
  connection_->append_response_head(*this, head, frame, true);
}

bool ConnectionExchange::write(std::string_view part) {
  RM_CHECK(answer_ == Answer::kBegun);
  if (!part.empty() && parsed_.head.method != Method::kHead) {
    std::string& out = connection_->answers_.sink(*this);
    if (framing_ == Framing::kChunked) {
      append_chunk(out, part);
    } else {
      out += part;
    }
    connection_->mark_dirty();
  }
  const bool enough = connection_->answers_.queued_bytes() + held_.size() >= kQueuedReplyBytesMax;
  wants_writable_ = enough;
  return !enough;
}

void ConnectionExchange::finish() {
  RM_CHECK(answer_ == Answer::kBegun);
  if (framing_ == Framing::kChunked && parsed_.head.method != Method::kHead) {
    connection_->answers_.sink(*this) += "0\r\n\r\n";
  }
  connection_->complete(*this);
}

void ConnectionExchange::abort(std::string_view /*why*/) {
  RM_CHECK(answer_ == Answer::kBegun);
  if (framing_ == Framing::kClose) {
    answer_ = Answer::kComplete;
    connection_->close(true);
    return;
  }
  close_after_ = true;
  connection_->complete(*this);
}

uint64_t ConnectionExchange::waited_ns() const noexcept { return connection_->waited_ns(); }

void ConnectionExchange::switch_protocols(const ResponseHead& head) {
  RM_CHECK(connection_ != nullptr);
  connection_->switch_protocols(*this, head);
}

void ConnectionExchange::wake_at(uint64_t time_ns) {
  due_ns_ = time_ns;
  if (time_ns <= connection_->now_ns()) {
    connection_->mark_dirty();
  } else {
    connection_->arm_timer();
  }
}

void ConnectionExchange::pause_body() {
  if (connection_->body_exchange_ == this) {
    if (connection_->peer_writes_first()) {
      connection_->wait_for_reader();
    }
    connection_->body_paused_ = true;
  }
}

void ConnectionExchange::resume_body() {
  if (connection_->body_exchange_ == this && connection_->body_paused_) {
    connection_->body_paused_ = false;
    connection_->deadlines_.body_moved_ns = connection_->now_ns();
    connection_->mark_dirty();
  }
}

}  // namespace ringmaker::http
