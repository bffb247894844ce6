// ResponseReader: finds where one HTTP/1.1 response ends, and nothing more.
//
// It serves the latency driver, whose requests are our own: the body has a Content-Length or comes
// in chunks; anything else is reported as broken. Bytes may come in pieces of any size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::latency {

class ResponseReader {
 public:
  enum class State : uint8_t { kHead, kBody, kComplete, kBroken };

  /// Reads on; returns how many of `bytes` belong to this response. Ask state() afterwards.
  size_t read(std::string_view bytes);
  /// Makes ready for the next response.
  void reset() noexcept;

  [[nodiscard]] State state() const noexcept { return state_; }
  /// Known once the state is past kHead.
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] uint64_t body_bytes() const noexcept { return body_bytes_; }

 private:
  size_t read_head(std::string_view bytes);
  size_t read_sized(std::string_view bytes) noexcept;
  size_t read_chunked(std::string_view bytes) noexcept;
  void parse_head(std::string_view head) noexcept;
  void end_chunk_line() noexcept;

  State state_ = State::kHead;
  std::string head_;  // of a head that came in pieces
  int status_ = 0;
  bool chunked_ = false;
  uint64_t left_ = 0;        // of the body or of the current chunk with its CRLF
  std::string chunk_line_;   // the size line, or the empty line after the last chunk
  bool last_chunk_ = false;  // only the trailing empty line is missing
  uint64_t body_bytes_ = 0;
};

}  // namespace ringmaker::latency
