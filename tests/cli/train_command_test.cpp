#include "cli/train_command.h"

#include "tests/support/program.h"
#include "train/job/job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;

/// But for those that the platform adds, which begin with an underscore.
TEST(TrainCommand, EveryHyperparameterIsAnOption) {
  const auto options = train_command().options;
  for (const std::string_view name : train::hyperparameter_names()) {
    const bool option = std::any_of(options.begin(), options.end(),
                                    [&](const auto& found) { return found.name == name; });
    EXPECT_EQ(option, !name.starts_with('_')) << name;
  }
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

TEST(TrainCommand, ABadHyperparameterNamesItsSource) {
  const std::string iris = std::string(RINGMAKER_SOURCE_DIR) + "/data/iris.csv";
  const test::TemporaryDirectory files;
  test::Program train({"train", "--data", iris, "--label", "species", "--model-dir", files.path()},
                      {{"RINGMAKER_WD", "much"}});
  EXPECT_EQ(train.wait(), 2);
  EXPECT_THAT(train.errors(), HasSubstr("RINGMAKER_WD: hyperparameter \"wd\" is \"much\""));
}

}  // namespace
}  // namespace ringmaker::cli
