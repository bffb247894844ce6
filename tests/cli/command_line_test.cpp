// How the command line is read. What each command says stands in tests/golden.
#include "cli/command_line.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;

struct Said {
  int code = 0;
  std::string output;
  std::string errors;
};

Said say(const std::vector<std::string>& arguments,
         const test::Program::Variables& variables = {}) {
  test::Program program(arguments, variables);
  const int code = program.wait();
  return {code, program.output(), program.errors()};
}

TEST(CommandLine, TheLastOfRepeatedFlagsCounts) {
  EXPECT_THAT(say({"config", "serve", "--port", "1", "--port=2"}).output,
              testing::ContainsRegex("port +2 +--port\n"));
}

TEST(CommandLine, HyphensAndUnderscoresMeanTheSameHyperparameter) {
  for (const char* flag : {"--mini-batch-size", "--mini_batch_size"}) {
    EXPECT_THAT(say({"config", "train", flag, "32"}).output,
                testing::ContainsRegex("mini_batch_size +32 +--mini_batch_size\n"));
  }
}

TEST(CommandLine, HelpComesBeforeAnyComplaint) {
  const Said said = say({"serve", "--prot", "1", "-h"}, {{"RINGMAKER_PROT", "1"}});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.errors, "");
  EXPECT_THAT(said.output, HasSubstr("--port N"));
}

TEST(CommandLine, AnEmptyOneIsTheUsersFault) {
  const Said said = say({});
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.output, "");
  EXPECT_THAT(said.errors, HasSubstr("Usage:"));
}

TEST(CommandLine, SwitchesTakeAValueWhereOneIsGiven) {
  EXPECT_THAT(say({"version", "--json=false"}).output, testing::StartsWith("ringmaker "));
  EXPECT_THAT(say({"version", "--json"}).output, testing::StartsWith("{"));
}

}  // namespace
}  // namespace ringmaker::cli
