// Bare responders: the least that an HTTP server on one core can do, as the ceiling for ours.
//
// Nothing is parsed; requests are counted by their length and each gets the same canned answer. The
// two do what the io backends do (multishot receive into a buffer ring, or level-triggered epoll)
// but share no code with them, so that a slow backend cannot lower its own ceiling.
#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ringmaker::latency {

struct ResponderOptions {
  uint16_t port = 8080;
  std::string answer;        // whole, head and body
  size_t request_bytes = 0;  // 0: learnt from each connection's first request
  uint64_t spin_us = 0;      // poll for this long after the last event before sleeping
};

/// Whether to poll once more, or to sleep until something comes.
class Spin {
 public:
  explicit Spin(uint64_t spin_us) noexcept : spin_ns_(spin_us * base::kNanosecondsPerMicrosecond) {}

  [[nodiscard]] bool polls() const noexcept {
    return spin_ns_ > 0 && clock_.now_ns() - last_event_ns_ < spin_ns_;
  }
  void on_event() noexcept {
    if (spin_ns_ > 0) {
      last_event_ns_ = clock_.now_ns();
    }
  }

 private:
  base::SystemClock clock_;
  uint64_t spin_ns_;
  uint64_t last_event_ns_ = 0;
};

/// Both return once `*stop` is set by a signal handler that interrupts waiting.
[[nodiscard]] base::Result<void> respond_with_uring(const ResponderOptions& options,
                                                    const volatile sig_atomic_t* stop);
[[nodiscard]] base::Result<void> respond_with_epoll(const ResponderOptions& options,
                                                    const volatile sig_atomic_t* stop);

/// A listening socket on 127.0.0.1; `flags` go to socket().
[[nodiscard]] base::Result<int> listen_loopback(uint16_t port, int flags);

/// `answer`, kAnswersTogether times over, so that pipelined requests are answered by one send.
[[nodiscard]] std::string repeated_answer(const std::string& answer);
inline constexpr size_t kAnswersTogether = 64;
inline constexpr size_t kDescriptorsMax = 16384;

}  // namespace ringmaker::latency
