// The small tools of base.
#include "base/arena.h"
#include "base/check.h"
#include "base/cpu.h"
#include "base/nearest_name.h"
#include "base/random.h"
#include "base/result.h"
#include "base/ring_queue.h"
#include "tests/support/program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace ringmaker::base {
namespace {

TEST(Arena, AlignsAndKeepsWhatItGaveUntilReset) {
  Arena arena(64);
  std::vector<std::string_view> copies;
  for (int i = 0; i < 100; ++i) {
    copies.push_back(arena.copy("text " + std::to_string(i)));
    auto* number = static_cast<uint64_t*>(arena.allocate(8, 8));
    EXPECT_EQ(reinterpret_cast<uintptr_t>(number) % 8, 0U);
    *number = UINT64_MAX;
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(copies[static_cast<size_t>(i)], "text " + std::to_string(i));
  }
}

TEST(Arena, AfterAResetTheSameWorkNeedsNoNewBlock) {
  Arena arena(64);
  for (int i = 0; i < 50; ++i) {
    (void)arena.take(100);
  }
  arena.reset();
  const size_t held = arena.bytes_held();
  EXPECT_GE(held, 5000U);
  for (int i = 0; i < 50; ++i) {
    (void)arena.take(100);
  }
  EXPECT_EQ(arena.bytes_held(), held);
}

TEST(Arena, AResetKeepsNoMoreThanItMay) {
  Arena arena(64);
  (void)arena.take(1 << 20);
  arena.reset(4096);
  EXPECT_LE(arena.bytes_held(), 4096U);
}

TEST(RingQueue, IsFirstInFirstOutAcrossItsEnd) {
  RingQueue<int> queue(3);
  int next_in = 0;
  int next_out = 0;
  for (int round = 0; round < 10; ++round) {
    while (!queue.full()) {
      queue.push(next_in++);
    }
    EXPECT_EQ(queue.back(), next_in - 1);
    EXPECT_EQ(queue.pop(), next_out++);
    EXPECT_EQ(queue.pop(), next_out++);
  }
}

TEST(RingQueueDeathTest, PushingIntoAFullOneIsABug) {
  RingQueue<int> queue(1);
  queue.push(1);
  EXPECT_DEATH(queue.push(2), "check failed: !full\\(\\)");
}

TEST(Random, IsTheSameEverywhereForASeed) {
  Random random(42);
  EXPECT_EQ(random(), 1546998764402558742U);
  Random again(42);
  EXPECT_EQ(again(), 1546998764402558742U);
  EXPECT_NE(Random(43)(), 1546998764402558742U);
}

TEST(Random, BelowIsInRangeAndEven) {
  Random random(1);
  std::map<uint64_t, int> seen;
  for (int i = 0; i < 60'000; ++i) {
    ++seen[random.below(6)];
  }
  ASSERT_EQ(seen.size(), 6U);
  for (const auto& [value, count] : seen) {
    EXPECT_NEAR(count, 10'000, 500);
  }
  for (int i = 0; i < 1000; ++i) {
    const double value = random.uniform();
    EXPECT_GE(value, 0.0);
    EXPECT_LT(value, 1.0);
  }
}

TEST(Cpu, NeonIsTheSetOfArm) {
#if defined(__aarch64__)
  EXPECT_LE(detect_instruction_set(), InstructionSet::kNeon);
#else
  // Not even where RINGMAKER_ISA asks for it.
  EXPECT_NE(detect_instruction_set(), InstructionSet::kNeon);
#endif
}

TEST(Cpu, TheCgroupsQuotaLimitsTheCount) {
  const test::TemporaryDirectory root;
  root.write("cpu.max", "50000 100000\n");
  EXPECT_EQ(usable_cpu_count({.root = root.path()}), 1U);
  root.write("cpu.max", "max 100000\n");
  EXPECT_EQ(usable_cpu_count({.root = root.path()}), allowed_cpus().size());
  const test::TemporaryDirectory version1;
  version1.write("cpu/cpu.cfs_quota_us", "100000\n");
  version1.write("cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(usable_cpu_count({.root = version1.path()}), 1U);
}

TEST(Cpu, TheMemoryLimitIsReadFromBothVersions) {
  const test::TemporaryDirectory root;
  EXPECT_FALSE(memory_limit_bytes({.root = root.path()}));
  root.write("memory.max", "max\n");
  EXPECT_FALSE(memory_limit_bytes({.root = root.path()}));
  root.write("memory.max", "1048576\n");
  EXPECT_EQ(memory_limit_bytes({.root = root.path()}), 1048576U);
  const test::TemporaryDirectory version1;
  version1.write("memory/memory.limit_in_bytes", "2097152\n");
  EXPECT_EQ(memory_limit_bytes({.root = version1.path()}), 2097152U);
  version1.write("memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_FALSE(memory_limit_bytes({.root = version1.path()}));
}

class Cgroups : public testing::Test {
 protected:
  CgroupPlace with(const std::string& membership) {
    files_.write("own", membership);
    return {.root = root_, .membership = membership_};
  }
  test::TemporaryDirectory files_;
  std::string root_ = files_.path("root");
  std::string membership_ = files_.path("own");
};

TEST_F(Cgroups, OfVersion2TheSmallestLimitOnTheWayUpCounts) {
  files_.write("root/cgroup.controllers", "cpu memory\n");
  files_.write("root/pods/memory.max", "1000\n");
  files_.write("root/pods/app/memory.max", "3000\n");
  files_.write("root/pods/cpu.max", "max 100000\n");
  files_.write("root/pods/app/cpu.max", "150000 100000\n");
  files_.write("root/pods/other/memory.max", "7\n");
  EXPECT_EQ(memory_limit_bytes(with("0::/pods/app\n")), 1000U);
  EXPECT_EQ(cpu_quota(with("0::/pods/app\n")), 1.5);
  EXPECT_EQ(memory_limit_bytes(with("0::/\n")), std::nullopt);
}

TEST_F(Cgroups, OfVersion1EachControllerHasAPlaceOfItsOwn) {
  files_.write("root/memory/job/a/memory.limit_in_bytes", "2000\n");
  files_.write("root/memory/job/memory.limit_in_bytes", "9223372036854771712\n");
  files_.write("root/cpu/slice/cpu.cfs_quota_us", "50000\n");
  files_.write("root/cpu/slice/cpu.cfs_period_us", "100000\n");
  files_.write("root/cpu/slice/b/cpu.cfs_quota_us", "-1\n");
  files_.write("root/cpu/slice/b/cpu.cfs_period_us", "100000\n");
  const auto place = with("7:cpu,cpuacct:/slice/b\n4:memory:/job/a\n0::/elsewhere\n");
  EXPECT_EQ(memory_limit_bytes(place), 2000U);
  EXPECT_EQ(cpu_quota(place), 0.5);
}

TEST_F(Cgroups, AContainerWithAMountOfItsOwnFindsItsLimitAtTheRoot) {
  files_.write("root/memory/memory.limit_in_bytes", "5000\n");
  EXPECT_EQ(memory_limit_bytes(with("4:memory:/docker/0123\n")), 5000U) << "told from outside";
  EXPECT_EQ(memory_limit_bytes(with("4:memory:/../../x\n")), 5000U) << "outside the namespace";
  EXPECT_EQ(memory_limit_bytes(with("no line of this kind\n")), 5000U);
  EXPECT_EQ(memory_limit_bytes({.root = root_, .membership = "/nowhere"}), 5000U);
}

TEST(NearestName, ForgivesTyposButNotEverything) {
  const std::vector<std::string> names{"max_depth", "min_child_weight", "eta"};
  EXPECT_EQ(nearest_name("max_dept", names), "max_depth");
  EXPECT_EQ(nearest_name("mxa_depth", names), "max_depth");
  EXPECT_EQ(nearest_name("ETA", names), "eta");
  EXPECT_EQ(nearest_name("banana", names), "");
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{"y"}), "") << "nothing of it is left";
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{"X"}), "X");
  EXPECT_EQ(did_you_mean("max_dept", names), "; did you mean \"max_depth\"?");
  EXPECT_EQ(did_you_mean("banana", names), "");
}

