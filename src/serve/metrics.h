// Metrics: what a shard counts, and the text that sums all shards.
#pragma once

#include "serve/error_reason.h"
#include "serve/session_count.h"
#include "telemetry/counter.h"
#include "telemetry/histogram.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ringmaker::serve {

enum class Route : uint8_t {
  kPing,
  kInvocations,
  kModelInvoke,
  kStream,
  kModels,
  kMetrics,
  kOther
};
inline constexpr size_t kRoutes = 7;
enum class Phase : uint8_t { kRead, kDecode, kWait, kPredict, kEncode, kWrite };
inline constexpr size_t kPhases = 6;
[[nodiscard]] std::string_view name(Phase phase) noexcept;

/// Written by one shard, read by any.
struct ShardMetrics {
  struct PerRoute {
    std::array<telemetry::Counter, 600> by_status;
    telemetry::Histogram duration;
  };
  std::array<PerRoute, kRoutes> routes;
  std::array<telemetry::Histogram, kPhases> phases;
  telemetry::Counter rows;
  telemetry::SizeHistogram batch_rows;  // of each call of the model
  telemetry::Counter bad_records;       // marked in an answer, so that its payload did not fail
  telemetry::Counter connections_opened;
  telemetry::Counter completion_overflows;  // of the io backend, as the next two
  telemetry::Counter buffers_exhausted;
  telemetry::Counter receive_rearms;
  telemetry::Counter connections;  // open now
  telemetry::Counter inflight;     // requests in hand now
  telemetry::Counter queue_rows;   // rows waiting for a call now
  std::array<telemetry::Counter, kErrorReasons> errors;

  void answered(Route route, int status, uint64_t nanoseconds) noexcept {
    answered(route, status, nanoseconds, reason_of(status));
  }
  /// `reason` counts from status 400 on.
  void answered(Route route, int status, uint64_t nanoseconds, ErrorReason reason) noexcept;
  void spent(Phase phase, uint64_t nanoseconds) noexcept {
    phases[static_cast<size_t>(phase)].record(nanoseconds);
  }
  /// By http itself, whose answers have no duration.
  void refused(Route route, int status) noexcept;
  [[nodiscard]] telemetry::Counter& error(ErrorReason reason) noexcept {
    return errors[static_cast<size_t>(reason)];
  }

  [[nodiscard]] uint64_t requests() const noexcept;
  /// Of all reasons.
  [[nodiscard]] uint64_t failures() const noexcept;

 private:
  void count(Route route, int status, ErrorReason reason) noexcept;
};

/// What the keeper of models counts, under its lock. No metric names a model: there may be
/// thousands.
struct ModelMetrics {
  telemetry::Counter models;  // loaded now
  telemetry::Counter loads;
  telemetry::Counter loads_failed;
  telemetry::Counter loads_without_memory;
  telemetry::Counter unloads;
  telemetry::Histogram load_duration;
};

struct BuildInfo {
  std::string version;
  std::string instruction_set;
  std::string io;
};

/// The model behind /invocations.
struct ModelInfo {
  std::string kind;
  std::string version;  // what it was trained by, empty where unknown
};

/// The shards' counters outlive it. describe_model() and exposition() are thread-safe, the others
/// come before them.
class MetricsRegistry {
 public:
  void add(const ShardMetrics& shard) { shards_.push_back(&shard); }
  void add(const ModelMetrics& models) { models_ = &models; }
  void add(const SessionCount& sessions) { sessions_ = &sessions; }
  void describe_build(BuildInfo build) { build_ = std::move(build); }
  /// Once.
  void describe_model(ModelInfo model);
  [[nodiscard]] std::string exposition() const;

  /// Requests for predictions, over all shards since the start. Thread-safe.
  struct Predictions {
    uint64_t requests = 0;
    uint64_t client_errors = 0;  // of them, those answered 4xx
    uint64_t server_errors = 0;  // 5xx
    uint64_t rows = 0;
    uint64_t connections = 0;  // now
    telemetry::HistogramSum duration{};
  };
  [[nodiscard]] Predictions predictions() const;

 private:
  std::vector<const ShardMetrics*> shards_;
  const ModelMetrics* models_ = nullptr;
  const SessionCount* sessions_ = nullptr;
  BuildInfo build_;
  ModelInfo model_;
  std::atomic<bool> has_model_{false};  // model_ is written
};

}  // namespace ringmaker::serve
