// MessageExchange: one message of a stream and the answer to it, which is one message too.
//
// Who answers it sees an exchange like all others. Scores become a message of text (CSV, JSON, JSON
// lines) or of bytes (the other formats), in fragments where they are written in parts; an error
// becomes the text {"ModelStreamError":{"ErrorCode":"400","Message":"..."}}, with the status of the
// answer that a request would have got.
#pragma once

#include "http/exchange.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::serve {

class MessageStream;

/// Owned by its stream, which uses it again and again. Not thread-safe.
class MessageExchange final : public http::Exchange {
 public:
  explicit MessageExchange(MessageStream& stream) noexcept : stream_(stream) {}

  [[nodiscard]] const http::RequestHead& head() const noexcept override { return head_; }
  [[nodiscard]] uint64_t started_ns() const noexcept override { return started_ns_; }
  [[nodiscard]] uint64_t waited_ns() const noexcept override;
  /// The stream's own: what lies there lives as long as the stream.
  [[nodiscard]] base::Arena& arena() noexcept override;
  [[nodiscard]] void*& user() noexcept override { return user_; }
  void respond(const http::ResponseHead& head, std::string_view body) override;
  void begin_response(const http::ResponseHead& head, std::optional<uint64_t> body_bytes) override;
  [[nodiscard]] bool write(std::string_view part) override;
  void finish() override;
  /// Half a message cannot be taken back: the stream closes, with 1011.
  void abort(std::string_view why) override;
  /// A message is no place to change protocols, nor to wait in.
  void switch_protocols(const http::ResponseHead& head) override;
  void wake_at(uint64_t time_ns) override;
  void pause_body() override;
  void resume_body() override;

 private:
  friend class MessageStream;

  void begin(uint64_t started_ns) noexcept;

  MessageStream& stream_;
  http::RequestHead head_;
  uint64_t started_ns_ = 0;
  void* user_ = nullptr;
  std::string held_;        // frames, while earlier answers are owed
  bool binary_ = false;     // the answer's kind
  bool continues_ = false;  // a frame of the answer is out
  bool complete_ = false;   // the answer is
  bool wants_writable_ = false;
};

}  // namespace ringmaker::serve
