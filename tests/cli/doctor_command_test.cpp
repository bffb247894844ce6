#include "cli/doctor_command.h"

#include "tests/support/program.h"
#include "wire/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(DoctorCommand, AdviceStandsBelowWhatItIsAbout) {
  const Findings findings{{"cpu", "quota", "none"},
                          {"cpu", "shards", "9", Finding::State::kNote, "too many"},
                          {"serve", "port", "8080", Finding::State::kProblem, "in use"}};
  EXPECT_EQ(describe_findings(findings, false),
            "cpu        quota              none\n"
            "           shards             9\n"
            "           note: too many\n"
            "serve      port               8080\n"
            "           problem: in use\n"
            "\n1 problem stands in the way.\n");
  EXPECT_THAT(describe_findings(findings, true), HasSubstr("\x1b[31mproblem:\x1b[0m in use"));
  EXPECT_TRUE(wire::JsonValue::parse(describe_findings_as_json(findings)));
}

class Doctor : public testing::Test {
 protected:
  /// The exit code; what it said is in `text_`.
  int examine(std::vector<std::string> arguments, test::Program::Variables variables = {}) {
    arguments.insert(arguments.begin(), "doctor");
    arguments.push_back("--port");
    port_ = std::to_string(test::free_port());
    arguments.push_back(port_);
    std::filesystem::create_directories(files_.path("ml"));
    variables.emplace("SAGEMAKER_BASE_DIR", files_.path("ml"));
    test::Program program(arguments, variables);
    const int code = program.wait();
    text_ = program.output();
    EXPECT_EQ(program.errors(), "");
    return code;
  }
  test::TemporaryDirectory files_;
  std::string text_;
  std::string port_;
};

TEST_F(Doctor, IsContentWhereNothingStandsInTheWay) {
  EXPECT_EQ(examine({}), 0) << text_;
  for (const char* part :
       {"version",  "kernel",       "backend",     "io_uring",      "online",
        "affinity", "cgroup",       "quota",       "shards",        "instruction set",
        "machine",  "cgroup limit", "descriptors", "locked memory", "layout",
        "model",    "options",      "port",        "variables",     "Nothing stands in the way."}) {
    EXPECT_THAT(text_, HasSubstr(part));
  }
}

TEST_F(Doctor, AProblemIsThePlatformsFaultAndSaysWhatToDo) {
  EXPECT_EQ(examine({"--model-dir", files_.path("none")}), 3);
  EXPECT_THAT(text_, HasSubstr("problem: the model directory"));
  EXPECT_EQ(examine({}, {{"RINGMAKER_SHRADS", "1"}}), 3);
  EXPECT_THAT(text_, HasSubstr("did you mean \"RINGMAKER_SHARDS\"?"));
  EXPECT_EQ(examine({}, {{"RINGMAKER_SHARDS", "many"}}), 3);
  EXPECT_THAT(text_, HasSubstr("RINGMAKER_SHARDS is \"many\"; it is a whole number"));
}

TEST_F(Doctor, OneMistakeIsOneProblem) {
  EXPECT_EQ(examine({}, {{"RINGMAKER_SHRADS", "1"}}), 3);
  EXPECT_THAT(text_, HasSubstr("\n1 problem stands in the way.\n"));
  EXPECT_THAT(text_, Not(HasSubstr("the defaults"))) << "what cannot be used is not the defaults";
  EXPECT_THAT(text_, HasSubstr(port_)) << "of what can be used, the port is tried";
}

TEST_F(Doctor, ChecksTheJobThatTrainWouldRun) {
  files_.write("ml/input/config/hyperparameters.json", R"({"predictor_type": "regressor"})");
  files_.write("ml/input/data/train/a.csv", "1,2\n3,4\n");
  EXPECT_EQ(examine({}), 0) << text_;
  EXPECT_EQ(examine({}, {{"RINGMAKER_PREDICTOR_TYPE", "regresor"}}), 3);
  EXPECT_THAT(text_, HasSubstr("problem: RINGMAKER_PREDICTOR_TYPE: hyperparameter"));
  EXPECT_EQ(examine({}, {{"RINGMAKER_EPOHCS", "3"}}), 3);
  EXPECT_THAT(text_, HasSubstr("\n1 problem stands in the way.\n"));
}

TEST_F(Doctor, OneBaseDirectoryIsThatOfAll) {
  files_.write("options.toml", "base-dir = \"" + files_.path("elsewhere") + "\"\n");
  std::filesystem::create_directories(files_.path("elsewhere"));
  EXPECT_EQ(examine({"--config", files_.path("options.toml")}, {{"SAGEMAKER_BASE_DIR", ""}}), 0)
      << text_;
  EXPECT_THAT(text_, HasSubstr(files_.path("elsewhere") + "/input"));
  EXPECT_THAT(text_, HasSubstr(files_.path("elsewhere") + "/model"));
  EXPECT_THAT(text_, Not(HasSubstr("/opt/ml")));
}

TEST_F(Doctor, OneFileSpeaksToTheJobAsItDoesToServe) {
  const std::string file = files_.path("options.toml");
  const std::string trained = files_.path("trained");
  files_.write("trained/input/data/train/a.csv", "1,2\n3,4\n");
  files_.write("options.toml", "[serve]\nbase-dir = \"" + files_.path("served") +
                                   "\"\n[train]\nbase-dir = \"" + trained + "\"\nmodel-dir = \"" +
                                   files_.path("written") + "\"\npredictor_type = \"regressor\"\n");
  const test::Program::Variables nowhere{{"SAGEMAKER_BASE_DIR", ""}};
  EXPECT_EQ(examine({"--config", file}, nowhere), 0) << text_;
  for (const std::string& part : {trained + "/input/data", files_.path("written"),
                                  files_.path("served/model"), std::string("can read its data")}) {
    EXPECT_THAT(text_, HasSubstr(part));
  }
  files_.write("options.toml",
               "[train]\nbase-dir = \"" + trained + "\"\npredictor_type = \"regresor\"\n");
  EXPECT_EQ(examine({"--config", file}, nowhere), 3);
  EXPECT_THAT(text_, HasSubstr("options.toml:3"));
}

TEST_F(Doctor, WhatCannotBeUsedDoesNotMoveTheBaseDirectory) {
  files_.write("options.toml", "shards = \"many\"\n");
  for (const test::Program::Variables& variables :
       {test::Program::Variables{{"RINGMAKER_FOO", "1"}},
        {{"RINGMAKER_SHARDS", "many"}},
        {{"RINGMAKER_CONFIG", files_.path("options.toml")}},
        {{"RINGMAKER_CONFIG", files_.path("none.toml")}}}) {
    EXPECT_EQ(examine({}, variables), 3);
    EXPECT_THAT(text_, HasSubstr(files_.path("ml") + "/input"));
    EXPECT_THAT(text_, HasSubstr(files_.path("ml") + "/model"));
    EXPECT_THAT(text_, Not(HasSubstr("/opt/ml")));
  }
}

TEST_F(Doctor, SpeaksJson) {
  EXPECT_EQ(examine({"--json"}), 0);
  const auto document = wire::JsonValue::parse(text_);
  ASSERT_TRUE(document) << text_;
  EXPECT_THAT(text_, HasSubstr("\"problems\": 0"));
}

}  // namespace
}  // namespace ringmaker::cli
