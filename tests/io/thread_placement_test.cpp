#include "io/thread_placement.h"

#include "base/cpu.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <array>
#include <string>
#include <thread>

namespace ringmaker::io {
namespace {

TEST(ThreadPlacement, APinnedThreadRunsOnItsCpuAlone) {
  const int cpu = base::allowed_cpus().back();
  std::thread([cpu] {
    ASSERT_TRUE(pin_this_thread(cpu));
    EXPECT_EQ(base::allowed_cpus(), std::vector<int>{cpu});
    EXPECT_EQ(::sched_getcpu(), cpu);
  }).join();
}

TEST(ThreadPlacement, ACpuThatIsNotThereIsAnError) {
  EXPECT_FALSE(pin_this_thread(-1));
  EXPECT_FALSE(pin_this_thread(1 << 20));
  EXPECT_FALSE(pin_this_thread(CPU_SETSIZE - 1));
}

TEST(ThreadPlacement, ALongNameIsCut) {
  std::thread([] {
    name_this_thread("ringmaker-shard-with-a-long-name");
    std::array<char, 16> name{};
    ASSERT_EQ(::pthread_getname_np(::pthread_self(), name.data(), name.size()), 0);
    EXPECT_EQ(std::string(name.data()), "ringmaker-shard");
  }).join();
}

}  // namespace
}  // namespace ringmaker::io
