// HelperThreads: a few threads for what a shard must not do itself, because it waits for a disk.
#pragma once

#include "base/result.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace ringmaker::serve {

/// Thread-safe. Its threads begin with the first job, yield to the shards' (niceness), and may run
/// on any CPU that this process may use.
class HelperThreads {
 public:
  using Job = std::function<void()>;

  /// Threads are named after what they do.
  HelperThreads(std::string name, size_t threads_max);
  ~HelperThreads();
  HelperThreads(const HelperThreads&) = delete;
  HelperThreads& operator=(const HelperThreads&) = delete;

  /// Never waits for a job. Where the system gives fewer threads, they do with fewer; an error only
  /// while there is none at all: the job is not taken. After stop() jobs are dropped.
  [[nodiscard]] base::Result<void> enqueue(Job job);
  /// Ends the threads once they have done what they are at; jobs that have not begun are dropped.
  void stop();

 private:
  void run(size_t index);

  std::string name_;
  size_t threads_max_;
  std::vector<int> cpus_;
  std::mutex mutex_;  // for what follows
  std::condition_variable wait_;
  std::deque<Job> jobs_;
  std::vector<std::thread> threads_;
  size_t idle_ = 0;
  bool stopping_ = false;
};

}  // namespace ringmaker::serve
