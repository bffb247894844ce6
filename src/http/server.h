// Server: the connections of one shard.
//
// It turns completions into calls of a Handler and answers into sends. Connections are kept in
// slabs that only grow; exchanges and buffers are pooled, so that a shard that has seen its load
// once allocates nothing more.
#pragma once

#include "http/connection.h"
#include "http/exchange_pool.h"
#include "http/handler.h"
#include "http/limits.h"
#include "http/response_writer.h"
#include "io/reactor.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::http {

struct ServerOptions {
  Limits limits;
  /// Bytes held for requests of all connections: beyond, bodies are refused with 503.
  uint64_t held_bytes_max = UINT64_MAX;
};

struct ServerStats {
  uint64_t connections_opened = 0;
  uint64_t connections_refused = 0;
  uint64_t requests = 0;
  uint64_t abandoned = 0;
  std::array<uint64_t, 600> refusals{};  // by status
};

/// Not thread-safe: lives on its shard's thread.
class Server {
 public:
  Server(io::Reactor& reactor, Handler& handler, const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Takes a new connection. Above the limit it is told 503 and closed. False then.
  bool adopt(int descriptor);
  /// kReceived, kSent and kClosed belong here; others are left to the caller.
  void handle(const io::Completion& completion);
  /// Ends a turn: due timers fire, answers are sent.
  void finish_turn();

  /// From now on answers announce the close, idle connections go after a moment, and requests that
  /// make no progress are cut.
  void begin_drain();
  /// Cuts what makes no progress for a second, instead of eight.
  void hasten_drain();
  [[nodiscard]] bool draining() const noexcept { return drain_begun_ns_.has_value(); }

  [[nodiscard]] size_t connections() const noexcept { return open_; }
  [[nodiscard]] size_t exchanges_in_hand() const noexcept { return pool_.in_hand(); }
  [[nodiscard]] uint64_t held_bytes() const noexcept { return budget_.held(); }
  [[nodiscard]] const ServerStats& stats() const noexcept { return stats_; }
  /// Work that finish_turn() left for the next turn.
  [[nodiscard]] bool work_pending() const noexcept { return !dirty_.empty(); }

 private:
  friend class Connection;

  static constexpr size_t kSlab = 256;
  using Slab = std::array<Connection, kSlab>;

  [[nodiscard]] Connection& at(io::StreamId stream);
  void note_refusal(const Refusal& refusal, const RequestHead* head) noexcept;
  [[nodiscard]] std::string_view date() noexcept;

  io::Reactor& reactor_;
  Handler& handler_;
  ServerOptions options_;
  RequestParser parser_;
  DateHeader date_;
  ExchangePool pool_;
  ByteBudget budget_;
  std::vector<std::unique_ptr<Slab>> slabs_;  // behind what connections point to
  std::vector<Connection*> dirty_;
  std::vector<Connection*> flushing_;
  size_t open_ = 0;
  uint64_t date_ns_ = 0;
  std::string_view date_text_;
  std::optional<uint64_t> drain_begun_ns_;
  ServerStats stats_;
};

}  // namespace ringmaker::http
