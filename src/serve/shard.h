// Shard: one thread's share of the server: reactor, connections, batch, counters.
//
// Shards share predictors, which never change, and the table of how many connections each has.
// A shard that accepts a connection hands it to the one that has the fewest: a front end keeps only
// a few connections, and they must not all end up on one shard.
#pragma once

#include "http/server.h"
#include "io/backend.h"
#include "io/mailbox.h"
#include "io/reactor.h"
#include "io/socket.h"
#include "serve/invocations.h"
#include "serve/loans.h"
#include "serve/metrics.h"
#include "serve/router.h"
#include "serve/session_route.h"
#include "serve/shard_message.h"
#include "serve/stream_route.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ringmaker::serve {

class Shard;

/// How connections are spread, and who rests. Relaxed atomics: the one thing that shards both
/// write.
class Placement {
 public:
  /// A shard rests that has had no work of its own for so long.
  static constexpr uint64_t kRestNs = 1'000'000;
  /// Loans a shard has at once: the next is there when one is done.
  static constexpr uint32_t kLoansMax = 2;

  explicit Placement(size_t shards) : counts_(shards), helpers_(shards), shards_(shards, nullptr) {}

  void set(size_t index, Shard* shard) { shards_[index] = shard; }
  /// The shard with the fewest connections, `own` among equals; counts the connection as its own.
  [[nodiscard]] size_t choose(size_t own) noexcept;
  void leave(size_t index) noexcept { counts_[index].fetch_sub(1, std::memory_order_relaxed); }
  [[nodiscard]] Shard& at(size_t index) const noexcept { return *shards_[index]; }
  [[nodiscard]] uint32_t connections(size_t index) const noexcept {
    return counts_[index].load(std::memory_order_relaxed);
  }
  /// It has just had work of its own.
  void note_work(size_t index, uint64_t now_ns) noexcept {
    helpers_[index].worked_ns.store(now_ns, std::memory_order_relaxed);
  }
  /// Another shard that rests, and has one loan more from here on until end_loan().
  [[nodiscard]] std::optional<size_t> choose_helper(size_t own, uint64_t now_ns) noexcept;
  void end_loan(size_t index) noexcept {
    helpers_[index].loans.fetch_sub(1, std::memory_order_relaxed);
  }

  /// No shard has a connection, and none is on its way to another shard.
  [[nodiscard]] bool empty() const noexcept;

 private:
  /// Each in a cache line of its own: one shard writes it every turn.
  struct alignas(64) Helper {
    std::atomic<uint64_t> worked_ns{0};
    std::atomic<uint32_t> loans{0};
  };

  std::vector<std::atomic<uint32_t>> counts_;
  std::vector<Helper> helpers_;
  std::vector<Shard*> shards_;
};

/// What all shards share. Everything outlives them.
struct ShardSurroundings {
  const model::Predictor* predictor = nullptr;  // behind /invocations; null: there is none
  ModelKeeper& models;
  Placement& placement;
  const ServerState& state;
  const MetricsRegistry& registry;
  SessionCount& sessions;
  telemetry::Log& log;
};

struct ShardOptions {
  http::ServerOptions http;
  InvocationOptions invocations;
  StreamOptions streams;
  SessionOptions sessions;
  io::ReactorOptions reactor;
};

/// Lives on one thread; post() is for any.
class Shard final : private RestingShards {
 public:
  Shard(size_t index, const base::Clock& clock, std::unique_ptr<io::Backend> backend,
        const ShardSurroundings& surroundings, const ShardOptions& options, ShardMetrics& metrics);

  /// Takes the listener and begins to accept.
  void listen(io::Descriptor listener);
  /// One turn of the loop. False once kStop has been taken.
  bool turn();
  [[nodiscard]] bool post(const ShardMessage& message) noexcept { return mailbox_.post(message); }
  /// No listener, no connection, nothing to do.
  [[nodiscard]] bool quiet() const noexcept;
  [[nodiscard]] const http::Server& server() const noexcept { return server_; }
  /// Deadlines that are scheduled: none once all connections are gone.
  [[nodiscard]] size_t timers() noexcept { return reactor_.timers().size(); }

 private:
  void take(const io::Completion& completion);
  [[nodiscard]] bool is_bulk(const io::Completion& completion) const noexcept;
  void place(int descriptor);
  void adopt(int descriptor);
  void take_mail();
  void stop_listening();
  void publish_counts();
  [[nodiscard]] std::optional<size_t> choose() override;
  [[nodiscard]] bool lend(size_t shard, Loan& loan) override;
  [[nodiscard]] bool send_home(Loan& loan);

  size_t index_;
  Placement& placement_;
  ShardMetrics& metrics_;
  telemetry::Log& log_;
  std::unique_ptr<io::Backend> backend_;
  io::Reactor reactor_;
  ModelTable models_;
  Invocations invocations_;
  ModelRoutes model_routes_;
  StreamRoute streams_;
  SessionRoute sessions_;
  Router router_;
  http::Server server_;
  LoanWork loan_work_;
  io::Mailbox<ShardMessage> mailbox_;
  std::vector<io::Completion> bulk_;  // of this turn, for its end
  io::Descriptor listener_;
  bool listener_closing_ = false;
  bool stopped_ = false;
};

}  // namespace ringmaker::serve
