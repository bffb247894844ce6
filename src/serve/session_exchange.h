// SessionExchange: an invocation that opens a session, if it goes well.
//
// Who answers it sees an exchange like all others; the caller finds the session's id and end on the
// answer, in the header field of AWS's guide and in that of its API.
#pragma once

#include "serve/forwarding_exchange.h"
#include "serve/session_reservations.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::serve {

namespace session_header {
inline constexpr std::string_view kSession = "X-Amzn-SageMaker-Session-Id";
inline constexpr std::string_view kNew = "X-Amzn-SageMaker-New-Session-Id";
inline constexpr std::string_view kClosed = "X-Amzn-SageMaker-Closed-Session-Id";
}  // namespace session_header

/// Both must outlive it.
class SessionExchange final : public ForwardingExchange {
 public:
  /// `session` has a place, which is reserved for it from now until the answer.
  static SessionExchange& make(http::Exchange& outer, SessionReservations& reservations,
                               const Session& session) {
    reservations.add(outer, session);
    return make_in_arena<SessionExchange>(outer, reservations, session);
  }

  void respond(const http::ResponseHead& head, std::string_view body) override;
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override;

  /// The answer to who asked for a session and nothing else.
  void respond_opened();

 private:
  friend class ForwardingExchange;
  SessionExchange(http::Exchange& outer, SessionReservations& reservations,
                  const Session& session) noexcept
      : ForwardingExchange(outer), reservations_(reservations), session_(session) {}
  /// With the session's fields, where the invocation went well.
  [[nodiscard]] http::ResponseHead dressed(const http::ResponseHead& head);

  static constexpr size_t kFieldsMax = 6;
  static constexpr size_t kValueSize = 46 + 10 + 20;  // id, "; Expires=", time

  SessionReservations& reservations_;
  Session session_;
  std::array<char, kValueSize> value_;
  std::array<http::Header, kFieldsMax> fields_;
};

}  // namespace ringmaker::serve
