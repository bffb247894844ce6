// run_on_threads: the same work on several threads, the caller's among them.
#pragma once

#include <cstddef>
#include <functional>

namespace ringmaker::base {

/// Calls `work` once on each of `threads` threads and returns when all are done. Where the system
/// gives fewer threads, fewer do the work: `work` takes what is left to do, not a share of it. The
/// first exception is thrown again here.
void run_on_threads(size_t threads, const std::function<void()>& work);

/// Calls `work` once for each index below `count`, on at most `threads` threads, in any order.
void for_each_index(size_t threads, size_t count, const std::function<void(size_t)>& work);

}  // namespace ringmaker::base
