#include "io/signals.h"

#include "base/clock.h"

#include <pthread.h>

#include <algorithm>
#include <cerrno>
#include <ctime>

namespace ringmaker::io {
namespace {

/// Of those that are the program's own to use.
int wake_signal() noexcept { return SIGRTMIN; }

}  // namespace

void hold_stop_signals() noexcept {
  sigset_t held{};
  ::sigemptyset(&held);
  ::sigaddset(&held, SIGTERM);
  ::sigaddset(&held, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &held, nullptr);
}

Signals::Signals() : waiting_thread_(::pthread_self()) {
  for (const int ignored : {SIGPIPE, SIGHUP, SIGUSR1, SIGUSR2}) {
    struct sigaction action{};
    action.sa_handler = SIG_IGN;
    ::sigaction(ignored, &action, nullptr);
  }
  ::sigemptyset(&stop_signals_);
  for (const int waited_for : {SIGTERM, SIGINT, wake_signal()}) {
    ::sigaddset(&stop_signals_, waited_for);
  }
  ::pthread_sigmask(SIG_BLOCK, &stop_signals_, &previous_mask_);
}

Signals::~Signals() {
  constexpr timespec kAtOnce{};
  while (::sigtimedwait(&stop_signals_, nullptr, &kAtOnce) > 0) {
  }
  ::pthread_sigmask(SIG_SETMASK, &previous_mask_, nullptr);
}

void Signals::wake() const noexcept { ::pthread_kill(waiting_thread_, wake_signal()); }

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
  if (signal < 0 || signal == wake_signal()) {
    return std::nullopt;
  }
  return signal;
}

}  // namespace ringmaker::io
