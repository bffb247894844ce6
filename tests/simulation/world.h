// World: two shards of the real server, their peers and time, on one thread, by seed.
#pragma once

#include "model/model.h"
#include "serve/drain.h"
#include "serve/model_store.h"
#include "serve/shard.h"
#include "tests/simulation/peer.h"
#include "tests/support/manual_clock.h"
#include "tests/support/simulated_backend.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::test {

struct WorldOptions {
  SimulatedFaults faults;
  size_t shards = 2;
  size_t buffer_count = 64;
  size_t buffer_bytes = 4096;
  size_t batch_rows_max = 256;
  uint64_t held_bytes_max = UINT64_MAX;
  double clock_jump = 0;  // probability a step: everything stood still for a while
  double job = 0.3;       // probability a step: a helper does a job, any of those that wait
  std::string models_dir = {};
};

/// A linear model of three features.
[[nodiscard]] model::Model simulated_model(double bias);

class World {
 public:
  World(uint64_t seed, const WorldOptions& options);

  /// Connects to a shard's listener, as a kernel would choose one.
  Peer& add_peer(std::vector<SimulatedRequest> script, PeerManner manner);
  /// A little of everything: peers in any order, a turn of each shard.
  void step();
  static constexpr size_t kStepsMax = 400'000;
  /// Steps until `done`. False if it takes more than `steps_max`, or something is wrong().
  [[nodiscard]] bool run_until(const std::function<bool()>& done, size_t steps_max = kStepsMax);
  /// What no step may come to, in words; empty as long as it has not.
  [[nodiscard]] const std::string& wrong() const noexcept { return wrong_; }

  void begin_drain();
  /// A second signal.
  void hasten_drain();
  [[nodiscard]] bool drained() const noexcept { return stopped_; }
  void stop_faults();

  [[nodiscard]] const std::vector<std::unique_ptr<Peer>>& peers() const noexcept { return peers_; }
  [[nodiscard]] bool broken(const Peer& peer) const;
  [[nodiscard]] uint64_t faults_injected() const;
  /// As GET /models has it.
  [[nodiscard]] bool is_loaded(std::string_view model) const {
    return keeper_.url_of(model).has_value();
  }
  /// What the shards still hold, in words; empty when they hold nothing.
  [[nodiscard]] std::string held();

 private:
  void pass_time(uint64_t timeout_ns);
  void do_a_job();
  void look_for_wrong();

  base::Random random_;
  WorldOptions options_;
  ManualClock clock_;
  serve::ServerState state_;
  serve::MetricsRegistry registry_;
  serve::Placement placement_;
  serve::SessionCount sessions_{0};
  std::vector<serve::HelperThreads::Job> jobs_;
  serve::ModelKeeper keeper_;
  std::vector<std::unique_ptr<serve::ShardMetrics>> metrics_;
  std::vector<std::unique_ptr<serve::Shard>> shards_;
  std::vector<SimulatedBackend*> backends_;
  std::vector<std::string> names_;  // of the listeners
  std::vector<std::unique_ptr<Peer>> peers_;
  std::unique_ptr<serve::Drain> drain_;
  bool stopped_ = false;
  std::string wrong_;
  uint64_t moves_seen_ = 0;
  size_t silent_waits_ = 0;  // since anything moved
};

}  // namespace ringmaker::test
