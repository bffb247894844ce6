// Exposition: metrics as Prometheus text, format 0.0.4.
#pragma once

#include "telemetry/histogram.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::telemetry {

/// Histograms of several shards added up.
struct HistogramSum {
  std::array<uint64_t, Histogram::kBoundsNs.size() + 1> buckets{};
  uint64_t sum_ns = 0;

  void add(const Histogram& histogram) noexcept;
};

/// `labels` is the text between the braces, made with label(), or empty.
class Exposition {
 public:
  void describe(std::string_view name, std::string_view type, std::string_view help);
  void sample(std::string_view name, std::string_view labels, uint64_t value);
  void sample(std::string_view name, std::string_view labels, double value);
  /// In seconds.
  void histogram(std::string_view name, std::string_view labels, const HistogramSum& sum);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

/// name="value", escaped.
[[nodiscard]] std::string label(std::string_view name, std::string_view value);

}  // namespace ringmaker::telemetry
