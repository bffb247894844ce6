// What a process has used so far, read from /proc.
#pragma once

#include "base/result.h"

#include <cstdint>

namespace ringmaker::latency {

/// CPU time of all living threads in nanoseconds, as the scheduler accounts it.
[[nodiscard]] base::Result<uint64_t> cpu_time_ns(int pid);
/// Resident memory in bytes.
[[nodiscard]] base::Result<uint64_t> resident_bytes(int pid);

}  // namespace ringmaker::latency
