#include "telemetry/exposition.h"

#include <fmt/core.h>

#include <iterator>

namespace ringmaker::telemetry {

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

template <class Scale>
void Exposition::add_buckets(std::string_view name, std::string_view labels,
                             const BasicHistogramSum<Scale>& sum) {
  const std::string_view comma = labels.empty() ? "" : ",";
  uint64_t count = 0;
  for (size_t i = 0; i < sum.buckets.size(); ++i) {
    count += sum.buckets[i];
    const std::string bound =
        i < Scale::kBounds.size()
            ? fmt::format("{}", static_cast<double>(Scale::kBounds[i]) / Scale::kUnit)
            : "+Inf";
    fmt::format_to(std::back_inserter(text_), "{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels,
                   comma, bound, count);
  }
  sample(std::string(name) + "_sum", labels, static_cast<double>(sum.sum) / Scale::kUnit);
  sample(std::string(name) + "_count", labels, count);
}

void Exposition::histogram(std::string_view name, std::string_view labels,
                           const HistogramSum& sum) {
  add_buckets(name, labels, sum);
}

void Exposition::histogram(std::string_view name, std::string_view labels,
                           const SizeHistogramSum& sum) {
  add_buckets(name, labels, sum);
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
