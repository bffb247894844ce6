#include "cli/train_command.h"

#include "tests/support/program.h"
#include "train/job/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;

/// Those that the platform adds, which begin with an underscore, as well.
TEST(TrainCommand, EveryHyperparameterIsAnOption) {
  const auto options = train_command().options;
  for (const std::string_view name : train::hyperparameter_names()) {
    EXPECT_TRUE(std::any_of(options.begin(), options.end(), [&](const auto& found) {
      return found.name == name;
    })) << name;
  }
}

TEST(TrainCommand, AMetricMayBeAskedForAsATuningJobAsks) {
  const std::string asked = "_tuning_objective_metric";
  EXPECT_TRUE(resolve_train({.flags = {{"data", "x.csv"}, {asked, "validation:auc"}}}));
  const auto listed =
      resolve_train({.flags = {{"data", "x.csv"}, {"hyperparameters", asked + "=validation:auc"}}});
  ASSERT_TRUE(listed) << listed.error().message();
  EXPECT_EQ(listed->text(asked), "validation:auc");
}

TEST(TrainCommand, FlagsBeatListsBeatVariablesBeatTheJobsFile) {
  const test::TemporaryDirectory files;
  files.write("input/config/hyperparameters.json", R"({"epochs": "1", "wd": "1", "l1": "1"})");
  const auto values = resolve_train(
      {.flags = {{"base-dir", files.path()}, {"hyperparameters", "epochs=3 wd=3"}, {"wd", "4"}},
       .environment = {{"RINGMAKER_EPOCHS", "2"}}});
  ASSERT_TRUE(values) << values.error().message();
  EXPECT_EQ(values->text("l1"), "1");
  EXPECT_EQ(values->text("epochs"), "3");
  EXPECT_EQ(values->text("wd"), "4");
}

TEST(TrainCommand, WithDataOfItsOwnTheJobsFileIsNotRead) {
  const test::TemporaryDirectory files;
  files.write("input/config/hyperparameters.json", R"({"epochs": "1"})");
  const auto values = resolve_train({.flags = {{"base-dir", files.path()}, {"data", "x.csv"}}});
  ASSERT_TRUE(values) << values.error().message();
  EXPECT_EQ(values->text("epochs"), "auto");
}

TEST(TrainCommand, WhatStopsItBeforeTheJobIsToldInTheFailureFile) {
  const test::TemporaryDirectory files;
  files.write("input/config/hyperparameters.json", "{}");
  test::Program train({"train"}, {{"SAGEMAKER_BASE_DIR", files.path()}, {"RINGMAKER_EPOHCS", "3"}});
  EXPECT_EQ(train.wait(), 2);
  EXPECT_THAT(files.read("output/failure"),
              HasSubstr("RINGMAKER_EPOHCS is unknown; did you mean \"RINGMAKER_EPOCHS\"?"));
}

TEST(TrainCommand, AFailureFileThatCannotBeWrittenIsToldInLinesOfJson) {
  const test::TemporaryDirectory files;
  files.write("input/config/hyperparameters.json", "{}");
  files.write("output", "a file where a directory should be");
  for (const std::string unknown : {"LANG", "RINGMAKER_EPOHCS"}) {
    test::Program train({"train"}, {{"SAGEMAKER_BASE_DIR", files.path()}, {unknown, "C"}});
    EXPECT_NE(train.wait(), 0);
    EXPECT_THAT(train.errors(), HasSubstr("output: Not a directory"));
    std::istringstream lines(train.errors());
    for (std::string line; std::getline(lines, line);) {
      EXPECT_THAT(line, testing::StartsWith("{\"ts\":"));
    }
  }
}

TEST(TrainCommand, ABadHyperparameterNamesItsSource) {
  const std::string iris = std::string(RINGMAKER_SOURCE_DIR) + "/data/iris.csv";
  const test::TemporaryDirectory files;
  test::Program train({"train", "--data", iris, "--label", "species", "--model-dir", files.path()},
                      {{"RINGMAKER_WD", "much"}});
  EXPECT_EQ(train.wait(), 2);
  EXPECT_THAT(train.errors(), HasSubstr("RINGMAKER_WD: hyperparameter \"wd\" is \"much\""));
}

/// The log of a job on iris with a note about a name without effect, and what it prints.
std::pair<std::string, std::string> log_and_lines(std::vector<std::string> options) {
  const test::TemporaryDirectory files;
  files.write("warn.toml", "log-level = \"warn\"\n");
  for (std::string& option : options) {
    option = option == "warn.toml" ? files.path(option) : option;
  }
  const std::string data = RINGMAKER_SOURCE_DIR "/data/iris.csv";
  std::vector<std::string> arguments{"train",   "--data",      data,         "--label",
                                     "species", "--model-dir", files.path(), "--epochs",
                                     "2",       "--quantile",  "0.5"};
  arguments.insert(arguments.end(), options.begin(), options.end());
  test::Program train(arguments, {});
  EXPECT_EQ(train.wait(), 0) << train.errors();
  return {train.errors(), train.output()};
}

TEST(TrainCommand, TheLogIsAsItsOptionsSayAndMetricLinesArePlain) {
  const auto [json, lines] = log_and_lines({});
  EXPECT_THAT(json, HasSubstr(R"("level":"info","event":"start","version":")"));
  EXPECT_THAT(json, HasSubstr(R"(","platform":"local","options":"data=)"));
  EXPECT_THAT(json, HasSubstr(R"("event":"channel_read","detail":"train: 150 rows, 4 features)"));
  EXPECT_THAT(json, HasSubstr(R"("level":"warn","event":"note","detail":"without effect here)"));
  EXPECT_THAT(lines, testing::StartsWith("[0]\ttrain-mlogloss:"));
  const auto [human, same_lines] = log_and_lines({"--log-format", "human"});
  EXPECT_THAT(human, HasSubstr("info  start  version="));
  EXPECT_EQ(same_lines, lines);
}

TEST(TrainCommand, TheLevelMayStandInAFileOfOptions) {
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--config", "warn.toml"}, {"--log-level", "warning"}}) {
    const auto [log, lines] = log_and_lines(options);
    EXPECT_THAT(log, HasSubstr("without effect here"));
    EXPECT_THAT(log, testing::Not(HasSubstr("\"info\"")));
    EXPECT_THAT(lines, HasSubstr("[1]\ttrain-mlogloss:"));
  }
}

}  // namespace
}  // namespace ringmaker::cli
