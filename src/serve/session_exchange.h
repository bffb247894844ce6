// SessionExchange: an invocation that opens a session, if it goes well.
//
// Who answers it sees an exchange like all others; the caller finds the session's id and end on the
// answer, in the header field of AWS's guide and in that of its API.
#pragma once

#include "http/exchange.h"
#include "serve/session_table.h"

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

/// Both must outlive it. Lives in the arena of `outer`, and so is never destroyed.
class SessionExchange final : public http::Exchange {
 public:
  /// `now_s`: when the session begins, in seconds since 1970.
  static SessionExchange& make(http::Exchange& outer, SessionTable& sessions, uint64_t now_s);

  [[nodiscard]] const http::RequestHead& head() const noexcept override { return outer_.head(); }
  [[nodiscard]] uint64_t started_ns() const noexcept override { return outer_.started_ns(); }
  [[nodiscard]] base::Arena& arena() noexcept override { return outer_.arena(); }
  [[nodiscard]] void*& user() noexcept override { return outer_.user(); }
  void respond(const http::ResponseHead& head, std::string_view body) override;
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override;
  [[nodiscard]] bool write(std::string_view part) override { return outer_.write(part); }
  void finish() override { outer_.finish(); }
  void abort() override { outer_.abort(); }
  void switch_protocols(const http::ResponseHead& head) override { outer_.switch_protocols(head); }
  void wake_at(uint64_t time_ns) override { outer_.wake_at(time_ns); }
  void pause_body() override { outer_.pause_body(); }
  void resume_body() override { outer_.resume_body(); }

  /// The answer to who asked for a session and nothing else.
  void respond_opened();

 private:
  SessionExchange(http::Exchange& outer, SessionTable& sessions, uint64_t now_s) noexcept
      : outer_(outer), sessions_(sessions), now_s_(now_s) {}
  /// With the session's fields; its place was there when the request began, and is taken here.
  [[nodiscard]] http::ResponseHead dressed(const http::ResponseHead& head);

  static constexpr size_t kFieldsMax = 6;
  static constexpr size_t kValueSize = 46 + 10 + 20;  // id, "; Expires=", time

  http::Exchange& outer_;
  SessionTable& sessions_;
  uint64_t now_s_;
  std::array<char, kValueSize> value_;
  std::array<http::Header, kFieldsMax> fields_;
};

}  // namespace ringmaker::serve
