// How many shards there are, and where they run, of the built binary.
#include "base/cpu.h"
#include "tests/contract/iris_model.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace ringmaker::test {
namespace {

using testing::ElementsAre;
using testing::Pair;

/// Lets this thread, and what it starts, run on these CPUs alone for a while.
class Affinity {
 public:
  explicit Affinity(const std::vector<int>& cpus) {
    ::sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const int cpu : cpus) {
      CPU_SET(static_cast<size_t>(cpu), &set);
    }
    ::sched_setaffinity(0, sizeof set, &set);
  }
  ~Affinity() { ::sched_setaffinity(0, sizeof before_, &before_); }
  Affinity(const Affinity&) = delete;
  Affinity& operator=(const Affinity&) = delete;

 private:
  cpu_set_t before_{};
};

/// The CPUs that each shard of a process may use, by the shard's name.
std::map<std::string, std::string> cpus_of_shards(pid_t pid) {
  std::map<std::string, std::string> cpus;
  for (const auto& thread :
       std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
    std::ifstream status(thread.path() / "status");
    std::string name;
    for (std::string word; status >> word;) {
      if (word == "Name:") {
        status >> name;
      } else if (word == "Cpus_allowed_list:" && name.starts_with("shard-")) {
        status >> cpus[name];
      }
    }
  }
  return cpus;
}

std::map<std::string, std::string> cpus_of_shards_on(const std::vector<int>& cpus,
                                                     Program::Variables variables) {
  const int port = free_port();
  variables["SAGEMAKER_BASE_DIR"] = IrisModel::directory().path();
  variables["SAGEMAKER_BIND_TO_PORT"] = std::to_string(port);
  const Affinity affinity(cpus);
  Program server({"serve"}, variables);
  EXPECT_TRUE(wait_until_healthy(port, server)) << server.errors();
  return cpus_of_shards(server.pid());
}

TEST(Shards, ThereIsOneForEachCpuThatMayBeUsedPinnedToIt) {
  const std::vector<int> cpus = base::allowed_cpus();
  const std::string last = std::to_string(cpus.back());
  EXPECT_THAT(cpus_of_shards_on({cpus.back()}, {}), ElementsAre(Pair("shard-0", last)));
  if (cpus.size() < 2) {
    GTEST_SKIP() << "there is one CPU here";
  }
  const std::string first = std::to_string(cpus.front());
  EXPECT_THAT(cpus_of_shards_on({cpus.front(), cpus.back()}, {}),
              ElementsAre(Pair("shard-0", first), Pair("shard-1", last)));
}

TEST(Shards, TheirNumberMayBeTold) {
  const std::vector<int> cpus = base::allowed_cpus();
  const auto shards = cpus_of_shards_on({cpus.front()}, {{"RINGMAKER_SHARDS", "3"}});
  EXPECT_EQ(shards.size(), 3U);
}

}  // namespace
}  // namespace ringmaker::test
