// SessionRoute: invocations that open, use or close a session (X-Amzn-SageMaker-Session-Id).
//
//   NEW_SESSION  the answer names a new session. A body of {"requestType":"NEW_SESSION"}, or none,
//                asks for nothing else; any other is scored.
//   an id        scored as ever, where the session is open; {"requestType":"CLOSE"} closes it.
//
// Our models keep no state, so that a session is an identity with a lifetime and nothing more. An
// id is checked by whichever shard the connection has come to (SessionId). Closing is told to every
// shard, and answered when each has heard it: then the id is good nowhere. What expires makes room
// for others at its second, on a shard that nobody asks for anything too.
#pragma once

#include "http/handler.h"
#include "serve/invocations.h"
#include "serve/metrics.h"
#include "serve/session_exchange.h"
#include "serve/session_reservations.h"
#include "serve/session_table.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

/// A session on its way out. Owned by the shard that was asked; other shards only count down.
struct SessionClosing {
  Session session;
  std::atomic<size_t> shards_left{0};
  // The owner's alone:
  http::Exchange* exchange = nullptr;  // null: whoever asked has gone
  Route route = Route::kInvocations;
  size_t next_shard = 0;  // to be told
  bool busy = false;
};

/// Not thread-safe: one a shard.
class SessionRoute {
 public:
  /// Tells a shard. False when its mailbox is full.
  using Tell = std::function<bool(size_t shard, SessionClosing& closing)>;

  SessionRoute(size_t shard, const SessionOptions& options, SessionCount& open,
               io::Reactor& reactor, ModelTable& models, Invocations& invocations, Tell tell);
  ~SessionRoute() { reactor_.timers().cancel(expiry_); }
  SessionRoute(const SessionRoute&) = delete;
  SessionRoute& operator=(const SessionRoute&) = delete;

  /// The request has the header field.
  [[nodiscard]] static bool is_asked(const http::RequestHead& head) noexcept {
    return !head.header(session_header::kSession).empty();
  }
  /// An invocation of `model`, for which is_asked().
  http::BodyMode on_head(http::Exchange& exchange, ShardModel& model, Route route);
  /// Whether the exchange waits for its body, or for shards, here. If not it is an invocation's.
  [[nodiscard]] bool holds(http::Exchange& exchange) const noexcept;
  /// Of an exchange that it holds.
  void on_request(http::Exchange& exchange, std::string_view body);
  /// The same of a body in chunks, whose length shows when it ends.
  void on_body(http::Exchange& exchange, std::string_view piece, bool last);
  /// Of any. What it had reserved is free; whether it was held here.
  bool on_abandoned(http::Exchange& exchange);

  /// For a stream, which may use a session and not open one: a sentence where it may not.
  [[nodiscard]] std::string_view why_not_stream(const http::RequestHead& head) const;

  /// Another shard closes a session.
  void heed(SessionClosing& closing);
  /// Tells shards that could not be told, answers what all have heard of, and frees the places of
  /// what has expired.
  void work();
  [[nodiscard]] bool work_pending() const noexcept { return closings_busy_ > 0; }

 private:
  /// A request whose body may say that it is none.
  struct Pending {
    http::Exchange* exchange = nullptr;  // as Invocations would see it
    ShardModel* model = nullptr;
    Route route = Route::kInvocations;
    std::optional<Session> session;  // nothing: it asks for one
    std::string text;                // of a body in chunks, so far
  };

  [[nodiscard]] uint64_t now_s() const noexcept;
  http::BodyMode refuse(http::Exchange& exchange, Route route, int status,
                        std::string_view sentence);
  [[nodiscard]] Pending end(Pending& pending);
  /// The body is whole and short enough to say something of a session.
  void decide(const Pending& request, std::string_view body);
  void close(http::Exchange& exchange, Route route, const Session& session);
  void go_on(SessionClosing& closing);
  void await_expiry();

  size_t shard_;
  size_t shards_;
  SessionTable sessions_;
  SessionReservations reservations_{sessions_};
  io::Timer expiry_{.owner = io::TimerWheel::kNobody};  // of the next session to expire
  io::Reactor& reactor_;
  ModelTable& models_;
  Invocations& invocations_;
  Tell tell_;
  std::vector<std::unique_ptr<Pending>> pending_;  // those without an exchange are free
  size_t pending_busy_ = 0;
  std::vector<std::unique_ptr<SessionClosing>> closings_;
  size_t closings_busy_ = 0;
};

}  // namespace ringmaker::serve
