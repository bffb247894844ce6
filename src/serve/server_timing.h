// ServerTiming: where the time of one request went, as the field Server-Timing of its answer (W3C,
// Server Timing), for who asks with the custom attribute server-timing=true.
//
//   Server-Timing: read;dur=0.012, decode;dur=0.004, wait;dur=0.001, predict;dur=0.015,
//   encode;dur=0.003
//
// Milliseconds; the phases are those of ringmaker_phase_seconds, up to the answer's head: of an
// answer that begins before its last score is made, what has been spent by then.
#pragma once

#include "http/exchange.h"
#include "serve/metrics.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ringmaker::serve {

/// Of one request, in nanoseconds.
class PhaseTimes {
 public:
  [[nodiscard]] uint64_t& operator[](Phase phase) noexcept {
    return spent_ns_[static_cast<size_t>(phase)];
  }
  [[nodiscard]] uint64_t operator[](Phase phase) const noexcept {
    return spent_ns_[static_cast<size_t>(phase)];
  }

 private:
  std::array<uint64_t, kPhases> spent_ns_{};
};

[[nodiscard]] bool asks_for_timing(const http::RequestHead& head) noexcept;

class ServerTiming {
 public:
  explicit ServerTiming(const PhaseTimes& times) noexcept;

  static constexpr std::string_view kName = "Server-Timing";
  [[nodiscard]] std::string_view value() const noexcept { return {text_.data(), size_}; }

 private:
  static constexpr size_t kBytesMaxPerPhase = 48;
  std::array<char, kPhases * kBytesMaxPerPhase> text_;
  size_t size_ = 0;
};

}  // namespace ringmaker::serve
