#include "telemetry/exposition.h"

#include <fmt/format.h>

#include <iterator>

namespace ringmaker::telemetry {

void HistogramSum::add(const Histogram& histogram) noexcept {
  for (size_t i = 0; i < buckets.size(); ++i) {
    buckets[i] += histogram.bucket(i);
  }
  sum_ns += histogram.sum_ns();
}

void Exposition::describe(std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void Exposition::sample(std::string_view name, std::string_view labels, uint64_t value) {
  if (labels.empty()) {
    fmt::format_to(std::back_inserter(text_), "{} {}\n", name, value);
  } else {
    fmt::format_to(std::back_inserter(text_), "{}{{{}}} {}\n", name, labels, value);
  }
}

void Exposition::sample(std::string_view name, std::string_view labels, double value) {
  if (labels.empty()) {
    fmt::format_to(std::back_inserter(text_), "{} {}\n", name, value);
  } else {
    fmt::format_to(std::back_inserter(text_), "{}{{{}}} {}\n", name, labels, value);
  }
}

void Exposition::histogram(std::string_view name, std::string_view labels,
                           const HistogramSum& sum) {
  const std::string_view comma = labels.empty() ? "" : ",";
  uint64_t count = 0;
  for (size_t i = 0; i < sum.buckets.size(); ++i) {
    count += sum.buckets[i];
    const std::string bound =
        i < Histogram::kBoundsNs.size()
            ? fmt::format("{}", static_cast<double>(Histogram::kBoundsNs[i]) / 1e9)
            : "+Inf";
    fmt::format_to(std::back_inserter(text_), "{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels,
                   comma, bound, count);
  }
  sample(std::string(name) + "_sum", labels, static_cast<double>(sum.sum_ns) / 1e9);
  sample(std::string(name) + "_count", labels, count);
}

std::string label(std::string_view name, std::string_view value) {
  std::string text(name);
  text += "=\"";
  for (const char c : value) {
    if (c == '\\' || c == '"') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  text += '"';
  return text;
}

}  // namespace ringmaker::telemetry
