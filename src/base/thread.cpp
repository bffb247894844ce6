#include "base/thread.h"

#include <cerrno>

namespace ringmaker::base {

Error thread_error(const std::system_error& error) {
  constexpr std::string_view kWhat = "cannot start a thread";
  if (error.code().value() == EAGAIN) {
    return {ErrorCode::kPlatform,
            std::string(kWhat) +
                ": the limit of processes is reached (pids cgroup, ulimit -u), or there is no "
                "memory for its stack (ulimit -v)"};
  }
  return system_error(error.code().value(), kWhat);
}

}  // namespace ringmaker::base
