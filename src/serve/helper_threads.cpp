#include "serve/helper_threads.h"

#include "base/cpu.h"
#include "base/thread.h"
#include "io/thread_placement.h"

#include <fmt/core.h>

namespace ringmaker::serve {

HelperThreads::HelperThreads(std::string name, size_t threads_max)
    : name_(std::move(name)), threads_max_(threads_max), cpus_(base::allowed_cpus()) {}

HelperThreads::~HelperThreads() { stop(); }

void HelperThreads::stop() {
  std::vector<std::thread> threads;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    threads.swap(threads_);
  }
  wait_.notify_all();
  for (std::thread& thread : threads) {
    thread.join();
  }
}

base::Result<void> HelperThreads::enqueue(Job job) {
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    return {};
  }
  if (idle_ < jobs_.size() + 1 && threads_.size() < threads_max_) {
    auto thread = base::start_thread([this, index = threads_.size()] { run(index); });
    if (thread) {
      threads_.push_back(std::move(*thread));
    } else if (threads_.empty()) {
      return base::fail(thread.error());
    }
  }
  jobs_.push_back(std::move(job));
  wait_.notify_one();
  return {};
}

void HelperThreads::run(size_t index) {
  io::name_this_thread(fmt::format("{}-{}", name_, index));
  io::yield_to_other_threads(cpus_);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (jobs_.empty()) {
      ++idle_;
      wait_.wait(lock);
      --idle_;
      continue;
    }
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace ringmaker::serve
