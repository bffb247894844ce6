#include "io/signals.h"

#include "base/clock.h"

#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace ringmaker::io {

Signals::Signals() {
  for (const int ignored : {SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2}) {
    struct sigaction action{};
    action.sa_handler = SIG_IGN;
    ::sigaction(ignored, &action, nullptr);
  }
  ::sigemptyset(&stop_signals_);
  ::sigaddset(&stop_signals_, SIGTERM);
  ::sigaddset(&stop_signals_, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &stop_signals_, &previous_mask_);
}

Signals::~Signals() { ::pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr); }

std::optional<int> Signals::wait(uint64_t timeout_ns) const {
  constexpr uint64_t kLongest = 3600 * base::kNanosecondsPerSecond;
  const uint64_t bounded = std::min(timeout_ns, kLongest);
  timespec time{};
  time.tv_sec = static_cast<time_t>(bounded / base::kNanosecondsPerSecond);
  time.tv_nsec = static_cast<long>(bounded % base::kNanosecondsPerSecond);
  int signal = 0;
  do {
    signal = ::sigtimedwait(&stop_signals_, nullptr, &time);
  } while (signal < 0 && errno == EINTR);
  if (signal < 0) {
    return std::nullopt;
  }
  return signal;
}

}  // namespace ringmaker::io
