#include "cli/platform_findings.h"

#include "base/atomic_file.h"
#include "io/socket.h"
#include "model/artifact.h"
#include "tests/support/as_another_user.h"
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace ringmaker::cli {
namespace {

using State = Finding::State;
using testing::ElementsAre;
using testing::HasSubstr;

size_t problems(const Findings& findings) {
  return static_cast<size_t>(std::count_if(findings.begin(), findings.end(), [](const auto& one) {
    return one.state == State::kProblem;
  }));
}

class PlatformFindings : public testing::Test {
 protected:
  void write_model() const {
    model::Model model;
    model.schema.feature_names = {"a", "b"};
    model.parameters = model::LinearParameters{.weights = {2, 10}, .bias = {1}, .fill = {5, 7}};
    ASSERT_TRUE(base::write_file_atomically(files_.path("model/model.ringmaker"),
                                            model::encode_artifact(model)));
  }
  Findings layout() const {
    Findings findings;
    if (find_layout(files_.path(), "", true, findings)) {
      train::JobOptions job;
      job.base_dir = files_.path();
      find_job(job, findings);
    }
    return findings;
  }
  Findings model(bool asked_for) const {
    Findings findings;
    find_model(files_.path("model"), asked_for, findings);
    return findings;
  }
  test::TemporaryDirectory files_;
};

TEST_F(PlatformFindings, WithoutAnInputNobodyMeansToTrain) { EXPECT_EQ(problems(layout()), 0U); }

TEST_F(PlatformFindings, ABaseDirectoryThatIsNotThereIsAProblemWhereItWasAskedFor) {
  for (const bool asked_for : {false, true}) {
    Findings findings;
    find_layout(files_.path("typing_mistake"), "", asked_for, findings);
    EXPECT_EQ(problems(findings), asked_for ? 1U : 0U);
  }
}

TEST_F(PlatformFindings, AJobNeedsAChannelToTrainOn) {
  files_.write("input/config/hyperparameters.json", R"({"predictor_type": "regressor"})");
  files_.write("input/data/test/x.csv", "1\n");
  EXPECT_EQ(problems(layout()), 1U);
  files_.write("input/data/train/x.csv", "1\n");
  EXPECT_EQ(problems(layout()), 0U);
}

TEST_F(PlatformFindings, AFileInPlaceOfAChannelsDirectoryIsThatChannel) {
  files_.write("input/config/hyperparameters.json", R"({"predictor_type": "regressor"})");
  files_.write("input/data/train", "1,2\n3,4\n");
  files_.write("input/data/other", "no channel");
  const Findings found = layout();
  EXPECT_EQ(problems(found), 0U);
  EXPECT_EQ(found[1].value, "train");
  files_.write("input/data/train", "");
  EXPECT_EQ(problems(layout()), 1U) << "without a row";
}

TEST_F(PlatformFindings, WhateverTrainWouldFailByAtOnceIsAProblem) {
  files_.write("input/config/hyperparameters.json", R"({"predictor_typ": "regressor"})");
  files_.write("input/config/inputdataconfig.json",
               R"({"train": {"TrainingInputMode": "Pipe", "ContentType": "text/libsvm"}})");
  files_.write("input/config/resourceconfig.json",
               R"({"current_host": "algo-1", "hosts": ["algo-1", "algo-2"]})");
  std::filesystem::create_directories(files_.path("input/data/train"));
  const Findings found = layout();
  EXPECT_EQ(found.front().value, "1 hyperparameter, 1 channel described, 2 hosts");
  std::vector<std::string> told;
  for (const Finding& finding : found) {
    if (finding.state == State::kProblem) {
      told.push_back(finding.advice);
    }
  }
  EXPECT_THAT(told, ElementsAre(HasSubstr("the train channel uses Pipe mode"),
                                HasSubstr("did you mean \"predictor_type\"?"),
                                HasSubstr("there is no data file below")));
}

TEST_F(PlatformFindings, AHyperparameterThatIsMissingOrOutOfItsRangeIsAProblem) {
  files_.write("input/data/train/x.csv", "1\n");
  for (const char* given :
       {"{}", R"({"predictor_type": "regresor"})", R"({"predictor_type": "regressor", "l1": "-1"})",
        R"({"predictor_type": "regressor", "csv_header": "perhaps"})",
        R"({"predictor_type": "regressor", "loss": "logistic"})",
        R"({"predictor_type": "multiclass_classifier", "num_classes": "many"})"}) {
    files_.write("input/config/hyperparameters.json", given);
    EXPECT_EQ(problems(layout()), 1U) << given;
  }
}

TEST_F(PlatformFindings, TheDirectoryOfTheModelIsTheOneThatTrainWritesTo) {
  const auto target = [this](const std::string& model_dir) {
    files_.write("input/data/train/x.csv", "1\n");
    Findings findings;
    find_layout(files_.path(), model_dir, true, findings);
    EXPECT_EQ(problems(findings), 0U);
    return findings.at(2);
  };
  EXPECT_EQ(target("").name, files_.path("model"));
  EXPECT_EQ(target(files_.path("elsewhere")).name, files_.path("elsewhere"));
  EXPECT_EQ(target("beside").name, "beside") << "below the working directory";
}

TEST_F(PlatformFindings, WhatMayNotBeLookedAtIsAProblemAskedForOrNot) {
  if (!test::can_be_another_user()) {
    GTEST_SKIP() << "only root can become another user: NOT CHECKED";
  }
  write_model();
  const test::AsAnotherUser stranger;
  const Findings found = model(false);
  ASSERT_EQ(problems(found), 1U);
  EXPECT_THAT(found.front().advice, HasSubstr("Permission denied"));
  EXPECT_EQ(problems(layout()), 1U);
}

TEST_F(PlatformFindings, ABrokenDescriptionOfTheJobIsAProblem) {
  files_.write("input/data/train/x.csv", "1\n");
  files_.write("input/config/hyperparameters.json", "{");
  EXPECT_EQ(problems(layout()), 1U);
}

TEST_F(PlatformFindings, NoModelIsAProblemWhereOneWasAskedFor) {
  EXPECT_EQ(model(false).front().state, State::kNote);
  EXPECT_EQ(model(true).front().state, State::kProblem);
}

TEST_F(PlatformFindings, AModelIsLoadedAndScores) {
  write_model();
  EXPECT_EQ(model(true).front().value, "linear, regression, 2 inputs; loads and scores");
  files_.write("model/model.ringmaker", "garbage");
  EXPECT_EQ(model(false).front().state, State::kProblem) << "asked for or not: serve would fail";
}

TEST_F(PlatformFindings, APortThatIsTakenIsAProblem) {
  const auto listener = io::listen_on({.port = 0, .loopback_only = false});
  ASSERT_TRUE(listener);
  const uint16_t port = io::local_port(listener->get()).value();
  Findings findings;
  find_port(port, findings);
  EXPECT_EQ(findings.front().state, State::kProblem);
  EXPECT_EQ(findings.front().advice,
            fmt::format("port {} is in use; stop what listens there, or choose another port "
                        "(--port, SAGEMAKER_BIND_TO_PORT)",
                        port));
}

TEST_F(PlatformFindings, VariablesAreListedAndMisspeltOnesAreProblems) {
  Call call;
  call.environment = {{"RINGMAKER_PORT", "1"},
                      {"RINGMAKER_PROT", "1"},
                      {"SAGEMAKER_NEWS", "1"},
                      {"SAGEMAKER_INFERENCE_OUTPUT", "labels"},
                      {"HOME", "/"}};
  Findings findings;
  find_variables(call, findings);
  ASSERT_EQ(findings.size(), 4U);
  EXPECT_EQ(findings[0].state, State::kFine);
  EXPECT_THAT(findings[1].advice, HasSubstr("did you mean \"RINGMAKER_PORT\"?"));
  EXPECT_EQ(findings[1].state, State::kProblem);
  EXPECT_EQ(findings[3].state, State::kNote) << "SAGEMAKER_NEWS";
}

}  // namespace
}  // namespace ringmaker::cli
