// Exposition: metrics as Prometheus text, format 0.0.4.
#pragma once

#include "telemetry/histogram.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ringmaker::telemetry {

/// `labels` is the text between the braces, made with label(), or empty.
class Exposition {
 public:
  void describe(std::string_view name, std::string_view type, std::string_view help);
  void sample(std::string_view name, std::string_view labels, uint64_t value);
  void sample(std::string_view name, std::string_view labels, double value);
  /// Durations in seconds, sizes as they are.
  void histogram(std::string_view name, std::string_view labels, const HistogramSum& sum);
  void histogram(std::string_view name, std::string_view labels, const SizeHistogramSum& sum);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  template <class Scale>
  void add_buckets(std::string_view name, std::string_view labels,
                   const BasicHistogramSum<Scale>& sum);

  std::string text_;
};

/// name="value", escaped.
[[nodiscard]] std::string label(std::string_view name, std::string_view value);

}  // namespace ringmaker::telemetry
