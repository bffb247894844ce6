#include "serve/server.h"

#include "base/cpu.h"
#include "base/version.h"
#include "io/backend_choice.h"
#include "io/signals.h"
#include "serve/descriptor_limit.h"
#include "serve/drain.h"
#include "serve/embedded_metrics.h"
#include "serve/execution_parameters.h"
#include "serve/model_keeper.h"
#include "serve/own_model.h"
#include "serve/server_log.h"
#include "serve/shard_options.h"
#include "serve/shard_set.h"

#include <malloc.h>

#include <algorithm>
#include <optional>

namespace ringmaker::serve {
namespace {

using Kind = ShardMessage::Kind;

constexpr uint64_t kDrainLookNs = 10 * base::kNanosecondsPerMillisecond;
/// What is as large is mapped, so that the blocks of a large payload go back to the system with it
/// and do not lie in pieces below what came later. What every request needs is smaller, or kept.
constexpr int kMappedBytesMin = 48 * 1024;

/// What the parts of a server's life have in common.
struct Surroundings {
  const config::ServeOptions& options;
  const io::Signals& signals;
  const base::Clock& clock;
  telemetry::Log& log;
  ServerState& state;
  MetricsRegistry& registry;
};

/// The model behind /invocations, which shards are shown once it is loaded.
struct Arrival {
  LoadedModel model;
  std::optional<ModelChange> change;
};

base::Result<std::vector<io::Descriptor>> open_port(const io::ListenOptions& options,
                                                    size_t shards) {
  RM_TRY(io::check_port_is_free(options));
  std::vector<io::Descriptor> listeners;
  for (size_t i = 0; i < shards; ++i) {
    RM_ASSIGN(io::Descriptor listener, io::listen_on(options));
    listeners.push_back(std::move(listener));
  }
  return listeners;
}

void show(OwnModel own, const Surroundings& around, ShardSet& shards, Arrival& arrival) {
  arrival.model.predictor = std::move(own.predictor);
  const model::Predictor& predictor = *arrival.model.predictor;
  around.state.example_row = std::move(own.example_row);
  around.registry.describe_model({std::string(predictor.kind()), std::move(own.trained_by)});
  log_start(around.log, around.options, shards.size(), &predictor, shards.backends());
  log_model_files(around.log, around.options.model_dir, around.options.ensemble);
  arrival.change.emplace(arrival.model, false, shards.size(),
                         [&state = around.state] { state.ready = true; });
  shards.tell({.kind = Kind::kModelChange, .change = &*arrival.change});
}

uint64_t until_next(uint64_t last_ns, uint64_t interval_ns, uint64_t now_ns) noexcept {
  const uint64_t passed = now_ns - last_ns;
  return passed < interval_ns ? interval_ns - passed : 0;
}

/// Shows the shards the model when it is there, and writes metrics, until SIGTERM comes.
base::Result<void> serve_until_stopped(const Surroundings& around, EmbeddedMetrics& embedded,
                                       ShardSet& shards, std::optional<OwnModelLoading>& loading,
                                       Arrival& arrival) {
  const uint64_t emf_s = around.options.emf_s;
  const uint64_t interval_ns = emf_s != 0 ? emf_s * base::kNanosecondsPerSecond : UINT64_MAX;
  uint64_t told_ns = around.clock.now_ns();
  while (!around.signals.wait(until_next(told_ns, interval_ns, around.clock.now_ns()))) {
    if (emf_s != 0 && around.clock.now_ns() - told_ns >= interval_ns) {
      told_ns = around.clock.now_ns();
      write_embedded(embedded, around.clock, around.log);
    }
    if (auto outcome = loading ? loading->take() : std::nullopt) {
      loading.reset();
      RM_ASSIGN(OwnModel own, std::move(*outcome));
      show(std::move(own), around, shards, arrival);
    }
  }
  loading.reset();
  return {};
}

/// SIGTERM has come: answers what has been received and what still comes in a moment.
void drain(const io::Signals& signals, const base::Clock& clock, ShardSet& shards) {
  Drain drain(clock.now_ns());
  shards.tell({.kind = Kind::kDrain});
  bool hastened = false;
  for (;;) {
    const Drain::Step step = drain.next(clock.now_ns(), shards.quiet());
    if (step == Drain::Step::kStop) {
      return;
    }
    if (step == Drain::Step::kTurnAway) {
      shards.tell({.kind = Kind::kTurnAway});
    }
    if (step == Drain::Step::kStopListening) {
      shards.tell({.kind = Kind::kStopListening});
    }
    if (signals.wait(kDrainLookNs) && !hastened) {
      hastened = true;
      shards.tell({.kind = Kind::kHasten});
    }
  }
}

}  // namespace

base::Result<void> run_server(const config::ServeOptions& options, telemetry::Log& log) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one call, before any thread of the server.
  ::mallopt(M_MMAP_THRESHOLD, kMappedBytesMin);
  const size_t count = options.shards != 0 ? options.shards : base::usable_cpu_count();
  // First of all: what comes below needs descriptors, and would say so less clearly.
  RM_ASSIGN(uint64_t connections_max, connections_allowed(raise_descriptor_limit(), count));
  if (options.connections_max != 0) {
    connections_max = std::min(options.connections_max, connections_max);
  }
  const io::Signals signals;
  const base::SystemClock clock;

  ShardSetOptions set_options;
  RM_ASSIGN(set_options.backend, io::choose_backend(options.io));
  RM_ASSIGN(set_options.shard, make_shard_options(options, count));
  set_options.backend_options.streams_max = std::max<uint64_t>(1, connections_max / count);
  RM_ASSIGN(std::vector<io::Descriptor> listeners, open_port({.port = options.port}, count));
  std::optional<OwnModelLoading> loading;
  if (has_own_model(options)) {
    loading.emplace(options, signals);
  }

  ServerState state;
  state.execution_parameters = execution_parameters(options, count);
  state.runtime_api = options.platform == "local";
  Placement placement(count);
  ModelKeeper keeper(make_keeper_options(options, set_options.shard.invocations.defaults.outputs,
                                         count, placement),
                     clock, log);
  MetricsRegistry registry;
  SessionCount sessions(options.sessions_max);
  Arrival arrival;
  ShardSet shards(std::move(set_options), std::move(listeners), clock,
                  {nullptr, keeper, placement, state, registry, sessions, log});
  registry.add(keeper.metrics());
  registry.add(sessions);
  for (const auto& metrics : shards.metrics()) {
    registry.add(*metrics);
  }
  RM_TRY(shards.start());
  registry.describe_build(
      {base::kVersion, std::string(base::name(base::detect_instruction_set())), shards.backends()});
  shards.accept();
  if (!loading) {
    log_start(log, options, count, nullptr, shards.backends());
    state.ready = true;
  }

  EmbeddedMetrics embedded(registry, options.emf_dimensions);
  RM_TRY(serve_until_stopped({options, signals, clock, log, state, registry}, embedded, shards,
                             loading, arrival));
  drain(signals, clock, shards);
  shards.stop();
  if (options.emf_s != 0) {
    write_embedded(embedded, clock, log);
  }
  log_stop(log, shards.metrics());
  return {};
}

}  // namespace ringmaker::serve
