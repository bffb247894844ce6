// start_thread: a thread, or why there is none.
//
// std::thread throws where the system gives no thread, in the middle of whatever starts it. A
// container may have a small limit of processes, so that is something to expect.
#pragma once

#include "base/result.h"

#include <system_error>
#include <thread>
#include <utility>

namespace ringmaker::base {

/// The sentence for what std::thread has thrown; kPlatform, or kExhausted where memory is short.
[[nodiscard]] Error thread_error(const std::system_error& error);

/// Calls `work` once, on a thread of its own.
template <class Work>
[[nodiscard]] Result<std::thread> start_thread(Work&& work) {
  try {
    return std::thread(std::forward<Work>(work));
  } catch (const std::system_error& error) {
    return fail(thread_error(error));
  }
}

}  // namespace ringmaker::base