TEST(NearestName, ALongerOrShorterFormIsNear) {
  const std::vector<std::string> names{"label", "csv_header", "na_values", "wd", "bias_wd_mult"};
  EXPECT_EQ(nearest_name("label_column", names), "label");
  EXPECT_EQ(nearest_name("the-Label", names), "label");
  EXPECT_EQ(nearest_name("header", names), "csv_header");
  EXPECT_EQ(nearest_name("na", names), "na_values");
  EXPECT_EQ(nearest_name("mult", names), "bias_wd_mult");
  EXPECT_EQ(nearest_name("bias_wd", names), "bias_wd_mult") << "not \"wd\", which is less of it";
  EXPECT_EQ(nearest_name("labelling", names), "") << "no word of its own";
  EXPECT_EQ(nearest_name("relabel", names), "");
  EXPECT_EQ(nearest_name("x_1", std::vector<std::string>{"x"}), "") << "a letter says too little";
}

TEST(Result, ErrorsGatherTheirContext) {
  const auto inner = []() -> Result<int> { return fail(ErrorCode::kCorrupt, "bad sum"); };
  const auto outer = [&]() -> Result<int> {
    RM_ASSIGN(const int value, inner());
    return value + 1;
  };
  ASSERT_FALSE(outer());
  EXPECT_EQ(outer().error().within("model").message(), "model: bad sum");
  EXPECT_EQ(outer().error().code(), ErrorCode::kCorrupt);
  EXPECT_EQ(system_error(ENOSPC, "writing").code(), ErrorCode::kExhausted);
  EXPECT_EQ(system_error(ENOENT, "reading").message(), "reading: No such file or directory");
}

}  // namespace
}  // namespace ringmaker::base
