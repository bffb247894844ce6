#include "serve/server.h"

#include "base/check.h"
#include "base/version.h"
#include "codec/media_type.h"
#include "codec/selected/output_selection.h"
#include "io/backend_choice.h"
#include "io/signals.h"
#include "io/thread_placement.h"
#include "serve/descriptor_limit.h"
#include "serve/drain.h"
#include "serve/embedded_metrics.h"
#include "serve/execution_parameters.h"
#include "serve/memory_budget.h"
#include "serve/model_keeper.h"
#include "serve/own_model.h"
#include "serve/shard.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <latch>
#include <optional>
#include <thread>

namespace ringmaker::serve {
namespace {

using Kind = ShardMessage::Kind;

constexpr uint64_t kMs = base::kNanosecondsPerMillisecond;
constexpr uint64_t kDrainLookNs = 10 * kMs;
/// What is as large is mapped, so that the blocks of a large payload go back to the system with it
/// and do not lie in pieces below what came later. What every request needs is smaller, or kept.
constexpr int kMappedBytesMin = 48 * 1024;

/// A shard's thread, and what it needs to build the shard there.
class ShardThread {
 public:
  struct Shared {
    const config::ServeOptions& options;
    const base::Clock& clock;
    const ShardSurroundings& surroundings;
    const ShardOptions& shard_options;
    const io::BackendOptions& backend_options;
    std::latch& built;
    std::latch& go;
    /// Shards write into each other's mailboxes, and the main thread into all of them, until each
    /// of them has come here; only then may one go.
    std::latch& over;
  };

  ShardThread(size_t index, int cpu, io::BackendChoice choice, io::Descriptor listener,
              ShardMetrics& metrics, const Shared& shared)
      : choice_(std::move(choice)), listener_(std::move(listener)) {
    thread_ =
        std::thread([this, index, cpu, &metrics, shared] { run(index, cpu, metrics, shared); });
  }
  ~ShardThread() {
    if (thread_.joinable()) {
      thread_.join();
    }
  }
  ShardThread(const ShardThread&) = delete;
  ShardThread& operator=(const ShardThread&) = delete;

  [[nodiscard]] const io::BackendChoice& choice() const noexcept { return choice_; }
  [[nodiscard]] bool quiet() const noexcept { return quiet_.load(std::memory_order_acquire); }
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }
  /// Only after the latch `built`, for shards without an error.
  void post(const ShardMessage& message) noexcept {
    while (shard_ != nullptr && !shard_->post(message)) {
      std::this_thread::yield();
    }
  }

 private:
  void run(size_t index, int cpu, ShardMetrics& metrics, const Shared& shared) {
    io::name_this_thread(fmt::format("shard-{}", index));
    if (const auto pinned = io::pin_this_thread(cpu); !pinned) {
      shared.surroundings.log.write(telemetry::Level::kDebug, "not_pinned",
                                    {{"detail", pinned.error().message()}});
    }
    auto backend = io::make_backend(choice_, shared.clock, shared.backend_options);
    std::unique_ptr<Shard> shard;
    if (backend) {
      shard = std::make_unique<Shard>(index, shared.clock, std::move(*backend), shared.surroundings,
                                      shared.shard_options, metrics);
      shard_ = shard.get();
    } else {
      error_ = backend.error();
    }
    shared.built.count_down();
    shared.go.wait();
    if (shard_ == nullptr || !listener_) {
      shared.over.count_down();
      return;
    }
    shard->listen(std::move(listener_));
    while (shard->turn()) {
      quiet_.store(shard->quiet(), std::memory_order_release);
    }
    shared.over.arrive_and_wait();
  }

