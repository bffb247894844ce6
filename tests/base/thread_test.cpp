// Threads that may be refused.
#include "base/thread.h"

#include "tests/support/no_more_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <system_error>

namespace ringmaker::base {
namespace {

TEST(StartThread, TheWorkIsDoneOnAnotherThread) {
  std::atomic<bool> elsewhere = false;
  auto thread = start_thread(
      [&, home = std::this_thread::get_id()] { elsewhere = std::this_thread::get_id() != home; });
  ASSERT_TRUE(thread) << thread.error().message();
  thread->join();
  EXPECT_TRUE(elsewhere);
}

TEST(StartThread, WhereThereIsNoneTheErrorNamesTheLimit) {
  const test::NoMoreThreads none;
  const auto thread = start_thread([] {});
  ASSERT_FALSE(thread);
  EXPECT_EQ(thread.error().code(), ErrorCode::kPlatform);
  EXPECT_EQ(thread.error().message(),
            "cannot start a thread: the limit of processes is reached (pids cgroup, ulimit -u), or "
            "there is no memory for its stack (ulimit -v)");
}

TEST(StartThread, AnotherReasonIsToldAsTheSystemTellsIt) {
  const Error error = thread_error(std::system_error(EPERM, std::generic_category()));
  EXPECT_EQ(error.message(), "cannot start a thread: Operation not permitted");
}

}  // namespace
}  // namespace ringmaker::base
