#include "io/thread_placement.h"

#include <fmt/core.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

namespace ringmaker::io {

base::Result<void> pin_this_thread(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (cpu < 0 || cpu >= CPU_SETSIZE) {
    return base::fail(base::system_error(EINVAL, fmt::format("cannot run on CPU {}", cpu)));
  }
  CPU_SET(static_cast<size_t>(cpu), &set);
  const int error_number = ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
  if (error_number != 0) {
    return base::fail(base::system_error(error_number, fmt::format("cannot run on CPU {}", cpu)));
  }
  return {};
}

void yield_to_other_threads(const std::vector<int>& cpus) noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus) {
    if (cpu >= 0 && cpu < CPU_SETSIZE) {
      CPU_SET(static_cast<size_t>(cpu), &set);
    }
  }
  if (!cpus.empty()) {
    ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
  }
  // On Linux a thread has a niceness of its own.
  constexpr int kNiceness = 10;
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNiceness);
}

void name_this_thread(const std::string& name) noexcept {
  ::pthread_setname_np(::pthread_self(), name.substr(0, 15).c_str());
}

}  // namespace ringmaker::io
