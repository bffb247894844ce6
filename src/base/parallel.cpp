#include "base/parallel.h"

#include "base/thread.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace ringmaker::base {

void run_on_threads(size_t threads, const std::function<void()>& work) {
  std::mutex mutex;
  std::exception_ptr first;
  const auto guarded = [&]() noexcept {
    try {
      work();
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) {
        first = std::current_exception();
      }
    }
  };
  std::vector<std::thread> helpers;
  helpers.reserve(threads);
  bool more = true;
  while (more && helpers.size() + 1 < threads) {
    auto helper = start_thread(guarded);
    more = helper.has_value();
    if (more) {
      helpers.push_back(std::move(*helper));
    }
  }
  guarded();
  for (std::thread& helper : helpers) {
    helper.join();
  }
  if (first) {
    std::rethrow_exception(first);
  }
}

void for_each_index(size_t threads, size_t count, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  run_on_threads(std::min(threads, count), [&] {
    for (size_t index = next++; index < count; index = next++) {
      work(index);
    }
  });
}

}  // namespace ringmaker::base
