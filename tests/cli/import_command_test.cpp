// A model of XGBoost becomes a model file of ours that answers as it did.
#include "cli/import_command.h"

#include "cli/command_list.h"
#include "cli/predict_command.h"
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ringmaker::cli {
namespace {

std::string golden(const std::string& name) {
  return std::string(RINGMAKER_SOURCE_DIR) + "/tests/golden/xgboost/" + name;
}

class ImportCommand : public testing::Test {
 protected:
  std::string answers(const std::string& model, const std::string& outputs) {
    PredictOptions options{.model = model,
                           .input = golden("binary/input.csv"),
                           .output = files_.path("out.csv"),
                           .outputs = outputs};
    const auto done = predict_file(options);
    EXPECT_TRUE(done) << done.error().message();
    return files_.read("out.csv");
  }
  test::TemporaryDirectory files_;
};

TEST_F(ImportCommand, WhatItWritesAnswersAsTheOriginal) {
  const auto done = import_file(golden("binary/model.json"), files_.path("new"));
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_THAT(*done, testing::HasSubstr("trees of 4 inputs"));
  for (const std::string outputs : {"", "native,predicted_label,leaf", "raw_score,contributions"}) {
    EXPECT_EQ(answers(files_.path("new"), outputs), answers(golden("binary/model.ubj"), outputs));
  }
}

TEST_F(ImportCommand, WhereItWritesHasTwoNames) {
  const auto run = [&](const config::Texts& flags, const config::Texts& environment = {}) {
    return find_command("import")->run({.flags = flags,
                                        .words = {golden("binary/model.json")},
                                        .strays = {},
                                        .environment = environment});
  };
  EXPECT_EQ(run({{"model-dir", files_.path("a")}}), 0);
  EXPECT_TRUE(files_.exists("a/model.ringmaker"));
  EXPECT_EQ(run({{"output", files_.path("b")}}, {{"RINGMAKER_MODEL_DIR", files_.path("c")}}), 0);
  EXPECT_TRUE(files_.exists("b/model.ringmaker"));
  EXPECT_FALSE(files_.exists("c/model.ringmaker"));
  EXPECT_EQ(run({{"output", files_.path("d")}, {"model-dir", files_.path("e")}}), 2);
  EXPECT_FALSE(files_.exists("d/model.ringmaker"));
}

TEST_F(ImportCommand, AFileWhereADirectoryShouldBeIsTheUsersMistake) {
  files_.write("taken", "mine");
  EXPECT_EQ(find_command("import")->run({.flags = {{"output", files_.path("taken")}},
                                         .words = {golden("binary/model.json")},
                                         .strays = {},
                                         .environment = {}}),
            2);
  EXPECT_EQ(files_.read("taken"), "mine");
}

TEST_F(ImportCommand, WhatIsNoModelIsRefusedAndNothingWritten) {
  files_.write("text", "hello");
  EXPECT_FALSE(import_file(files_.path("text"), files_.path("new")));
  EXPECT_FALSE(import_file(files_.path("gone"), files_.path("new")));
  EXPECT_FALSE(files_.exists("new/model.ringmaker"));
}

TEST_F(ImportCommand, SeveralModelsAreServedFromTheirDirectory) {
  files_.write("several/README.md", "");
  for (const std::string name : {"model-0", "model-1"}) {
    std::filesystem::copy(golden("binary/model.json"), files_.path("several/" + name));
  }
  const auto done = import_file(files_.path("several"), files_.path("new"));
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), testing::HasSubstr("several models"));
  EXPECT_EQ(answers(files_.path("several"), "native"),
            answers(golden("binary/model.ubj"), "native"));
}

TEST_F(ImportCommand, RoundsAreTheLibrarysOrTheBest) {
  PredictOptions options{.model = golden("binary/model.json"),
                         .input = golden("binary/input.csv"),
                         .output = files_.path("out.csv"),
                         .outputs = "native",
                         .rounds = "some"};
  EXPECT_FALSE(predict_file(options));
  options.rounds = "all";
  EXPECT_TRUE(predict_file(options));
}

}  // namespace
}  // namespace ringmaker::cli
