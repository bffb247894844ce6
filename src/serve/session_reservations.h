// SessionReservations: places of sessions that requests in hand may open.
//
// A place is taken when a request's head is read and becomes the session's when its answer is a
// good one. However else the request ends, the place is given back.
#pragma once

#include "http/exchange.h"
#include "serve/session_table.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace ringmaker::serve {

/// Not thread-safe: one a shard. `sessions` must outlive it.
class SessionReservations {
 public:
  explicit SessionReservations(SessionTable& sessions) noexcept : sessions_(sessions) {}

  [[nodiscard]] SessionTable& sessions() noexcept { return sessions_; }

  /// For the request of `exchange`, or of one that it forwards to.
  void add(const http::Exchange& exchange, const Session& session) {
    reserved_.push_back({&exchange.head(), session});
  }
  /// Its answer names the session, which now is open.
  void keep(const http::Exchange& exchange) { take_out(exchange, false); }
  /// It fails, or has gone. Harmless where it has none.
  void give_back(const http::Exchange& exchange) { take_out(exchange, true); }

 private:
  struct Reservation {
    const http::RequestHead* request;  // all exchanges of a request have one
    Session session;
  };

  void take_out(const http::Exchange& exchange, bool close) {
    const auto found = std::ranges::find(reserved_, &exchange.head(), &Reservation::request);
    if (found == reserved_.end()) {
      return;
    }
    if (close) {
      sessions_.close(found->session);
    }
    *found = reserved_.back();
    reserved_.pop_back();
  }

  SessionTable& sessions_;
  std::vector<Reservation> reserved_;
};

}  // namespace ringmaker::serve
