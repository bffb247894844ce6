// ShardSet: the shards of a server with their threads, from their start to their end.
//
// A shard is built on its own thread, in memory near it. None accepts before all are built, and
// none goes before all have left their loops: they write into each other's mailboxes. What is
// started is ended too where the start fails half-way.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "io/backend_choice.h"
#include "io/socket.h"
#include "serve/metrics.h"
#include "serve/shard.h"

#include <cstddef>
#include <latch>
#include <memory>
#include <string>
#include <vector>

namespace ringmaker::serve {

struct ShardSetOptions {
  ShardOptions shard;
  io::BackendChoice backend;
  io::BackendOptions backend_options;
};

/// What the shards use, of which each may have another: "io_uring", or "io_uring (3 shards), epoll
/// (...) (1 shard)".
[[nodiscard]] std::string backends_text(const std::vector<std::string>& of_shards);

/// For one thread, that of the server.
class ShardSet {
 public:
  /// As many shards as listeners. The surroundings outlive it, but for their keeper of models,
  /// which it stops before the shards that hear from it.
  ShardSet(ShardSetOptions options, std::vector<io::Descriptor> listeners, const base::Clock& clock,
           const ShardSurroundings& surroundings);
  /// Stops what still runs.
  ~ShardSet();
  ShardSet(const ShardSet&) = delete;
  ShardSet& operator=(const ShardSet&) = delete;

  /// Returns when each shard is built. With an error a thread or a backend could not be had, and
  /// there is nothing left to do but to stop().
  [[nodiscard]] base::Result<void> start();
  /// Lets the shards accept connections. Once, after start().
  void accept() noexcept;
  /// Leaves no shard out and waits where a mailbox is full. Between accept() and stop().
  void tell(const ShardMessage& message) noexcept;
  /// No shard has a connection or anything to do, and none is on its way from one to another.
  [[nodiscard]] bool quiet() const noexcept;
  /// backends_text() of these shards. After start().
  [[nodiscard]] std::string backends() const;
  /// Ends the keeper's threads, then the shards'. Once; later calls do nothing.
  void stop();

  /// One a shard, in their order; they stay for as long as the set.
  [[nodiscard]] const std::vector<std::unique_ptr<ShardMetrics>>& metrics() const noexcept {
    return metrics_;
  }
  [[nodiscard]] size_t size() const noexcept { return metrics_.size(); }

 private:
  class ShardThread;

  ShardSetOptions options_;
  std::vector<io::Descriptor> listeners_;
  const base::Clock& clock_;
  ShardSurroundings surroundings_;
  std::vector<std::unique_ptr<ShardMetrics>> metrics_;
  std::latch built_;
  std::latch go_{1};
  std::latch over_;       // every shard has left its loop, and this thread has told them all to
  bool accepts_ = false;  // written before go_
  bool stopped_ = false;
  std::vector<std::unique_ptr<ShardThread>> threads_;
};

}  // namespace ringmaker::serve
