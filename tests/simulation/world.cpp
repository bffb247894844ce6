#include "tests/simulation/world.h"

#include "base/check.h"
#include "base/cpu.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>

namespace ringmaker::test {
namespace {

constexpr uint64_t kStepNsMax = 200'000;
// Less than what a reactor takes for a frozen machine.
constexpr uint64_t kSilentStepNsMax = 500'000'000;
constexpr size_t kSilentWaits = 100;

const model::Predictor& predictor() {
  static const std::unique_ptr<model::Predictor> kPredictor = [] {
    auto made = serve::prepare_predictor(simulated_model(0.25), base::detect_instruction_set());
    RM_CHECK(made);
    return std::move(*made);
  }();
  return *kPredictor;
}

telemetry::Log& log() {
  static const base::SystemClock kClock;
  static telemetry::Log the_log(kClock, {.descriptor = ::open("/dev/null", O_WRONLY | O_CLOEXEC),
                                         .format = telemetry::LogFormat::kJson,
                                         .level_min = telemetry::Level::kError});
  return the_log;
}

io::Descriptor listen_in_memory() {
  io::Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  RM_CHECK(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address),
                  sizeof address.sun_family) == 0);
  RM_CHECK(::listen(listener.get(), 128) == 0);
  return listener;
}

}  // namespace

model::Model simulated_model(double bias) {
  model::Model model;
  model.schema.feature_names = {"a", "b", "c"};
  model.output.task = data::Task::kRegression;
  model.parameters = model::LinearParameters{
      .weights = {1.0F, 0.5F, -2.0F}, .bias = {bias}, .fill = {0.0F, 0.0F, 0.0F}};
  return model;
}

World::World(uint64_t seed, const WorldOptions& options)
    : random_(seed),
      options_(options),
      placement_(options.shards),
      keeper_(
          {.models_dir = options.models_dir,
           .memory = {.limit_bytes = {},
                      .read = [] { return serve::MemoryReading{.available_bytes = UINT64_MAX}; }},
           .shards = options.shards,
           .post =
               [this](size_t shard, const serve::ShardMessage& message) {
                 return placement_.at(shard).post(message);
               },
           .run_job = [this](serve::HelperThreads::Job job) { jobs_.push_back(std::move(job)); }},
          clock_, log()) {
  serve::ShardOptions shard_options;
  shard_options.http.held_bytes_max = options.held_bytes_max;
  shard_options.invocations.batch = {options.batch_rows_max, 0};
  shard_options.reactor.spin_ns = 0;
  for (size_t i = 0; i < options.shards; ++i) {
    auto backend = std::make_unique<SimulatedBackend>(
        random_(),
        io::BackendOptions{.streams_max = 64,
                           .buffer_count = options.buffer_count,
                           .buffer_bytes = options.buffer_bytes},
        options.faults, [this](uint64_t timeout_ns) { pass_time(timeout_ns); });
    backends_.push_back(backend.get());
    metrics_.push_back(std::make_unique<serve::ShardMetrics>());
    registry_.add(*metrics_.back());
    const serve::ShardSurroundings surroundings{&predictor(), keeper_,   placement_, state_,
                                                registry_,    sessions_, log()};
    shards_.push_back(std::make_unique<serve::Shard>(i, clock_, std::move(backend), surroundings,
                                                     shard_options, *metrics_.back()));
    io::Descriptor listener = listen_in_memory();
    names_.push_back(unix_name(listener.get(), false));
    shards_.back()->listen(std::move(listener));
  }
  state_.ready = true;
}

Peer& World::add_peer(std::vector<SimulatedRequest> script, PeerManner manner) {
  const std::string& name = names_[random_.below(names_.size())];
  peers_.push_back(std::make_unique<Peer>(name, std::move(script), manner, random_()));
  return *peers_.back();
}

/// Called by a shard that has nothing to do. While bytes are moving, time passes slowly, so that no
/// well-behaved peer is ever late; when all that is left is silence, it passes fast.
void World::pass_time(uint64_t timeout_ns) {
  uint64_t moves = 0;
  for (const SimulatedBackend* backend : backends_) {
    moves += backend->moves();
  }
  const bool somebody_moves =
      std::any_of(peers_.begin(), peers_.end(), [](const std::unique_ptr<Peer>& peer) {
        return !peer->done() && peer->manner() != PeerManner::kFallsSilent;
      });
  silent_waits_ = somebody_moves || moves != moves_seen_ || !jobs_.empty() ? 0 : silent_waits_ + 1;
  moves_seen_ = moves;
  const bool silence = silent_waits_ > kSilentWaits;
  const uint64_t step = 1 + random_.below(silence ? kSilentStepNsMax : kStepNsMax);
  clock_.advance_ns(std::min(timeout_ns, step));
}