  io::BackendChoice choice_;
  io::Descriptor listener_;
  Shard* shard_ = nullptr;
  std::optional<base::Error> error_;
  std::atomic<bool> quiet_{false};
  std::thread thread_;
};

/// Whole files of a batch transform job: far from where sums of such numbers overflow.
constexpr uint64_t kWithoutBound = uint64_t{1} << 62;

std::optional<uint64_t> memory_limit(const config::ServeOptions& options) {
  return options.memory_bytes_max != 0 ? options.memory_bytes_max : base::memory_limit_bytes();
}

uint64_t held_bytes_max(const config::ServeOptions& options) {
  if (options.held_bytes_max != 0) {
    return options.held_bytes_max;
  }
  return default_request_bytes(memory_limit(options), read_memory());
}

base::Result<ShardOptions> make_shard_options(const config::ServeOptions& options, size_t shards) {
  ShardOptions made;
  // Who sets a limit means every body; untouched, those that are decoded as they come may be
  // larger.
  if (options.batch != config::ServeOptions::Batch::kNone) {
    made.http.limits.streamed_body_bytes_max = kWithoutBound;
    made.invocations.defaults.every_line_is_a_row = true;
  }
  if (options.body_bytes_is_given) {
    made.http.limits.body_bytes_max = options.body_bytes_max;
    made.http.limits.streamed_body_bytes_max = options.body_bytes_max;
  }
  made.http.limits.body_too_large = fmt::format(
      "the body is larger than this server accepts, {} bytes (the option "
      "body-bytes-max, RINGMAKER_BODY_BYTES_MAX)",
      made.http.limits.streamed_body_bytes_max);
  made.invocations.inflated_bytes_max = options.inflated_bytes_max != 0
                                            ? options.inflated_bytes_max
                                            : made.http.limits.streamed_body_bytes_max;
  made.http.held_bytes_max = held_bytes_max(options) / shards;
  made.invocations.held_bytes_max = made.http.held_bytes_max;
  made.invocations.batch = {options.batch_rows_max, options.batch_delay_us_max};
  made.invocations.mark_bad_records = options.mark_bad_records;
  made.invocations.error_detail_brief = options.error_detail_brief;
  made.invocations.access = {options.access_log.errors, options.access_log.one_in};
  // A batch transform job waits for as long as it takes.
  if (options.batch == config::ServeOptions::Batch::kNone) {
    made.invocations.queue_ns_max = options.queue_ms_max * kMs;
    made.invocations.deadline_ns = options.request_deadline_s != 0
                                       ? options.request_deadline_s * base::kNanosecondsPerSecond
                                       : UINT64_MAX;
  }
  if (options.stall_s_max != 0) {
    const uint64_t stall_ns = options.stall_s_max * base::kNanosecondsPerSecond;
    made.http.limits.body_silence_ns = stall_ns;
    made.http.limits.body_grace_ns = stall_ns;
    made.http.limits.write_silence_ns = stall_ns;
    made.streams.stall_ns = stall_ns;
  }
  made.sessions = {
      .lifetime_s = options.session_s, .shards = shards, .key = base::random_sip_key()};
  made.streams.message_bytes_max = made.http.limits.streamed_body_bytes_max;
  made.streams.collected_bytes_max = made.http.held_bytes_max / 8;
  made.streams.ping_ns = options.stream_ping_s * base::kNanosecondsPerSecond;
  made.streams.pong_ns = made.streams.ping_ns;
  made.streams.idle_ns = options.stream_idle_s_max * base::kNanosecondsPerSecond;
  made.reactor.spin_ns = options.spin_us * base::kNanosecondsPerMicrosecond;
  if (!options.default_accept.empty()) {
    made.invocations.defaults.accept = codec::request_format(options.default_accept);
    if (!made.invocations.defaults.accept ||
        !codec::is_writable(*made.invocations.defaults.accept)) {
      return base::fail(base::ErrorCode::kInvalidInput,
                        fmt::format("{} is \"{}\", a type that cannot be written; possible are {}",
                                    options.default_accept_origin, options.default_accept,
                                    codec::writable_media_types()));
    }
  }
  if (!options.outputs.empty()) {
    const auto outputs = codec::OutputSelection::parse(options.outputs);
    if (!outputs) {
      return base::fail(outputs.error().within(options.outputs_origin));
    }
    made.invocations.defaults.outputs = *outputs;
  }
  return made;
}

ModelKeeperOptions make_keeper_options(const config::ServeOptions& options,
                                       const codec::OutputSelection& outputs, size_t shards,
                                       const Placement& placement) {
  return {
      .models_dir = options.models_dir,
      .instruction_set = base::detect_instruction_set(),
      .memory = {.limit_bytes = memory_limit(options), .request_bytes = held_bytes_max(options)},
      .outputs = outputs,
      .shards = shards,
      .post = [&placement](size_t shard, const ShardMessage& message) {
        return placement.at(shard).post(message);
      }};
}

/// SIGTERM has come: answers what has been received and what still comes in a moment.
void drain(const io::Signals& signals, const base::Clock& clock, ModelKeeper& keeper,
           const Placement& placement, std::vector<std::unique_ptr<ShardThread>>& threads) {
  const auto tell = [&threads](Kind kind) {
    for (const auto& thread : threads) {
      thread->post({.kind = kind});
    }
  };
  // A shard that is quiet may have a connection in its mailbox, from one that was not yet.
  const auto all_quiet = [&threads, &placement] {
    return std::all_of(threads.begin(), threads.end(),
                       [](const auto& thread) { return thread->quiet(); }) &&
           placement.empty();
  };
  Drain drain(clock.now_ns());
  tell(Kind::kDrain);
  bool hastened = false;
  for (;;) {
    const Drain::Step step = drain.next(clock.now_ns(), all_quiet());
    if (step == Drain::Step::kStop) {
      break;
    }
    if (step == Drain::Step::kTurnAway) {
      tell(Kind::kTurnAway);
    }
    if (step == Drain::Step::kStopListening) {
      tell(Kind::kStopListening);
    }
    if (signals.wait(kDrainLookNs) && !hastened) {
      hastened = true;
      tell(Kind::kHasten);
    }
  }
  keeper.stop();  // it posts to shards, which must be there
  tell(Kind::kStop);
}

void log_start(telemetry::Log& log, const config::ServeOptions& options, size_t shards,
               const model::Predictor* predictor, const std::string& io) {
  log.write(telemetry::Level::kInfo, "start",
            {{"version", std::string_view(base::kVersion)},
             {"model", predictor != nullptr ? predictor->kind() : "none, see POST /models"},
             {"features", uint64_t{predictor != nullptr ? predictor->schema().feature_count() : 0}},
             {"platform", options.platform},
             {"port", uint64_t{options.port}},
             {"shards", uint64_t{shards}},
             {"isa", base::name(base::detect_instruction_set())},
             {"io", io},
             {"options", options.differences}});
}

void log_stop(telemetry::Log& log, const std::vector<std::unique_ptr<ShardMetrics>>& metrics) {
  uint64_t requests = 0;
  uint64_t rows = 0;
  uint64_t errors = 0;
  for (const auto& shard : metrics) {
    requests += shard->requests();
    errors += shard->failures();
    rows += shard->rows.value();
  }
  log.write_repeats();  // nothing comes behind the stop line
  log.write(telemetry::Level::kInfo, "stop",
            {{"requests", requests},
             {"rows", rows},
             {"errors", errors},
             {"log_lines_dropped", log.lines_dropped()}});
}

uint64_t until_next(uint64_t last_ns, uint64_t interval_ns, uint64_t now_ns) noexcept {
  const uint64_t passed = now_ns - last_ns;
  return passed < interval_ns ? interval_ns - passed : 0;
}

/// On standard output, where CloudWatch's agents and SageMaker's logs find it.
void write_embedded(EmbeddedMetrics& embedded, const base::Clock& clock, telemetry::Log& log) {
  const auto line = embedded.line(clock.wall_ns() / kMs);
  if (line && !write_line_now(STDOUT_FILENO, *line)) {
    log.write(telemetry::Level::kWarn, "metrics_line_dropped",
              {{"detail", "standard output does not take a line of metrics"}});
  }
}

}  // namespace

