// Response heads as bytes: status line, Date, Content-Type, framing, Connection.
#pragma once

#include "http/exchange.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::http {

/// "OK", "Bad Request", ...; "Unknown" for a code that has no phrase.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// The value of the Date header, made once a second. Not thread-safe.
class DateHeader {
 public:
  /// `wall_ns` since the epoch. The view is valid until the next call.
  [[nodiscard]] std::string_view at(uint64_t wall_ns) noexcept;

 private:
  std::array<char, 29> text_{};
  uint64_t second_ = UINT64_MAX;
};

enum class Framing : uint8_t {
  kLength,   // Content-Length
  kChunked,  // Transfer-Encoding: chunked
  kClose,    // neither: the end of the connection ends the body
  kNone,     // no body at all (101, 204, 304)
};

struct HeadFrame {
  Framing framing = Framing::kLength;
  uint64_t body_bytes = 0;  // for kLength
  enum class Connection : uint8_t { kDefault, kKeepAlive, kClose } connection{};
};

void append_head(std::string& out, const ResponseHead& head, const HeadFrame& frame,
                 std::string_view date);

/// size in hexadecimal CR LF data CR LF; `data` not empty.
void append_chunk(std::string& out, std::string_view data);

}  // namespace ringmaker::http