/// Helpers are several threads: jobs are begun in order, and end in any.
void World::do_a_job() {
  const auto chosen = jobs_.begin() + static_cast<ptrdiff_t>(random_.below(jobs_.size()));
  const serve::HelperThreads::Job job = std::move(*chosen);
  jobs_.erase(chosen);
  job();
}

void World::step() {
  if (options_.clock_jump > 0 && random_.chance(options_.clock_jump)) {
    clock_.advance_ms(2'000 + random_.below(100'000));
  }
  const size_t start = peers_.empty() ? 0 : random_.below(peers_.size());
  for (size_t i = 0; i < peers_.size(); ++i) {
    peers_[(start + i) % peers_.size()]->act();
  }
  if (stopped_) {
    return;
  }
  if (!jobs_.empty() && random_.chance(options_.job)) {
    do_a_job();
  }
  if (drain_) {
    const bool all_quiet = std::all_of(shards_.begin(), shards_.end(),
                                       [](const auto& shard) { return shard->quiet(); }) &&
                           placement_.empty();
    const serve::Drain::Step step = drain_->next(clock_.now_ns(), all_quiet);
    for (const auto& shard : shards_) {
      if (step == serve::Drain::Step::kTurnAway) {
        RM_CHECK(shard->post({.kind = serve::ShardMessage::Kind::kTurnAway}));
      }
      if (step == serve::Drain::Step::kStopListening) {
        RM_CHECK(shard->post({.kind = serve::ShardMessage::Kind::kStopListening}));
      }
      if (step == serve::Drain::Step::kStop) {
        RM_CHECK(shard->post({.kind = serve::ShardMessage::Kind::kStop}));
      }
    }
  }
  bool running = false;
  for (const auto& shard : shards_) {
    running |= shard->turn();
  }
  stopped_ = !running;
  look_for_wrong();
}

void World::look_for_wrong() {
  for (const auto& peer : peers_) {
    if (peer->answers().size() > peer->requests_sent() + 1 && !broken(*peer)) {
      wrong_ = fmt::format("{} answers to {} requests and perhaps a part of one",
                           peer->answers().size(), peer->requests_sent());
    }
  }
  for (size_t i = 0; i < shards_.size(); ++i) {
    const http::Server& server = shards_[i]->server();
    if (server.held_bytes() > options_.held_bytes_max) {
      wrong_ = fmt::format("shard {} holds {} bytes", i, server.held_bytes());
    }
    if (server.connections() > backends_[i]->open_streams()) {
      wrong_ = fmt::format("shard {} has {} connections over {} streams", i, server.connections(),
                           backends_[i]->open_streams());
    }
  }
}

bool World::run_until(const std::function<bool()>& done, size_t steps_max) {
  for (size_t i = 0; i < steps_max && wrong_.empty(); ++i) {
    if (done()) {
      return true;
    }
    step();
  }
  return wrong_.empty() && done();
}

void World::begin_drain() {
  options_.clock_jump = 0;  // the platform's patience is not frozen with us
  drain_ = std::make_unique<serve::Drain>(clock_.now_ns());
  for (const auto& shard : shards_) {
    RM_CHECK(shard->post({.kind = serve::ShardMessage::Kind::kDrain}));
  }
}

void World::hasten_drain() {
  for (const auto& shard : shards_) {
    RM_CHECK(shard->post({.kind = serve::ShardMessage::Kind::kHasten}));
  }
}

void World::stop_faults() {
  options_.clock_jump = 0;
  for (SimulatedBackend* backend : backends_) {
    backend->stop_faults();
  }
}

bool World::broken(const Peer& peer) const {
  return std::any_of(backends_.begin(), backends_.end(), [&peer](const SimulatedBackend* backend) {
    return backend->broken_peers().contains(peer.name());
  });
}

uint64_t World::faults_injected() const {
  uint64_t sum = 0;
  for (const SimulatedBackend* backend : backends_) {
    sum += backend->faults_injected();
  }
  return sum;
}

std::string World::held() {
  std::string text;
  for (size_t i = 0; i < shards_.size(); ++i) {
    const auto say = [&](size_t count, const char* what) {
      if (count != 0) {
        text += fmt::format("shard {} holds {} {}\n", i, count, what);
      }
    };
    say(shards_[i]->server().connections(), "connections");
    say(shards_[i]->server().exchanges_in_hand(), "exchanges");
    say(shards_[i]->server().held_bytes(), "bytes of requests");
    say(shards_[i]->timers(), "timers");
    say(backends_[i]->open_streams(), "streams");
    say(backends_[i]->lent_buffers(), "receive buffers");
    say(placement_.connections(i), "connections in the table of all shards");
  }
  return text;
}

}  // namespace ringmaker::test
