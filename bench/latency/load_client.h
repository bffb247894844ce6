// LoadClient: one thread that asks a server over keep-alive connections and counts what comes back.
//
// It polls its own epoll set without sleeping, so it wants a core to itself and the time it reports
// is the server's, not that of its own wake-ups. One request at a time is in flight per connection.
//
//   closed loop (rate 0): every answer is followed at once by the next request; tells the capacity.
//   open loop:            requests are due on a schedule, whatever the server does, and wait in
//                         order for a free connection; latency counts from the time they were due.
//
// Beside these, stream connections may send a large request over and over, 64 KB at a turn, and
// others may ask /ping at an even rate, whether or not earlier ones were answered; both are counted
// apart. So are refusals: answers of a status by which a server that is asked for too much may say
// so.
#pragma once

#include "base/result.h"
#include "bench/latency/arrival_schedule.h"
#include "bench/latency/histogram.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ringmaker::latency {

struct LoadOptions {
  uint16_t port = 8080;
  size_t connections = 64;
  std::vector<std::string> requests;  // each whole, as sent; taken in turn
  int expected_status = 200;
  std::optional<int> refusal_status;
  double warmup_s = 0.3;
  double duration_s = 1.0;
  double rate = 0;  // requests per second; 0: closed loop
  Arrivals arrivals = Arrivals::kPoisson;
  uint64_t seed = 1;
  size_t stream_connections = 0;
  std::string stream_request;
  double ping_rate = 0;  // a second, in both loops; 0: none
  std::string ping_request;
  std::optional<int> server_pid;  // to report the CPU it used
};

/// Counted between warm-up and end. In the open loop a request counts if it was due in that time,
/// even when its answer came up to a second later.
struct LoadReport {
  Histogram latency_ns;          // without refusals
  Histogram refusal_latency_ns;  // their number is its count
  Histogram ping_latency_ns;
  double seconds = 0;
  uint64_t responses = 0;
  uint64_t wrong_status = 0;
  uint64_t broken = 0;      // ended or garbled before the answer was complete
  uint64_t unanswered = 0;  // open loop: due, but not answered a second after the end
  uint64_t stream_responses = 0;
  uint64_t stream_bytes = 0;  // sent
  uint64_t stream_errors = 0;
  uint64_t ping_errors = 0;
  std::optional<double> server_cpu_us;  // per response
  std::optional<uint64_t> server_resident_bytes;

  [[nodiscard]] uint64_t errors() const noexcept {
    return wrong_status + broken + unanswered + stream_errors + ping_errors;
  }
};

/// Runs the load and returns when it is over; fails if the server cannot be reached.
[[nodiscard]] base::Result<LoadReport> run_load(const LoadOptions& options);

}  // namespace ringmaker::latency
