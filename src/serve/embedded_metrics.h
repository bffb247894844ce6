// EmbeddedMetrics: lines in CloudWatch's Embedded Metric Format, from which CloudWatch Logs makes
// metrics. For endpoints whose /metrics nobody scrapes.
//
//   {"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"Ringmaker",
//     "Dimensions":[["Endpoint"]],"Metrics":[{"Name":"Requests","Unit":"Count"},...]}]},
//    "Endpoint":"heart","Requests":12,...}
//
// (Embedded Metric Format specification, CloudWatch user guide.) A line is about what happened
// since the one before; where nobody asked for a prediction there is none, so that an endpoint that
// is only pinged costs nothing.
#pragma once

#include "base/result.h"
#include "serve/metrics.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringmaker::serve {

using Dimensions = std::vector<std::pair<std::string, std::string>>;

/// Not thread-safe. The registry must outlive it.
class EmbeddedMetrics {
 public:
  EmbeddedMetrics(const MetricsRegistry& registry, Dimensions dimensions)
      : registry_(registry), dimensions_(std::move(dimensions)) {}

  /// What happened since the last call, as one line; nothing where that is nothing.
  [[nodiscard]] std::optional<std::string> line(uint64_t unix_ms);

 private:
  const MetricsRegistry& registry_;
  Dimensions dimensions_;
  MetricsRegistry::Predictions told_;
};

/// Writes at once or not at all: false where the descriptor does not take a line now.
bool write_line_now(int descriptor, std::string_view line) noexcept;

}  // namespace ringmaker::serve
