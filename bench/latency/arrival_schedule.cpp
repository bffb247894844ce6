#include "bench/latency/arrival_schedule.h"

#include "base/check.h"

#include <cmath>

namespace ringmaker::latency {

ArrivalSchedule::ArrivalSchedule(Arrivals arrivals, double rate, uint64_t start_ns,
                                 uint64_t seed) noexcept
    : random_(seed),
      arrivals_(arrivals),
      gap_ns_(1e9 / rate),
      start_ns_(start_ns),
      next_ns_(start_ns) {
  RM_CHECK(rate > 0);
  advance();
}

void ArrivalSchedule::advance() noexcept {
  // 1 - uniform() lies in (0, 1], so that the logarithm is finite.
  double gaps = arrivals_ == Arrivals::kPoisson ? -std::log(1.0 - random_.uniform()) : 1.0;
  elapsed_ns_ += gaps * gap_ns_;
  next_ns_ = start_ns_ + static_cast<uint64_t>(elapsed_ns_);
}

}  // namespace ringmaker::latency
