#include "serve/session_route.h"

#include "base/check.h"
#include "base/clock.h"
#include "codec/media_type.h"
#include "serve/coded_body.h"
#include "serve/error_reply.h"
#include "serve/response_streaming.h"
#include "serve/session_request.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

namespace ringmaker::serve {
namespace {

constexpr std::string_view kNewSession = "NEW_SESSION";
constexpr std::string_view kClose = "CLOSE";
constexpr std::string_view kStreamsOpenNone =
    "a stream uses a session and cannot open one; open it with an invocation";
constexpr std::string_view kUnknown =
    "the session is unknown here, closed or expired; open one with the session id NEW_SESSION";

/// `coded` as it was, in `buffer`; empty when it is broken or does not fit: then it is a payload.
std::string_view inflated(std::string_view coded, wire::Coding coding, std::span<char> buffer) {
  InflaterPool pool;
  CodedBody body;
  body.begin(coding, pool, buffer.size());
  body.append(coded, true);
  const CodedBody::Step step = body.inflate(buffer);
  body.end();
  return step.verdict == CodedBody::Verdict::kDone ? std::string_view(buffer.data(), step.bytes)
                                                   : std::string_view();
}

}  // namespace

SessionRoute::SessionRoute(size_t shard, const SessionOptions& options, SessionCount& open,
                           io::Reactor& reactor, ModelTable& models, Invocations& invocations,
                           Tell tell)
    : shard_(shard),
      shards_(options.shards),
      sessions_(shard, options, open),
      reactor_(reactor),
      models_(models),
      invocations_(invocations),
      tell_(std::move(tell)) {}

uint64_t SessionRoute::now_s() const noexcept {
  return reactor_.clock().wall_ns() / base::kNanosecondsPerSecond;
}

http::BodyMode SessionRoute::refuse(http::Exchange& exchange, Route route, int status,
                                    std::string_view sentence) {
  invocations_.access().refused(exchange.head(), status, sentence);
  invocations_.count(exchange, route, status);
  reply_error(exchange, status, sentence);
  return http::BodyMode::kDiscard;
}

http::BodyMode SessionRoute::on_head(http::Exchange& exchange, ShardModel& model, Route route) {
  const http::RequestHead& head = exchange.head();
  const std::string_view id = head.header(session_header::kSession);
  http::Exchange* inner = &exchange;
  std::optional<Session> session;
  if (id == kNewSession && asks_for_streaming(head)) {
    return refuse(exchange, route, 400, kStreamsOpenNone);
  }
  if (id == kNewSession) {
    const std::optional<Session> opened = sessions_.open(now_s());
    if (!opened) {
      return refuse(exchange, route, 503, "as many sessions are open as may be; retry later");
    }
    await_expiry();
    inner = &SessionExchange::make(exchange, reservations_, *opened);
  } else {
    session = sessions_.find(id, now_s());
    if (!session) {
      return refuse(exchange, route, 400, kUnknown);
    }
  }
  // What is no JSON and of unknown length may be one of the payloads that go on and on, whose
  // first scores somebody waits for.
  const bool chunked_json =
      head.chunked && codec::request_format(head.header("Content-Type")) == codec::Format::kJson;
  const bool short_body = head.content_length && *head.content_length <= kSessionRequestBytesMax;
  if (head.method != http::Method::kPost || !(short_body || chunked_json)) {
    return invocations_.on_head(*inner, model, route);
  }
  if (pending_busy_ == pending_.size()) {
    pending_.push_back(std::make_unique<Pending>());
  }
  Pending& pending = **std::find_if(pending_.begin(), pending_.end(), [](const auto& candidate) {
    return candidate->exchange == nullptr;
  });
  ++pending_busy_;
  pending = {inner, &model, route, session, {}};
  models_.enter(model);
  inner->user() = &pending;
  return head.chunked ? http::BodyMode::kStream : http::BodyMode::kCollect;
}

bool SessionRoute::holds(http::Exchange& exchange) const noexcept {
  if (pending_busy_ == 0 && closings_busy_ == 0) {
    return false;
  }
  const void* const user = exchange.user();
  return std::any_of(pending_.begin(), pending_.end(),
                     [user](const auto& pending) {
                       return pending->exchange != nullptr && pending.get() == user;
                     }) ||
         std::any_of(closings_.begin(), closings_.end(), [user](const auto& closing) {
           return closing->busy && closing.get() == user;
         });
}

SessionRoute::Pending SessionRoute::end(Pending& pending) {
  --pending_busy_;
  models_.leave(*pending.model);
  pending.exchange->user() = nullptr;
  return std::exchange(pending, {});
}

void SessionRoute::on_request(http::Exchange& exchange, std::string_view body) {
  decide(end(*static_cast<Pending*>(exchange.user())), body);
}

void SessionRoute::on_body(http::Exchange& exchange, std::string_view piece, bool last) {
  Pending& pending = *static_cast<Pending*>(exchange.user());
  const bool too_long = pending.text.size() + piece.size() > kSessionRequestBytesMax;
  pending.text += piece;
  if (!last && !too_long) {
    return;
  }
  const Pending request = end(pending);
  if (!too_long) {
    decide(request, request.text);
  } else if (invocations_.on_head(*request.exchange, *request.model, request.route) ==
             http::BodyMode::kStream) {
    invocations_.on_body(*request.exchange, request.text, last);
  }
}

void SessionRoute::decide(const Pending& request, std::string_view body) {
  http::Exchange& inner = *request.exchange;
  std::array<char, kSessionRequestBytesMax> buffer;
  const auto coding = content_coding(inner.head()).coding;
  std::string type = session_request(coding ? inflated(body, *coding, buffer) : body);
  if (body.empty() && !request.session) {
    type = kNewSession;  // whoever sends nothing with this id wants nothing else
  }
  if (type.empty()) {
    const http::BodyMode mode = invocations_.on_head(inner, *request.model, request.route);
    if (mode == http::BodyMode::kCollect) {
      invocations_.on_request(inner, body);
    } else if (mode == http::BodyMode::kStream) {
      invocations_.on_body(inner, body, true);
    }
  } else if (type == kNewSession && !request.session) {
    invocations_.count(inner, request.route, 200);
    static_cast<SessionExchange&>(inner).respond_opened();
  } else if (type == kClose && request.session) {
    close(inner, request.route, *request.session);
  } else {
    refuse(inner, request.route, 400,
           "requestType is NEW_SESSION with the session id NEW_SESSION, and CLOSE with the id of a "
           "session");
  }
}

bool SessionRoute::on_abandoned(http::Exchange& exchange) {
  reservations_.give_back(exchange);
  if (!holds(exchange)) {
    return false;
  }
  void* const user = exchange.user();
  for (const auto& closing : closings_) {
    if (closing->busy && closing.get() == user) {
      closing->exchange = nullptr;
      return true;
    }
  }
  (void)end(*static_cast<Pending*>(user));
  return true;
}

std::string_view SessionRoute::why_not_stream(const http::RequestHead& head) const {
  const std::string_view id = head.header(session_header::kSession);
  if (id == kNewSession) {
    return kStreamsOpenNone;
  }
  return id.empty() || sessions_.find(id, now_s()) ? std::string_view() : kUnknown;
}

// ---- Closing

void SessionRoute::close(http::Exchange& exchange, Route route, const Session& session) {
  if (closings_busy_ == closings_.size()) {
    closings_.push_back(std::make_unique<SessionClosing>());
  }
  SessionClosing& closing = **std::find_if(closings_.begin(), closings_.end(),
                                           [](const auto& candidate) { return !candidate->busy; });
  ++closings_busy_;
  closing.session = session;
  closing.exchange = &exchange;
  closing.route = route;
  closing.next_shard = 0;
  closing.busy = true;
  closing.shards_left.store(shards_ - 1, std::memory_order_relaxed);
  exchange.user() = &closing;
  sessions_.close(session);
  go_on(closing);
}

/// Others first, so that they may hear of it while we go on; answers when all have.
void SessionRoute::go_on(SessionClosing& closing) {
  for (; closing.next_shard < shards_; ++closing.next_shard) {
    if (closing.next_shard != shard_ && !tell_(closing.next_shard, closing)) {
      return;
    }
  }
  if (closing.shards_left.load(std::memory_order_acquire) > 0) {
    return;
  }
  closing.busy = false;
  --closings_busy_;
  if (closing.exchange == nullptr) {
    return;
  }
  http::Exchange& exchange = *closing.exchange;
  const SessionId id = sessions_.id_of(closing.session);
  const std::array<http::Header, 1> fields{{{session_header::kClosed, id.text()}}};
  exchange.user() = nullptr;
  invocations_.count(exchange, closing.route, 200);
  exchange.respond({.status = 200, .content_type = "application/json", .extra_headers = fields},
                   "{\"session\":\"closed\"}\n");
}

void SessionRoute::heed(SessionClosing& closing) {
  sessions_.close(closing.session);
  closing.shards_left.fetch_sub(1, std::memory_order_release);
}

/// A wait ends at the next expiry, if there is one.
void SessionRoute::await_expiry() {
  if (expiry_.scheduled() || sessions_.next_expiry_s() == SessionTable::kNever) {
    return;
  }
  const uint64_t wall_ns = reactor_.clock().wall_ns();
  const uint64_t expiry_ns = sessions_.next_expiry_s() * base::kNanosecondsPerSecond;
  reactor_.timers().schedule(expiry_, reactor_.now_ns() + expiry_ns - std::min(wall_ns, expiry_ns));
}

void SessionRoute::work() {
  if (expiry_.scheduled() && reactor_.now_ns() >= expiry_.deadline_ns) {
    reactor_.timers().cancel(expiry_);
    sessions_.free_expired(now_s());
    await_expiry();
  }
  for (size_t i = 0; i < closings_.size() && closings_busy_ > 0; ++i) {
    if (closings_[i]->busy) {
      go_on(*closings_[i]);
    }
  }
}

}  // namespace ringmaker::serve
