#include "serve/embedded_metrics.h"

#include "wire/json_writer.h"

#include <poll.h>
#include <unistd.h>

namespace ringmaker::serve {
namespace {

struct Metric {
  std::string_view name;
  std::string_view unit;
  double value = 0;
};

telemetry::HistogramSum difference(const telemetry::HistogramSum& now,
                                   const telemetry::HistogramSum& before) {
  telemetry::HistogramSum result = now;
  for (size_t i = 0; i < result.buckets.size(); ++i) {
    result.buckets[i] -= before.buckets[i];
  }
  result.sum -= before.sum;
  return result;
}

uint64_t count_of(const telemetry::HistogramSum& durations) noexcept {
  uint64_t count = 0;
  for (const uint64_t bucket : durations.buckets) {
    count += bucket;
  }
  return count;
}

/// Milliseconds below which `share` of the durations lie, of which there are some, taken as even
/// within a bucket.
double percentile_ms(const telemetry::HistogramSum& durations, double share) noexcept {
  constexpr auto& kBounds = telemetry::Histogram::kBounds;
  const double wanted = share * static_cast<double>(count_of(durations));
  double below = 0;
  for (size_t i = 0; i < kBounds.size(); ++i) {
    const auto here = static_cast<double>(durations.buckets[i]);
    const double from = i == 0 ? 0 : static_cast<double>(kBounds[i - 1]);
    const double width = static_cast<double>(kBounds[i]) - from;
    if (here > 0 && below + here >= wanted) {
      return (from + width * (wanted - below) / here) / 1e6;
    }
    below += here;
  }
  return static_cast<double>(kBounds.back()) / 1e6;
}

}  // namespace

std::optional<std::string> EmbeddedMetrics::line(uint64_t unix_ms) {
  const MetricsRegistry::Predictions now = registry_.predictions();
  if (now.requests == told_.requests) {
    return std::nullopt;
  }
  const telemetry::HistogramSum durations = difference(now.duration, told_.duration);
  const auto since = [](uint64_t later, uint64_t earlier) {
    return static_cast<double>(later - earlier);
  };
  std::vector<Metric> metrics{
      {"Requests", "Count", since(now.requests, told_.requests)},
      {"Rows", "Count", since(now.rows, told_.rows)},
      {"ClientErrors", "Count", since(now.client_errors, told_.client_errors)},
      {"ServerErrors", "Count", since(now.server_errors, told_.server_errors)},
  };
  // What http turns down by itself has no duration: a line of nothing else says none.
  if (const uint64_t count = count_of(durations); count > 0) {
    const double average_ms = static_cast<double>(durations.sum) / 1e6 / static_cast<double>(count);
    metrics.push_back({"LatencyAverage", "Milliseconds", average_ms});
    metrics.push_back({"LatencyP50", "Milliseconds", percentile_ms(durations, 0.5)});
    metrics.push_back({"LatencyP99", "Milliseconds", percentile_ms(durations, 0.99)});
  }
  metrics.push_back({"Connections", "Count", static_cast<double>(now.connections)});
  told_ = now;
  std::string text;
  wire::JsonWriter json(text);
  json.begin_object().key("_aws").begin_object().member("Timestamp", unix_ms);
  json.key("CloudWatchMetrics").begin_array().begin_object().member("Namespace", "Ringmaker");
  json.key("Dimensions").begin_array().begin_array();
  for (const auto& [name, value] : dimensions_) {
    json.value(name);
  }
  json.end_array().end_array().key("Metrics").begin_array();
  for (const Metric& metric : metrics) {
    json.begin_object().member("Name", metric.name).member("Unit", metric.unit).end_object();
  }
  json.end_array().end_object().end_array().end_object();
  for (const auto& [name, value] : dimensions_) {
    json.member(name, value);
  }
  for (const Metric& metric : metrics) {
    json.member(metric.name, metric.value);
  }
  json.end_object();
  return text + '\n';
}

bool write_line_now(int descriptor, std::string_view line) noexcept {
  pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
  if (::poll(&waiting, 1, 0) != 1 || (waiting.revents & POLLOUT) == 0) {
    return false;
  }
  return ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

}  // namespace ringmaker::serve
