// ConnectionExchange: the Exchange of a real connection, pooled by its server.
//
// It keeps what one request needs from head to last answered byte: the parsed head, an arena that
// owns its bytes, and, while earlier answers are owed, the answer itself. What to do with the bytes
// is the connection's business; this class only frames them.
//
// Invariant: an answer is owed, begun, complete, in this order and each once; `connection_` is set
// from begin to release.
#pragma once

#include "base/arena.h"
#include "http/deadlines.h"
#include "http/exchange.h"
#include "http/limits.h"
#include "http/request_parser.h"
#include "http/response_writer.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringmaker::http {

class Connection;

class ConnectionExchange final : public Exchange {
 public:
  ConnectionExchange();

  [[nodiscard]] const RequestHead& head() const noexcept override { return parsed_.head; }
  [[nodiscard]] uint64_t started_ns() const noexcept override { return started_ns_; }
  [[nodiscard]] uint64_t waited_ns() const noexcept override;
  [[nodiscard]] base::Arena& arena() noexcept override { return arena_; }
  [[nodiscard]] void*& user() noexcept override { return user_; }
  void respond(const ResponseHead& head, std::string_view body) override;
  void begin_response(const ResponseHead& head, std::optional<uint64_t> body_bytes) override;
  [[nodiscard]] bool write(std::string_view part) override;
  void finish() override;
  void abort(std::string_view why) override;
  void switch_protocols(const ResponseHead& head) override;
  void wake_at(uint64_t time_ns) override;
  void pause_body() override;
  void resume_body() override;

 private:
  friend class AnswerQueue;
  friend class Connection;
  friend class ExchangePool;
  enum class Answer : uint8_t { kOwed, kBegun, kComplete };

  /// For a request of `connection`; the head is to be parsed yet.
  void begin(Connection& connection, uint64_t started_ns) noexcept;
  /// The handler has let go of it, unanswered: what it gets to see now is an answer's place.
  void disown() noexcept;
  /// Nothing points into it any more: as new, for the next request.
  void end() noexcept;

  Connection* connection_ = nullptr;
  ParsedHead parsed_;
  std::array<Header, kFieldsMax> headers_;
  base::Arena arena_;
  uint64_t started_ns_ = 0;
  uint64_t due_ns_ = Deadlines::kNever;
  void* user_ = nullptr;
  std::string held_;  // the answer, while those before it are owed
  Answer answer_ = Answer::kOwed;
  Framing framing_ = Framing::kLength;
  bool close_after_ = false;
  bool wants_writable_ = false;
  bool seen_by_handler_ = false;
};

}  // namespace ringmaker::http
