#include "cli/config_command.h"

#include "cli/command_list.h"
#include "tests/support/program.h"
#include "wire/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;

/// What `ringmaker config ARGUMENTS` prints.
std::string configuration(std::vector<std::string> arguments,
                          const test::Program::Variables& variables = {}) {
  arguments.insert(arguments.begin(), "config");
  test::Program program(arguments, variables);
  EXPECT_EQ(program.wait(), 0) << program.errors();
  return program.output();
}

TEST(ConfigCommand, EveryOptionOfServeAndTrainHasALine) {
  const std::string text = configuration({});
  for (const std::string_view command : {"serve", "train"}) {
    for (const config::Option& option : find_command(command)->options) {
      EXPECT_THAT(text, HasSubstr("  " + std::string(option.name) + " ")) << command;
    }
  }
}

TEST(ConfigCommand, TakesEveryOptionOfBoth) {
  for (const std::string_view command : {"serve", "train"}) {
    for (const config::Option& option : find_command(command)->options) {
      const auto options = config_command().options;
      EXPECT_NE(std::find_if(options.begin(), options.end(),
                             [&](const auto& one) { return one.name == option.name; }),
                options.end())
          << option.name;
    }
  }
}

TEST(ConfigCommand, TheDefaultAHyperparameterAndAVariableAreToldApart) {
  const test::TemporaryDirectory files;
  files.write("input/config/hyperparameters.json", R"({"epochs": "7", "wd": "\"0.5\""})");
  const std::string text =
      configuration({"train"}, {{"SAGEMAKER_BASE_DIR", files.path()}, {"RINGMAKER_WD", "0.25"}});
  EXPECT_THAT(text, testing::ContainsRegex("epochs +7 +hyperparameters.json\n"));
  EXPECT_THAT(text, testing::ContainsRegex("wd +0.25 +RINGMAKER_WD\n"));
  EXPECT_THAT(text, testing::ContainsRegex("l1 +auto +default\n"));
}

TEST(ConfigCommand, AFileForOneCommandIsShownForThatOne) {
  const test::TemporaryDirectory files;
  files.write("c.toml", "port = 9000\n");
  const std::string file = files.path("c.toml");
  test::Program both({"config", "--config", file}, {});
  EXPECT_EQ(both.wait(), 2);
  EXPECT_THAT(both.errors(), HasSubstr("c.toml:1: the option \"port\" is unknown; did you mean "
                                       "\"rendezvous-port\"? (to train; `ringmaker config serve` "
                                       "shows one alone)"));
  EXPECT_THAT(configuration({"serve", "--config", file}),
              testing::ContainsRegex("port +9000 +.*c.toml:1\n"));
}

TEST(ConfigCommand, SpeaksJson) {
  const std::string text = configuration({"--json"});
  EXPECT_TRUE(wire::JsonValue::parse(text)) << text;
  EXPECT_THAT(text, HasSubstr("\"variable\": \"RINGMAKER_PORT\""));
}

}  // namespace
}  // namespace ringmaker::cli
