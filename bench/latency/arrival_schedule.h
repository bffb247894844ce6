// ArrivalSchedule: when an open-loop client must send, whatever the server does.
//
// Times depend on seed and rate alone. Latency is counted from the scheduled time, so the waiting
// that a slow server causes is counted too (no coordinated omission).
#pragma once

#include "base/random.h"

#include <cstdint>

namespace ringmaker::latency {

enum class Arrivals : uint8_t {
  kUniform,  // one every 1/rate
  kPoisson,  // independent of each other: gaps are exponentially distributed
};

class ArrivalSchedule {
 public:
  /// `rate` > 0, in arrivals per second.
  ArrivalSchedule(Arrivals arrivals, double rate, uint64_t start_ns, uint64_t seed) noexcept;

  /// The arrival that comes next; stays the same until advance().
  [[nodiscard]] uint64_t next_ns() const noexcept { return next_ns_; }
  void advance() noexcept;

 private:
  base::Random random_;
  Arrivals arrivals_;
  double gap_ns_;
  uint64_t start_ns_;
  double elapsed_ns_ = 0;  // of the next arrival since start; whole gaps are summed, not rounded
  uint64_t next_ns_;
};

}  // namespace ringmaker::latency
