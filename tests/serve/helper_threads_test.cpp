// Work that shards give away.
#include "serve/helper_threads.h"

#include "tests/support/no_more_threads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

namespace ringmaker::serve {
namespace {

TEST(HelperThreadsTest, EveryJobIsDoneOnAnotherThread) {
  HelperThreads helpers("test", 3);
  constexpr ptrdiff_t kJobs = 1'000;
  std::latch done(kJobs);
  std::atomic<int> at_home{0};
  const std::thread::id home = std::this_thread::get_id();
  for (ptrdiff_t i = 0; i < kJobs; ++i) {
    (void)helpers.enqueue([&] {
      at_home += std::this_thread::get_id() == home ? 1 : 0;
      done.count_down();
    });
  }
  done.wait();
  EXPECT_EQ(at_home, 0);
}

TEST(HelperThreadsTest, AJobThatTakesLongHoldsUpNoOtherUntilAllThreadsAreBusy) {
  HelperThreads helpers("test", 2);
  std::latch release(1);
  std::latch long_one_runs(1);
  (void)helpers.enqueue([&] {
    long_one_runs.count_down();
    release.wait();
  });
  long_one_runs.wait();
  std::latch done(3);
  for (int i = 0; i < 3; ++i) {
    (void)helpers.enqueue([&] { done.count_down(); });
  }
  done.wait();
  release.count_down();
}

TEST(HelperThreadsTest, StopWaitsForTheJobInHandAndDropsTheRest) {
  HelperThreads helpers("test", 1);
  std::latch begun(1);
  std::atomic<int> finished{0};
  std::atomic<bool> stopping{false};
  (void)helpers.enqueue([&] {
    begun.count_down();
    while (!stopping) {
      std::this_thread::yield();
    }
    ++finished;
  });
  begun.wait();
  std::thread release([&] { stopping = true; });
  helpers.stop();
  release.join();
  EXPECT_EQ(finished, 1);
  EXPECT_TRUE(helpers.enqueue([&] { ++finished; })) << "dropped, not refused";
  helpers.stop();
  EXPECT_EQ(finished, 1);
}

TEST(HelperThreadsTest, AJobIsRefusedWhereNoThreadCanBeStarted) {
  HelperThreads helpers("test", 2);
  const test::NoMoreThreads none;
  const auto taken = helpers.enqueue([] { FAIL() << "nobody is there to do it"; });
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message(), testing::HasSubstr("the limit of processes is reached"));
}

TEST(HelperThreadsTest, ThreadsThatAreThereDoTheJobsOfThoseThatCannotBeStarted) {
  HelperThreads helpers("test", 2);
  std::latch release(1);
  std::latch done(2);
  ASSERT_TRUE(helpers.enqueue([&] {
    release.wait();
    done.count_down();
  }));
  const test::NoMoreThreads none;
  ASSERT_TRUE(helpers.enqueue([&] { done.count_down(); }));
  release.count_down();
  done.wait();
}

}  // namespace
}  // namespace ringmaker::serve