base::Result<void> run_server(const config::ServeOptions& options, telemetry::Log& log) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one call, before any thread of the server.
  ::mallopt(M_MMAP_THRESHOLD, kMappedBytesMin);
  const size_t shards = options.shards != 0 ? options.shards : base::usable_cpu_count();
  // First of all: what comes below needs descriptors, and would say so less clearly.
  RM_ASSIGN(uint64_t connections_max, connections_allowed(raise_descriptor_limit(), shards));
  if (options.connections_max != 0) {
    connections_max = std::min(options.connections_max, connections_max);
  }
  const io::Signals signals;
  const base::SystemClock clock;

  RM_ASSIGN(const io::BackendChoice choice, io::choose_backend(options.io));
  RM_ASSIGN(const ShardOptions shard_options, make_shard_options(options, shards));
  io::BackendOptions backend_options;
  backend_options.streams_max = std::max<uint64_t>(1, connections_max / shards);

  const io::ListenOptions listen_options{.port = options.port};
  RM_TRY(io::check_port_is_free(listen_options));
  std::vector<io::Descriptor> listeners;
  for (size_t i = 0; i < shards; ++i) {
    RM_ASSIGN(io::Descriptor listener, io::listen_on(listen_options));
    listeners.push_back(std::move(listener));
  }
  std::optional<OwnModelLoading> loading;
  if (has_own_model(options)) {
    loading.emplace(options, signals);
  }

  ServerState state;
  state.execution_parameters = execution_parameters(options, shards);
  state.runtime_api = options.platform == "local";
  Placement placement(shards);
  ModelKeeper keeper(
      make_keeper_options(options, shard_options.invocations.defaults.outputs, shards, placement),
      clock, log);
  MetricsRegistry registry;
  registry.add(keeper.metrics());
  std::vector<std::unique_ptr<ShardMetrics>> metrics;
  for (size_t i = 0; i < shards; ++i) {
    metrics.push_back(std::make_unique<ShardMetrics>());
    registry.add(*metrics.back());
  }
  LoadedModel own;  // shards are shown it once it is loaded
  std::optional<ModelChange> arrival;
  std::latch built(static_cast<ptrdiff_t>(shards));
  std::latch go(1);
  std::latch over(static_cast<ptrdiff_t>(shards) + 1);
  SessionCount sessions(options.sessions_max);
  const ShardSurroundings surroundings{nullptr, keeper, placement, state, registry, sessions, log};
  const ShardThread::Shared shared{options,         clock, surroundings, shard_options,
                                   backend_options, built, go,           over};
  const std::vector<int> cpus = base::allowed_cpus();
  std::vector<std::unique_ptr<ShardThread>> threads;
  for (size_t i = 0; i < shards; ++i) {
    const int cpu = cpus.empty() ? static_cast<int>(i) : cpus[i % cpus.size()];
    threads.push_back(std::make_unique<ShardThread>(i, cpu, choice, std::move(listeners[i]),
                                                    *metrics[i], shared));
  }
  built.wait();
  const std::string io = threads.front()->choice().description;
  registry.describe_build(
      {base::kVersion, std::string(base::name(base::detect_instruction_set())), io});
  go.count_down();
  const auto give_up = [&](const base::Error& error) {
    keeper.stop();
    for (const auto& thread : threads) {
      thread->post({.kind = Kind::kStop});
    }
    over.count_down();
    return base::fail(error);
  };
  for (const auto& thread : threads) {
    if (thread->error()) {
      return give_up(*thread->error());
    }
  }
  if (!loading) {
    log_start(log, options, shards, nullptr, io);
    state.ready = true;
  }

  EmbeddedMetrics embedded(registry, options.emf_dimensions);
  const uint64_t interval_ns =
      options.emf_s != 0 ? options.emf_s * base::kNanosecondsPerSecond : UINT64_MAX;
  uint64_t told_ns = clock.now_ns();
  while (!signals.wait(until_next(told_ns, interval_ns, clock.now_ns()))) {
    if (options.emf_s != 0 && clock.now_ns() - told_ns >= interval_ns) {
      told_ns = clock.now_ns();
      write_embedded(embedded, clock, log);
    }
    auto outcome = loading ? loading->take() : std::nullopt;
    if (!outcome) {
      continue;
    }
    loading.reset();
    if (!*outcome) {
      return give_up(outcome->error());
    }
    own.predictor = std::move((*outcome)->predictor);
    registry.describe_model({std::string(own.predictor->kind()), (*outcome)->trained_by});
    log_start(log, options, shards, own.predictor.get(), io);
    arrival.emplace(own, false, shards, [&state] { state.ready = true; });
    for (const auto& thread : threads) {
      thread->post({.kind = Kind::kModelChange, .change = &*arrival});
    }
  }
  loading.reset();
  drain(signals, clock, keeper, placement, threads);
  over.count_down();
  threads.clear();
  if (options.emf_s != 0) {
    write_embedded(embedded, clock, log);
  }
  log_stop(log, metrics);
  return {};
}

}  // namespace ringmaker::serve
