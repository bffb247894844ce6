#include "cli/completion_command.h"

#include "cli/command_list.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What a real bash offers for a line, of which the last word is being typed.
class BashCompletion : public testing::Test {
 protected:
  std::string offered(const std::string& words) {
    files_.write("ringmaker.bash", completion_script("bash", commands()));
    files_.write("ask.sh",
                 "source ringmaker.bash\nCOMP_WORDS=(" + words +
                     ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_ringmaker\n"
                     "echo \"${COMPREPLY[*]}\"\ncomplete -p ringmaker >/dev/null || echo none\n");
    files_.write("a_file.csv", "");
    files_.write("a_directory/x", "");
    const std::string line = "cd " + files_.path() + " && bash ask.sh >said 2>&1";
    EXPECT_EQ(std::system(line.c_str()), 0);
    std::string said = files_.read("said");
    said.erase(said.find_last_not_of('\n') + 1);
    return said;
  }
  test::TemporaryDirectory files_;
};

TEST_F(BashCompletion, OffersCommandsOptionsAndChoices) {
  EXPECT_EQ(offered("ringmaker ser"), "serve");
  EXPECT_EQ(offered("ringmaker serve --port-"), "");
  EXPECT_EQ(offered("ringmaker serve --log-"), "--log-format --log-level");
  EXPECT_EQ(offered("ringmaker serve --io \"\""), "auto uring epoll");
  EXPECT_EQ(offered("ringmaker train --mini"), "--mini_batch_size");
  EXPECT_EQ(offered("ringmaker config \"\""), "serve train");
  EXPECT_EQ(offered("ringmaker completion f"), "fish");
}

TEST_F(BashCompletion, OffersFilesAndDirectoriesWhereTheyAreMeant) {
  EXPECT_EQ(offered("ringmaker serve --model-dir a_"), "a_directory");
  EXPECT_THAT(offered("ringmaker predict a_"), HasSubstr("a_file.csv"));
  EXPECT_THAT(offered("ringmaker predict -o a_"), HasSubstr("a_file.csv"));
  EXPECT_EQ(offered("ringmaker serve --port a_"), "");
}

/// Whether the shell itself can read the script; skipped where it is not installed.
void check_syntax(const std::string& shell) {
  if (std::system((shell + " --version >/dev/null 2>&1").c_str()) != 0) {
    GTEST_SKIP() << shell << " is not installed: NOT CHECKED";
  }
  const test::TemporaryDirectory files;
  files.write("script", completion_script(shell, commands()));
  const std::string line =
      shell + " -n " + files.path("script") + " >" + files.path("said") + " 2>&1";
  EXPECT_EQ(std::system(line.c_str()), 0) << files.read("said");
}

TEST(ZshCompletion, IsZsh) { check_syntax("zsh"); }
TEST(FishCompletion, IsFish) { check_syntax("fish"); }

TEST(CompletionScript, NamesEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(shell, commands());
    const std::string flag = std::string(shell) == "fish" ? "-l " : "--";
    for (const Command& command : commands()) {
      EXPECT_THAT(script, HasSubstr(std::string(command.name))) << shell;
      for (const config::Option& option : command.options) {
        EXPECT_THAT(script, HasSubstr(flag + std::string(option.name))) << shell;
      }
    }
  }
  EXPECT_EQ(completion_script("tcsh", commands()), "");
}

TEST(CompletionScript, QuotesWhatAShellWouldRead) {
  EXPECT_THAT(completion_script("fish", commands()), HasSubstr("-d 'the label'\\''s column"));
  EXPECT_THAT(completion_script("zsh", commands()), HasSubstr("(0\\: one for each"));
  EXPECT_THAT(completion_script("zsh", commands()), Not(HasSubstr("(0: one")));
}

}  // namespace
}  // namespace ringmaker::cli
