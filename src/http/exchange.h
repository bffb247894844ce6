// Exchange: one request and the response to it, on one connection.
//
// Owned by its connection; a handler may keep a pointer until it has finished the response or
// on_abandoned was called. Responses may be given in any order: the connection sends them in the
// order of the requests.
#pragma once

#include "base/arena.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ringmaker::http {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kDelete, kOptions, kOther };

struct Header {
  std::string_view name;
  std::string_view value;  // without surrounding blanks
};

/// Views into the exchange's arena: valid as long as the exchange.
struct RequestHead {
  Method method = Method::kGet;
  std::string_view path;   // without query; absolute-form targets are reduced to their path
  std::string_view query;  // without '?'
  uint8_t version_minor = 1;
  std::optional<uint64_t> content_length;  // nothing when chunked or absent
  bool chunked = false;
  std::span<const Header> headers;

  /// The value of the first header of that name (any case), or empty.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
  /// The values of all headers of that name, which are one list (RFC 9110, 5.3). Lives as long as
  /// the head and `scratch`.
  [[nodiscard]] std::string_view header_list(std::string_view name, std::string& scratch) const;
};

struct ResponseHead {
  int status = 200;
  std::string_view content_type;            // empty: no Content-Type header
  std::span<const Header> extra_headers{};  // values must be free of CR and LF (checked)
  bool close = false;                       // announce and close after this response
};

/// An interface, so that handlers can be tested without a connection.
class Exchange {
 public:
  virtual ~Exchange() = default;

  [[nodiscard]] virtual const RequestHead& head() const noexcept = 0;
  /// When the first byte of the head, and the last of the body, were received.
  [[nodiscard]] virtual uint64_t started_ns() const noexcept = 0;
  /// How long ago the last of what has come of it reached this machine: longer than since
  /// started_ns() when it had to wait in the kernel. A system call, to milliseconds; 0: unknown.
  [[nodiscard]] virtual uint64_t waited_ns() const noexcept = 0;
  /// Empty when the exchange begins, reset after it has ended.
  [[nodiscard]] virtual base::Arena& arena() noexcept = 0;
  /// A word for the handler's own use; null at first.
  [[nodiscard]] virtual void*& user() noexcept = 0;

  /// The whole response. `body` is copied, or sent before returning. HEAD: the length is told, the
  /// body is left out.
  virtual void respond(const ResponseHead& head, std::string_view body) = 0;

  /// A response in parts: with a length it is framed by Content-Length (the parts must add up to
  /// it), without one by chunks (HTTP/1.0: by closing). A body that the handler streams goes on
  /// coming.
  virtual void begin_response(const ResponseHead& head, std::optional<uint64_t> body_bytes) = 0;
  /// Takes all of `part`. False: enough is queued, wait for Handler::on_writable before the next.
  [[nodiscard]] virtual bool write(std::string_view part) = 0;
  /// The response is complete.
  virtual void finish() = 0;
  /// Ends the connection in the middle of a response, so that the peer cannot take it for whole.
  /// What was written is still sent where the end of the connection alone does not look like the
  /// end of the response. `why`: a sentence for the caller, where the response has a way to tell
  /// it.
  virtual void abort(std::string_view why) = 0;

  /// The answer is 101 with the fields of `head`: from now on the connection belongs to this
  /// exchange, which is told of all that comes by Handler::on_body and writes what it likes, as it
  /// is. The last piece is the end of the peer's stream. finish() ends the connection in order,
  /// abort() at once. Only within Handler::on_head, which then returns kStream.
  virtual void switch_protocols(const ResponseHead& head) = 0;
  /// After switch_protocols: Handler::on_due is called once at that time, at the end of this turn
  /// if it has passed. A later call replaces an earlier one.
  virtual void wake_at(uint64_t time_ns) = 0;

  virtual void pause_body() = 0;
  virtual void resume_body() = 0;
};

}  // namespace ringmaker::http
