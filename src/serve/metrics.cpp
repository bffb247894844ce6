#include "serve/metrics.h"

#include "base/check.h"
#include "telemetry/exposition.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <utility>

namespace ringmaker::serve {
namespace {

constexpr std::array<std::string_view, kRoutes> kRouteNames{
    "ping", "invocations", "model_invoke", "stream", "models", "metrics", "other"};
constexpr std::array<std::string_view, kPhases> kPhaseNames{"read",    "decode", "wait",
                                                            "predict", "encode", "write"};
using Shards = std::vector<const ShardMetrics*>;

template <class Get>
uint64_t sum(const Shards& shards, Get&& get) {
  uint64_t total = 0;
  for (const ShardMetrics* shard : shards) {
    total += get(*shard);
  }
  return total;
}

template <class Get>
telemetry::HistogramSum sum_histograms(const Shards& shards, Get&& get) {
  telemetry::HistogramSum total;
  for (const ShardMetrics* shard : shards) {
    total.add(get(*shard));
  }
  return total;
}

void add_requests(telemetry::Exposition& out, const Shards& shards) {
  out.describe("ringmaker_requests_total", "counter", "Requests answered.");
  for (size_t route = 0; route < kRoutes; ++route) {
    for (size_t status = 100; status < 600; ++status) {
      const uint64_t count = sum(shards, [&](const ShardMetrics& shard) {
        return shard.routes[route].by_status[status].value();
      });
      if (count > 0) {
        out.sample("ringmaker_requests_total",
                   fmt::format("{},{}", telemetry::label("route", kRouteNames[route]),
                               telemetry::label("code", fmt::format("{}", status))),
                   count);
      }
    }
  }
  out.describe("ringmaker_errors_total", "counter",
               "Requests and connections that failed, each by one reason.");
  for (size_t reason = 0; reason < kErrorReasons; ++reason) {
    out.sample(
        "ringmaker_errors_total",
        telemetry::label("reason", name(static_cast<ErrorReason>(reason))),
        sum(shards, [reason](const ShardMetrics& shard) { return shard.errors[reason].value(); }));
  }
}

void add_bad_records(telemetry::Exposition& out, const Shards& shards) {
  out.describe("ringmaker_bad_records_total", "counter",
               "Records in error that were marked in an answer.");
  out.sample("ringmaker_bad_records_total", "",
             sum(shards, [](const ShardMetrics& shard) { return shard.bad_records.value(); }));
}

void add_times(telemetry::Exposition& out, const Shards& shards) {
  out.describe("ringmaker_request_duration_seconds", "histogram",
               "From the first byte of a request to its answer.");
  for (size_t route = 0; route < kRoutes; ++route) {
    out.histogram(
        "ringmaker_request_duration_seconds", telemetry::label("route", kRouteNames[route]),
        sum_histograms(shards, [route](const ShardMetrics& shard) -> const telemetry::Histogram& {
          return shard.routes[route].duration;
        }));
  }
  out.describe("ringmaker_phase_seconds", "histogram", "Parts of a request's time.");
  for (size_t phase = 0; phase < kPhases; ++phase) {
    out.histogram(
        "ringmaker_phase_seconds", telemetry::label("phase", name(static_cast<Phase>(phase))),
        sum_histograms(shards, [phase](const ShardMetrics& shard) -> const telemetry::Histogram& {
          return shard.phases[phase];
        }));
  }
}

void add_gauges(telemetry::Exposition& out, const Shards& shards) {
  out.describe("ringmaker_rows_total", "counter", "Rows scored.");
  out.sample("ringmaker_rows_total", "",
             sum(shards, [](const ShardMetrics& shard) { return shard.rows.value(); }));
  telemetry::SizeHistogramSum batches;
  for (const ShardMetrics* shard : shards) {
    batches.add(shard->batch_rows);
  }
  out.describe("ringmaker_batch_rows", "histogram", "Rows scored by one call of the model.");
  out.histogram("ringmaker_batch_rows", "", batches);
  out.describe("ringmaker_connections", "gauge", "Open connections.");
  out.sample("ringmaker_connections", "",
             sum(shards, [](const ShardMetrics& shard) { return shard.connections.value(); }));
  out.describe("ringmaker_inflight_requests", "gauge", "Requests not answered yet.");
  out.sample("ringmaker_inflight_requests", "",
             sum(shards, [](const ShardMetrics& shard) { return shard.inflight.value(); }));
  out.describe("ringmaker_queue_rows", "gauge", "Rows waiting to be scored.");
  out.sample("ringmaker_queue_rows", "",
             sum(shards, [](const ShardMetrics& shard) { return shard.queue_rows.value(); }));
}

void add_models(telemetry::Exposition& out, const ModelMetrics& models) {
  out.describe("ringmaker_models", "gauge", "Models loaded by POST /models.");
  out.sample("ringmaker_models", "", models.models.value());
  out.describe("ringmaker_model_loads_total", "counter", "Loads of models, by outcome.");
  const auto loads = [&out](std::string_view result, const telemetry::Counter& counter) {
    out.sample("ringmaker_model_loads_total", telemetry::label("result", result), counter.value());
  };
  loads("loaded", models.loads);
  loads("failed", models.loads_failed);
  loads("no_memory", models.loads_without_memory);
  out.describe("ringmaker_model_unloads_total", "counter", "Models unloaded.");
  out.sample("ringmaker_model_unloads_total", "", models.unloads.value());
  out.describe("ringmaker_model_load_duration_seconds", "histogram",
               "From a load's begin to a model that has scored.");
  telemetry::HistogramSum durations;
  durations.add(models.load_duration);
  out.histogram("ringmaker_model_load_duration_seconds", "", durations);
}

void add_io(telemetry::Exposition& out, const Shards& shards) {
  out.describe("ringmaker_io_events_total", "counter",
               "What the io backend had to make up for: completion queues that overflowed, "
               "receives that found no buffer, receives armed again.");
  const auto event = [&](std::string_view name, auto count) {
    out.sample("ringmaker_io_events_total", telemetry::label("event", name), sum(shards, count));
  };
  event("completion_overflows",
        [](const ShardMetrics& shard) { return shard.completion_overflows.value(); });
  event("buffers_exhausted",
        [](const ShardMetrics& shard) { return shard.buffers_exhausted.value(); });
  event("receive_rearms", [](const ShardMetrics& shard) { return shard.receive_rearms.value(); });
}

double seconds_of(clockid_t clock) noexcept {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

/// Since 1970.
double process_start_s() {
  std::ifstream stat("/proc/self/stat");
  std::string text;
  std::getline(stat, text);
  // Behind the name, which may hold anything, the state is the third field and the start the 22nd.
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string skipped;
  for (int field = 3; field < 22; ++field) {
    fields >> skipped;
  }
  double ticks_since_boot = 0;
  fields >> ticks_since_boot;
  return seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME) +
         ticks_since_boot / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// The one that looks is not counted.
uint64_t open_descriptors() {
  std::error_code error;
  const std::filesystem::directory_iterator all("/proc/self/fd", error);
  const auto count = error ? 1 : std::distance(begin(all), end(all));
  return static_cast<uint64_t>(std::max<ptrdiff_t>(count, 1) - 1);
}

void add_descriptors(telemetry::Exposition& out) {
  out.describe("process_open_fds", "gauge", "Number of open file descriptors.");
  out.sample("process_open_fds", "", open_descriptors());
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  out.describe("process_max_fds", "gauge", "Maximum number of open file descriptors.");
  out.sample("process_max_fds", "", static_cast<uint64_t>(limit.rlim_cur));
}

void add_process(telemetry::Exposition& out) {
  std::ifstream statm("/proc/self/statm");
  uint64_t pages = 0;
  uint64_t resident = 0;
  statm >> pages >> resident;
  const auto page = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  out.describe("process_start_time_seconds", "gauge", "When the process began, in Unix seconds.");
  out.sample("process_start_time_seconds", "", process_start_s());
  add_descriptors(out);
  out.describe("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.");
  out.sample("process_virtual_memory_bytes", "", pages * page);
  out.describe("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.");
  out.sample("process_resident_memory_bytes", "", resident * page);
  out.describe("process_cpu_seconds_total", "counter", "CPU time used, in seconds.");
  out.sample("process_cpu_seconds_total", "", seconds_of(CLOCK_PROCESS_CPUTIME_ID));
}

}  // namespace

std::string_view name(Phase phase) noexcept { return kPhaseNames[static_cast<size_t>(phase)]; }

void ShardMetrics::answered(Route route, int status, uint64_t nanoseconds,
                            ErrorReason reason) noexcept {
  count(route, status, reason);
  routes[static_cast<size_t>(route)].duration.record(nanoseconds);
}

void ShardMetrics::refused(Route route, int status) noexcept {
  count(route, status, reason_of(status));
}

void ShardMetrics::count(Route route, int status, ErrorReason reason) noexcept {
  PerRoute& counters = routes[static_cast<size_t>(route)];
  RM_CHECK(status > 0);
  RM_CHECK(static_cast<size_t>(status) < counters.by_status.size());
  counters.by_status[static_cast<size_t>(status)].add();
  if (status >= 400) {
    error(reason).add();
  }
}

uint64_t ShardMetrics::requests() const noexcept {
  uint64_t total = 0;
  for (const PerRoute& route : routes) {
    for (const telemetry::Counter& status : route.by_status) {
      total += status.value();
    }
  }
  return total;
}

uint64_t ShardMetrics::failures() const noexcept {
  uint64_t total = 0;
  for (const telemetry::Counter& reason : errors) {
    total += reason.value();
  }
  return total;
}

void MetricsRegistry::describe_model(ModelInfo model) {
  model_ = std::move(model);
  has_model_.store(true, std::memory_order_release);
}

MetricsRegistry::Predictions MetricsRegistry::predictions() const {
  Predictions total;
  for (const ShardMetrics* shard : shards_) {
    for (const Route route : {Route::kInvocations, Route::kModelInvoke}) {
      const ShardMetrics::PerRoute& counters = shard->routes[static_cast<size_t>(route)];
      // Durations first: what is answered meanwhile may have one more status, never one less.
      total.duration.add(counters.duration);
      for (size_t status = 0; status < counters.by_status.size(); ++status) {
        const uint64_t count = counters.by_status[status].value();
        total.requests += count;
        total.client_errors += status >= 400 && status < 500 ? count : 0;
        total.server_errors += status >= 500 ? count : 0;
      }
    }
    total.rows += shard->rows.value();
    total.connections += shard->connections.value();
  }
  return total;
}

std::string MetricsRegistry::exposition() const {
  telemetry::Exposition out;
  add_requests(out, shards_);
  add_bad_records(out, shards_);
  add_times(out, shards_);
  add_gauges(out, shards_);
  if (models_ != nullptr) {
    add_models(out, *models_);
  }
  if (sessions_ != nullptr) {
    out.describe("ringmaker_sessions", "gauge", "Open sessions.");
    out.sample("ringmaker_sessions", "", sessions_->open());
  }
  add_io(out, shards_);
  out.describe("ringmaker_build_info", "gauge", "The version that runs, and how.");
  out.sample("ringmaker_build_info",
             fmt::format("{},{},{}", telemetry::label("version", build_.version),
                         telemetry::label("isa", build_.instruction_set),
                         telemetry::label("io", build_.io)),
             uint64_t{1});
  if (has_model_.load(std::memory_order_acquire)) {
    out.describe("ringmaker_model_info", "gauge", "The model that is served.");
    out.sample("ringmaker_model_info",
               fmt::format("{},{},{}", telemetry::label("name", "default"),
                           telemetry::label("kind", model_.kind),
                           telemetry::label("version", model_.version)),
               uint64_t{1});
  }
  add_process(out);
  return out.text();
}

}  // namespace ringmaker::serve
