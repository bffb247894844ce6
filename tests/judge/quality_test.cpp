// The judge of our linear models is scikit-learn: see judge.py and judge_losses.py beside this
// file.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <string>

namespace ringmaker::test {
namespace {

/// Runs a judge on the built binary.
void judge_with(const std::string& script) {
  const std::string command = "exec /usr/bin/python3 -B " RINGMAKER_SOURCE_DIR "/tests/judge/" +
                              script +
                              " " RINGMAKER_BINARY " " RINGMAKER_SOURCE_DIR "/../shared/data 2>&1";
  std::FILE* judge = ::popen(command.c_str(), "r");
  ASSERT_NE(judge, nullptr);
  std::string verdict;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), static_cast<int>(buffer.size()), judge) != nullptr) {
    verdict += buffer.data();
  }
  const int status = ::pclose(judge);
  if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127)) {
    GTEST_SKIP() << "no scikit-learn or no ../shared/data: " << verdict;
  }
  EXPECT_EQ(status, 0) << verdict;
}

TEST(Quality, EqualsThatOfScikitLearnOnTheSameRows) { judge_with("judge.py"); }

TEST(Quality, EveryOtherLossComesToScikitLearnsOptimum) { judge_with("judge_losses.py"); }

}  // namespace
}  // namespace ringmaker::test
