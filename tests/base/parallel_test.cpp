#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <new>
#include <set>
#include <thread>
#include <vector>

namespace ringmaker::base {
namespace {

TEST(Parallel, EachIndexIsWorkedOnOnceWhateverTheThreads) {
  for (const size_t threads : {0, 1, 3, 100}) {
    std::vector<std::atomic<int>> visits(50);
    for_each_index(threads, visits.size(), [&](size_t index) { ++visits[index]; });
    for (const auto& count : visits) {
      EXPECT_EQ(count, 1) << threads << " threads";
    }
  }
}

TEST(Parallel, TheCallerIsOneOfTheThreads) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  run_on_threads(3, [&] {
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  EXPECT_EQ(seen.size(), 3U);
  EXPECT_TRUE(seen.contains(std::this_thread::get_id()));
}

TEST(Parallel, WhatOneThreadThrowsIsThrownAgainOnceAllAreDone) {
  std::atomic<int> done{0};
  const auto work = [&](size_t index) {
    if (index == 7) {
      throw std::bad_alloc();
    }
    ++done;
  };
  EXPECT_THROW(for_each_index(2, 8, work), std::bad_alloc);
  EXPECT_EQ(done, 7);
}

}  // namespace
}  // namespace ringmaker::base
