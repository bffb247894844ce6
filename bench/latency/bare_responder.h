// Bare responders: the least that an HTTP server on one core can do, as the ceiling for ours.
//
// Nothing is parsed; requests are counted by their length and each gets the same canned answer. The
// two do what the io backends do (multishot receive into a buffer ring, or level-triggered epoll)
// but share no code with them, so that a slow backend cannot lower its own ceiling.
#pragma once

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
  bool spin = false;         // poll without ever sleeping
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
