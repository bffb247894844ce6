// `ringmaker train` as SageMaker runs it: the built binary and a directory tree.
#include "tests/support/program.h"
#include "train/distributed/rendezvous.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <thread>

namespace ringmaker {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string sample(const std::string& name) {
  std::ifstream file(std::string(RINGMAKER_SOURCE_DIR) + "/data/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

/// As a member of a line of JSON.
std::string in_json(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  }
  return escaped;
}

class TrainContract : public testing::Test {
 protected:
  TrainContract() {
    tree_.write("input/config/inputdataconfig.json",
                R"({"train": {"TrainingInputMode": "File", "ContentType": "text/csv"}})");
  }
  void hyperparameters(const std::string& json) {
    tree_.write("input/config/hyperparameters.json", json);
  }
  int train() {
    program_ = std::make_unique<test::Program>(
        std::vector<std::string>{"train"},
        test::Program::Variables{{"SAGEMAKER_BASE_DIR", tree_.path()}});
    return program_->wait();
  }
  /// Expects a failed job: code, a failure file that begins so, and no model.
  void expect_failure(int code, const std::string& cause) {
    EXPECT_EQ(train(), code);
    const std::string failure = tree_.read("output/failure");
    EXPECT_THAT(failure, HasSubstr(cause));
    EXPECT_LE(failure.size(), 1024U);
    EXPECT_THAT(program_->errors(), HasSubstr(in_json(cause)));
    EXPECT_FALSE(tree_.exists("model/model.ringmaker"));
  }

  test::TemporaryDirectory tree_;
  std::unique_ptr<test::Program> program_;
};

constexpr const char* kIris = R"({"predictor_type": "multiclass_classifier", "label": "species"})";

TEST_F(TrainContract, WritesAModelMetricLinesAndMetrics) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_TRUE(tree_.exists("model/model.ringmaker"));
  EXPECT_THAT(program_->output(),
              StartsWith("[0]\ttrain-mlogloss:1.09861\ttrain-merror:0.666667\n"));
  EXPECT_THAT(tree_.read("output/data/metrics.json"), HasSubstr("\"train:merror\""));
  EXPECT_FALSE(tree_.exists("output/failure"));
}

TEST_F(TrainContract, TheSameInputGivesTheSameParameters) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  ASSERT_EQ(train(), 0);
  const std::string first = program_->output();
  ASSERT_EQ(train(), 0);
  EXPECT_EQ(program_->output(), first);
}

TEST_F(TrainContract, JsonEncodedAndPythonSpelledHyperparametersMeanTheSame) {
  hyperparameters(R"({"predictor_type": "\"binary_classifier\"", "epochs": "10.0",
                      "normalize_data": "True", "l1": "None", "sagemaker_program": "x.py",
                      "_tuning_objective_metric": "validation:auc"})");
  tree_.write("input/data/train/data.csv", sample("breast_cancer.csv"));
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->output(), HasSubstr("train-auc:"));
}

TEST_F(TrainContract, ValidationIsScoredEachRound) {
  hyperparameters(R"({"predictor_type": "binary_classifier"})");
  tree_.write("input/config/inputdataconfig.json",
              R"({"training": {}, "validation": {"TrainingInputMode": "FastFile"}})");
  tree_.write("input/data/training/a.csv", sample("breast_cancer.csv"));
  tree_.write("input/data/validation/b.csv", sample("breast_cancer.csv"));
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->output(), HasSubstr("\tvalidation-logloss:"));
}

TEST_F(TrainContract, FilesMayEachHaveAHeaderAndBeBelowDirectories) {
  hyperparameters(kIris);
  tree_.write("input/data/train/a/iris.csv", sample("iris.csv"));
  tree_.write("input/data/train/b/iris.csv", sample("iris.csv"));
  tree_.write("input/data/train/_SUCCESS", "");
  tree_.write("input/data/train/.hidden", "nonsense");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(tree_.read("output/data/metrics.json"), HasSubstr("\"rows\": 300"));
}

TEST_F(TrainContract, SemicolonsQuotesAndMissingValuesAreRead) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/wine.csv",
              "\"quality\";\"a\";\"b\"\r\n5;0.1;\r\n6;\"0.2\";3\r\n7;NA;4\r\n5;0.15;2\r\n");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->output(), HasSubstr("train-rmse:"));
}

TEST_F(TrainContract, AnUnknownHyperparameterIsNamedWithTheNearestOne) {
  hyperparameters(R"({"predictor_type": "regressor", "epoch": "3"})");
  tree_.write("input/data/train/a.csv", "1,2\n3,4\n");
  expect_failure(2, "hyperparameter \"epoch\" is unknown; did you mean \"epochs\"?");
}

TEST_F(TrainContract, AHyperparameterOutOfRangeIsNamedWithItsRange) {
  hyperparameters(R"({"predictor_type": "regressor", "wd": "-1"})");
  tree_.write("input/data/train/a.csv", "1,2\n3,4\n");
  expect_failure(2, "hyperparameter \"wd\" is \"-1\"; it is a number from 0 to");
}

TEST_F(TrainContract, PredictorTypeIsRequired) {
  tree_.write("input/data/train/a.csv", "1,2\n3,4\n");
  expect_failure(2, "hyperparameter \"predictor_type\" is required");
  hyperparameters(R"({"predictor_typ": "regressor"})");
  expect_failure(2, "hyperparameter \"predictor_typ\" is unknown; did you mean");
}

TEST_F(TrainContract, TextInANumericColumnNamesItsPlace) {
  hyperparameters(R"({"predictor_type": "regressor", "label": "y"})");
  tree_.write("input/data/train/part-3.csv", "y,age,city\n1,2,3\n2,n/a,4\n3,n/a,5\n4,6,7\n5,7,8\n");
  expect_failure(2,
                 "train/part-3.csv:3, column 2 \"age\": \"n/a\" is not a number. 2 such cells. Add "
                 "na_values=n/a, or drop the column with drop_columns=age.");
}

TEST_F(TrainContract, ColumnsOfTextsAreNamedAtOnce) {
  hyperparameters(R"({"predictor_type": "regressor", "label": "y"})");
  tree_.write("input/data/train/a.csv", "y,age,city,job\n1,2,Oslo,\n2,3,Rome,smith\n");
  expect_failure(
      2,
      "train/a.csv:2, column 3 \"city\": \"Oslo\" is not a number. 3 such cells. Nor can "
      "cells of column 4 \"job\" be used. Drop the columns with drop_columns=city,job.");
}

/// One column has texts in late rows only; in another a "?" stands among numbers.
TEST_F(TrainContract, TheAdviceForColumnsOfTextsIsEnough) {
  hyperparameters(R"({"predictor_type": "binary_classifier", "label": "y"})");
  std::string data = "y,name,age,cabin,port\n";
  for (int i = 0; i < 40; ++i) {
    data += fmt::format("{},\"Braund, {}\",{},{},{}\n", i % 2, i, i % 7 == 3 ? "?" : "22",
                        i > 30 ? "C85" : "", i % 3 == 0 ? "S" : "");
  }
  tree_.write("input/data/train/a.csv", data);
  expect_failure(2, "Drop the columns with drop_columns=name,cabin,port, and add na_values=?.");
  hyperparameters(R"({"predictor_type": "binary_classifier", "label": "y",
                      "drop_columns": "name,cabin,port", "na_values": "?"})");
  EXPECT_EQ(train(), 0) << program_->errors();
}

/// The advice to drop the column would drop what is to be learned.
TEST_F(TrainContract, ATextColumnMayBeTheLabelThatNobodyHasNamed) {
  hyperparameters(R"({"predictor_type": "multiclass_classifier"})");
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  expect_failure(2,
                 "\"setosa\" is not a number. 150 such cells. No label was named, so column 1 "
                 "\"sepal_length\" was taken for it; if column 5 \"species\" is the label, say "
                 "label=species. Otherwise ");
}

TEST_F(TrainContract, ASingleRowTeachesNothing) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv", "1,2\n");
  expect_failure(2, "the training data has 1 row; there is nothing to learn from fewer than 2");
}

TEST_F(TrainContract, AFailureOfAnEarlierJobIsGoneAfterThisOne) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  tree_.write("output/failure", "of another day");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_FALSE(tree_.exists("output/failure"));
}

TEST_F(TrainContract, WhyTheConfigurationCannotBeReadIsTold) {
  tree_.write("input/config/hyperparameters.json/inside", "");
  expect_failure(2, "hyperparameters.json is a directory; a regular file is needed");
}

TEST_F(TrainContract, TheSameInputAndSeedGiveTheSameBytes) {
  hyperparameters(
      R"({"predictor_type": "multiclass_classifier", "label": "species", "optimizer": "sgd",
          "seed": "7"})");
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  ASSERT_EQ(train(), 0) << program_->errors();
  const std::string first = tree_.read("model/model.ringmaker");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // the time is told in seconds
  ASSERT_EQ(train(), 0) << program_->errors();
  EXPECT_TRUE(tree_.read("model/model.ringmaker") == first);
}

TEST_F(TrainContract, SourceDateEpochIsTheTimeOfTraining) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  test::Program program(
      {"train"}, {{"SAGEMAKER_BASE_DIR", tree_.path()}, {"SOURCE_DATE_EPOCH", "1000000000"}});
  EXPECT_EQ(program.wait(), 0) << program.errors();
  EXPECT_THAT(tree_.read("model/model.ringmaker"),
              HasSubstr("\"trained_at\": \"2001-09-09T01:46:40Z\""));
  test::Program confused(
      {"train"}, {{"SAGEMAKER_BASE_DIR", tree_.path()}, {"SOURCE_DATE_EPOCH", "yesterday"}});
  EXPECT_EQ(confused.wait(), 2);
  EXPECT_THAT(confused.errors(),
              HasSubstr(in_json("SOURCE_DATE_EPOCH is \"yesterday\"; it is a number")));
}

TEST_F(TrainContract, AChannelThatIsNotUsedIsNamedAndFailsNothing) {
  hyperparameters(kIris);
  tree_.write("input/config/inputdataconfig.json",
              R"({"train": {}, "foo": {"TrainingInputMode": "Pipe"}, "code": {},
                  "bar": {"ContentType": "image/png", "S3DistributionType": "ShardedByS3Key"}})");
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_EQ(count(program_->errors(),
                  "the channels bar, foo are not used; train (or training), validation and test"),
            1U)
      << program_->errors();
}

TEST_F(TrainContract, TheTestChannelIsScoredOnceAtTheEnd) {
  hyperparameters(R"({"predictor_type": "binary_classifier",
                      "_tuning_objective_metric": "test:recall"})");
  tree_.write("input/config/inputdataconfig.json", R"({"train": {}, "test": {}})");
  tree_.write("input/data/train/a.csv", sample("breast_cancer.csv"));
  tree_.write("input/data/test/b.csv", sample("breast_cancer.csv"));
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_EQ(count(program_->output(), "]\ttest-logloss:"), 1U);
  EXPECT_THAT(program_->output(), HasSubstr("\ttest-recall:"));
  const std::string metrics = tree_.read("output/data/metrics.json");
  for (const char* name : {"logloss", "error", "auc", "recall"}) {
    EXPECT_THAT(metrics, HasSubstr(fmt::format("\"test:{}\": ", name)));
  }
  tree_.write("input/data/test/b.csv", "1,2\n0,5\n");
  EXPECT_EQ(train(), 2);
  EXPECT_THAT(tree_.read("output/failure"), HasSubstr("test/b.csv"));
}

TEST_F(TrainContract, ALabelThatIsNoColumnIsNamedWithTheNearestOne) {
  hyperparameters(R"({"predictor_type": "multiclass_classifier", "label": "specis"})");
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  expect_failure(
      2, "there is no label column \"specis\"; the file has 5 columns; did you mean \"species\"?");
}

TEST_F(TrainContract, MoreColumnsInARowNameTheirLine) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv", "1,2\n3,4\n5,6,7\n");
  expect_failure(2, "a.csv:3 has 3 columns; the rows before have 2");
}

TEST_F(TrainContract, ASingleClassIsNoClassifier) {
  hyperparameters(R"({"predictor_type": "binary_classifier"})");
  tree_.write("input/data/train/a.csv", "1,2\n1,4\n1,5\n");
  expect_failure(2, "all 3 labels are \"1\"; a classifier needs at least two classes");
}

TEST_F(TrainContract, AMissingLabelNamesItsLine) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv", "1,2\n,4\n");
  expect_failure(2, "a.csv:2, column 1 (counted from 1): the label is missing");
}

TEST_F(TrainContract, AnEmptyChannelAndAMissingOneAreTold) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  expect_failure(2, "the train channel has no data");
  tree_.write("input/data/train/_SUCCESS", "");
  expect_failure(2, "the train channel is empty");
}

TEST_F(TrainContract, OtherModesAndFormatsAreRefusedInOneSentence) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv", "1,2\n3,4\n");
  tree_.write("input/config/inputdataconfig.json", R"({"train": {"TrainingInputMode": "Pipe"}})");
  expect_failure(2, "the train channel uses Pipe mode");
  tree_.write("input/config/inputdataconfig.json", R"({"train": {"ContentType": "text/libsvm"}})");
  expect_failure(
      2,
      "the train channel holds text/libsvm, which is not supported; training reads text/csv, "
      "so convert the data to CSV");
}

/// Two hosts of one job, each with a tree of its own; loopback addresses resolve as names do.
class TwoHosts : public TrainContract {
 protected:
  TwoHosts() {
    hyperparameters(kIris);
    tree_.write("input/data/train/iris.csv", sample("iris.csv"));
    // Not sorted, as in the SDK's local mode: the first as text leads.
    const std::string hosts = R"("hosts": ["127.0.0.2", "127.0.0.1"]})";
    tree_.write("input/config/resourceconfig.json", R"({"current_host": "127.0.0.1", )" + hosts);
    follower_tree_.write("input/config/resourceconfig.json",
                         R"({"current_host": "127.0.0.2", )" + hosts);
    follower_tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  }
  std::unique_ptr<test::Program> start(const test::TemporaryDirectory& tree) const {
    return std::make_unique<test::Program>(
        std::vector<std::string>{"train"},
        test::Program::Variables{{"SAGEMAKER_BASE_DIR", tree.path()},
                                 {"RINGMAKER_RENDEZVOUS_PORT", std::to_string(port_)}});
  }
  test::TemporaryDirectory follower_tree_;
  int port_ = test::free_port();
};

TEST_F(TwoHosts, OneTrainsAndTheOtherWaitsForIt) {
  const auto follower = start(follower_tree_);
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(follower->running()) << "it may not leave before the leader";
  const auto leader = start(tree_);
  EXPECT_EQ(leader->wait(), 0) << leader->errors();
  EXPECT_EQ(follower->wait(), 0) << follower->errors();
  EXPECT_THAT(follower->errors(), HasSubstr("127.0.0.2 waits for 127.0.0.1, which trains"));
  EXPECT_TRUE(tree_.exists("model/model.ringmaker"));
  EXPECT_FALSE(follower_tree_.exists("model/model.ringmaker"));
}

TEST_F(TwoHosts, WhatIsTheUsersFaultOnTheLeaderIsSoOnTheOther) {
  auto leader = train::Leader::listen(
      {.current_host = "127.0.0.1", .hosts = {"127.0.0.1", "127.0.0.2"}},
      {.port = static_cast<uint16_t>(port_), .failure_patience = std::chrono::seconds(60)});
  ASSERT_TRUE(leader) << leader.error().message();
  const auto follower = start(follower_tree_);
  leader->dismiss_failed({base::ErrorCode::kInvalidInput, "train/a.csv is empty"},
                         [] { return false; });
  EXPECT_EQ(follower->wait(), 2);
  EXPECT_EQ(follower_tree_.read("output/failure"),
            "the leader 127.0.0.1 failed: train/a.csv is empty");
}

TEST_F(TwoHosts, ADeadLeaderEndsTheOther) {
  const auto leader = start(tree_);
  for (int tries = 0; tries < 1000 && !test::accepts_connections(port_); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  leader->signal(SIGSTOP);  // in the middle of whatever it does; it waits for the other anyway
  const auto follower = start(follower_tree_);
  for (int tries = 0; tries < 2000 && follower->errors().find("waits for") == std::string::npos;
       ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(500));  // and connects
  EXPECT_TRUE(follower->running());
  leader->signal(SIGKILL);
  EXPECT_EQ(follower->wait(30), 3);
  EXPECT_EQ(follower_tree_.read("output/failure"),
            "the leader 127.0.0.1 ended without saying that it was done");
}

TEST_F(TwoHosts, SigtermEndsTheWaiting) {
  const auto follower = start(follower_tree_);
  for (int tries = 0; tries < 2000 && follower->errors().find("waits for") == std::string::npos;
       ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ASSERT_THAT(follower->errors(), HasSubstr("127.0.0.2 waits for 127.0.0.1, which trains"));
  follower->signal(SIGTERM);
  EXPECT_EQ(follower->wait(10), 0);
  EXPECT_THAT(follower->errors(), HasSubstr("asked to stop while waiting for 127.0.0.1\""));
  EXPECT_FALSE(follower_tree_.exists("output/failure"));
}

TEST_F(TrainContract, DataShardedOverHostsIsRefused) {
  hyperparameters(kIris);
  tree_.write("input/config/inputdataconfig.json",
              R"({"train": {"S3DistributionType": "ShardedByS3Key"}})");
  tree_.write("input/config/resourceconfig.json",
              R"({"current_host": "algo-2", "hosts": ["algo-1", "algo-2"]})");
  expect_failure(2,
                 "the train channel is sharded over 2 hosts; training runs on one host, so use "
                 "FullyReplicated data");
}

TEST_F(TrainContract, BadDataIsToldInOneSentence) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  struct Case {
    std::string data;
    std::string cause;
  };
  for (const Case& c : std::vector<Case>{
           {"1,2\n2,1e999\n", "train/a.csv:2, column 2 (counted from 1): \"1e999\" is too large"},
           {"1,2\n2,Infinity\n", "\"Infinity\" is not a finite number"},
           {"1,2\n2,\xff\xfe\n", "\"\\xff\\xfe\" is not valid UTF-8"},
           {"1,2\n3,4,5\n", "train/a.csv:2 has 3 columns; the rows before have 2"},
           {"1,2,3\n4,5,6\n7,", "is the file cut off?"},
           {"1,2\n3,\"4\n", "a quoted field is not closed"},
           {"1,2\r3,4\r", "train/a.csv: the rows end in CR alone, as on old Macs; "},
           {"y,a\r1,2\r3,4", "train/a.csv: the rows end in CR alone, as on old Macs"},
           {"1 2 3\n4 5 6\n",
            "train/a.csv: the first row holds 3 values separated by blanks; columns are expected"},
           {"\xFF\xFE" + std::string("1\0,\0002\0\n\0", 8),
            "train/a.csv: the file looks like UTF-16 (its first line begins with FF FE"},
           {std::string("1\0,\0002\0\n\0", 8), "train/a.csv: the file looks like UTF-16"},
           {std::string("1,\0,3\n", 6), "train/a.csv: the file is not text: its first line holds"},
           {"PK\x03\x04", "train/a.csv: the file looks like a zip archive, as .npz and .xlsx are;"},
           {"{\"a\": [1, 2]}\n", "train/a.csv: the file looks like JSON; CSV is expected"},
           {"\x1f\x8b\x08 cut", "is damaged"}}) {
    tree_.write("input/data/train/a.csv", c.data);
    expect_failure(2, c.cause);
  }
  ASSERT_EQ(::unlink(tree_.path("input/data/train/a.csv").c_str()), 0);
  ASSERT_EQ(::mkfifo(tree_.path("input/data/train/a.csv").c_str(), 0600), 0);
  expect_failure(2, "train/a.csv is neither a regular file nor a directory");
}

TEST_F(TrainContract, ALongCauseIsCutTo1024Bytes) {
  hyperparameters(R"({"predictor_type": "regressor", "label": ")" + std::string(2000, 'x') + "\"}");
  tree_.write("input/data/train/a.csv", "y,a\n1,2\n");
  expect_failure(2, "train/a.csv:1: there is no label column \"xxx");
}

TEST_F(TrainContract, AJobKilledAtAnyStepLeavesNoHalfFile) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  ASSERT_EQ(train(), 0);
  const size_t model_bytes = tree_.read("model/model.ringmaker").size();
  const size_t metrics_bytes = tree_.read("output/data/metrics.json").size();
  int killed = 0;
  for (int step = 1;; ++step) {
    ASSERT_LT(step, 100);
    std::filesystem::remove_all(tree_.path("model"));
    std::filesystem::remove_all(tree_.path("output"));
    test::Program program({"train"}, {{"SAGEMAKER_BASE_DIR", tree_.path()},
                                      {"LD_PRELOAD", RINGMAKER_KILL_AT_CALL},
                                      {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                                      {"KILL_AT_CALL", std::to_string(step)}});
    const int code = program.wait();
    if (tree_.exists("model/model.ringmaker")) {
      EXPECT_EQ(tree_.read("model/model.ringmaker").size(), model_bytes) << "step " << step;
    }
    if (tree_.exists("output/data/metrics.json")) {
      EXPECT_EQ(tree_.read("output/data/metrics.json").size(), metrics_bytes) << "step " << step;
    }
    if (code == 0) {
      break;
    }
    ASSERT_EQ(code, -SIGKILL) << program.errors();
    ++killed;
    // The next job on the same directory clears up.
    ASSERT_EQ(train(), 0);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tree_.path("model"))) {
      EXPECT_EQ(entry.path().filename(), "model.ringmaker");
    }
  }
  EXPECT_GE(killed, 8) << "write, fsync, rename and fsync of two files";
}

TEST_F(TrainContract, TheModelKnowsItsData) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  ASSERT_EQ(train(), 0);
  test::Program inspect({"inspect", "--model-dir", tree_.path("model")}, {});
  EXPECT_EQ(inspect.wait(), 0);
  EXPECT_THAT(inspect.output(), HasSubstr("data        xxh3:"));
}

TEST_F(TrainContract, WeightsOfRowsAreTheSecondColumn) {
  hyperparameters(R"({"predictor_type": "regressor", "csv_weights": "1"})");
  tree_.write("input/data/train/a.csv", "1,1,2\n2,1,4\n9,0,6\n4,1,8\n");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->errors(), HasSubstr("1 feature, weights in the second column"));
}

/// Before hours are spent on the data, of which there is none here.
TEST_F(TrainContract, AnUnwritableModelDirectoryIsThePlatformsFaultAndKnownAtOnce) {
  hyperparameters(kIris);
  tree_.write("model", "a file where a directory should be");
  EXPECT_EQ(train(), 3);
  EXPECT_THAT(tree_.read("output/failure"), HasSubstr("/model is no directory"));
  EXPECT_THAT(tree_.read("model"), StartsWith("a file"));
}

TEST_F(TrainContract, AModelDirectoryThatTakesNothingIsKnownAtOnce) {
  // Root may write anywhere, unless it gives that up.
  const std::string powerless =
      ::geteuid() == 0 ? "setpriv --bounding-set=-dac_override,-dac_read_search " : "";
  if (std::system((powerless + "true 2>/dev/null").c_str()) != 0) {
    GTEST_SKIP() << "root cannot give up its powers here: setpriv is missing or not allowed";
  }
  hyperparameters(kIris);
  tree_.write("model/inside", "");
  std::filesystem::permissions(tree_.path("model"), std::filesystem::perms(0555));
  const int status =
      std::system(fmt::format("SAGEMAKER_BASE_DIR='{}' {}'{}' train 2>'{}'", tree_.path(),
                              powerless, RINGMAKER_BINARY, tree_.path("said"))
                      .c_str());
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_THAT(tree_.read("said"), HasSubstr("/model/model.ringmaker: Permission denied"));
  std::filesystem::permissions(tree_.path("model"), std::filesystem::perms(0755));
}

TEST_F(TrainContract, MetricsThatCannotBeWrittenDoNotCostTheModel) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  tree_.write("output/data", "a file where a directory should be");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_TRUE(tree_.exists("model/model.ringmaker"));
  EXPECT_THAT(program_->errors(), HasSubstr("the model is written, but cannot "));
  EXPECT_FALSE(tree_.exists("output/failure"));
}

TEST_F(TrainContract, EveryLinearLearnerHyperparameterIsAccepted) {
  hyperparameters(R"({
      "predictor_type": "binary_classifier", "feature_dim": "auto", "num_classes": "auto",
      "epochs": "15", "mini_batch_size": "1000", "learning_rate": "auto", "momentum": "auto",
      "beta_1": "auto", "beta_2": "auto", "optimizer": "auto", "loss": "auto", "margin": "1.0",
      "loss_insensitivity": "0.01", "quantile": "0.5", "huber_delta": "1.0", "wd": "auto",
      "l1": "auto", "bias_lr_mult": "auto", "bias_wd_mult": "auto", "use_bias": "true",
      "normalize_data": "true", "normalize_label": "auto", "unbias_data": "auto",
      "unbias_label": "auto", "positive_example_weight_mult": "1.0",
      "balance_multiclass_weights": "false", "f_beta": "1.0", "target_recall": "0.8",
      "target_precision": "0.8", "binary_classifier_model_selection_criteria": "accuracy",
      "num_models": "32", "num_calibration_samples": "auto", "num_point_for_scaler": "10000",
      "early_stopping_patience": "3", "early_stopping_tolerance": "0.001",
      "init_method": "uniform", "init_scale": "0.07", "init_sigma": "0.01", "init_bias": "0",
      "use_lr_scheduler": "true", "lr_scheduler_step": "auto", "lr_scheduler_factor": "auto",
      "lr_scheduler_minimum_lr": "auto", "accuracy_top_k": "3"})");
  tree_.write("input/data/train/data.csv", sample("breast_cancer.csv"));
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->errors(), HasSubstr("\"without effect here: margin "));
  EXPECT_THAT(program_->errors(), HasSubstr("num_models (one model is trained, to its optimum)"));
}

TEST_F(TrainContract, TheMetricATuningJobLooksForIsOnEveryLine) {
  hyperparameters(R"({"predictor_type": "binary_classifier", "loss": "hinge_loss",
                      "_tuning_objective_metric": "validation:binary_f_beta"})");
  tree_.write("input/config/inputdataconfig.json", R"({"train": {}, "validation": {}})");
  tree_.write("input/data/train/a.csv", sample("breast_cancer.csv"));
  tree_.write("input/data/validation/b.csv", sample("breast_cancer.csv"));
  EXPECT_EQ(train(), 0) << program_->errors();
  std::istringstream lines(program_->output());
  size_t found = 0;
  for (std::string line; std::getline(lines, line); ++found) {
    EXPECT_THAT(line, HasSubstr("\tvalidation-binary_f_beta:"));
    EXPECT_THAT(line, HasSubstr("\ttrain-objective_loss:"));
  }
  EXPECT_GT(found, 2U);
}

TEST_F(TrainContract, AClassAloneInTheValidationDataIsExplainedOnce) {
  hyperparameters(R"({"predictor_type": "binary_classifier"})");
  tree_.write("input/config/inputdataconfig.json", R"({"train": {}, "validation": {}})");
  tree_.write("input/data/train/a.csv", "1,2\n0,3\n1,1\n0,5\n");
  tree_.write("input/data/validation/b.csv", "1,2\n1,3\n");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->output(), HasSubstr("validation-auc:nan"));
  EXPECT_EQ(count(program_->errors(), "so validation-auc is nan: it compares two classes"), 1U)
      << program_->errors();
}

TEST_F(TrainContract, NumClassesThatChangesNothingIsTold) {
  tree_.write("input/data/train/a.csv", "1,2\n0,3\n1,1\n0,5\n");
  hyperparameters(R"({"predictor_type": "regressor", "num_classes": "3"})");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->errors(),
              HasSubstr("num_classes=3 is without effect: a regressor has no classes\""));
  hyperparameters(R"({"predictor_type": "binary_classifier", "num_classes": "3"})");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->errors(), HasSubstr("num_classes=3 is without effect: the labels have 2 "
                                            "different values, and the model knows no others\""));
  hyperparameters(R"({"predictor_type": "binary_classifier", "num_classes": "2"})");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->errors(), Not(HasSubstr("num_classes=2 is without effect")));
}

TEST_F(TrainContract, ColumnsThatSayNothingAreNamed) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv",
              "y,a,same,none,tiny\n1,2,7,,1e-40\n2,3,7,,2e-40\n3,1,7,,3e-40\n");
  EXPECT_EQ(train(), 0) << program_->errors();
  EXPECT_THAT(program_->errors(), HasSubstr(R"(1 column has no value in any row: \"none\")"));
  EXPECT_THAT(program_->errors(),
              HasSubstr(R"(1 column has the same value in every row: \"same\")"));
  EXPECT_THAT(program_->errors(), HasSubstr(R"(in another unit they would count: \"tiny\")"));
}

TEST_F(TrainContract, AByteOrderMarkBeforeTheConfigurationIsSkipped) {
  const std::string mark = "\xef\xbb\xbf";
  hyperparameters(mark + R"({"predictor_type": "regressor", "l1": "0.5"})");
  tree_.write("input/config/inputdataconfig.json", mark + R"({"train": {}})");
  tree_.write("input/config/resourceconfig.json",
              mark + R"({"current_host": "algo-1", "hosts": ["algo-1"]})");
  tree_.write("input/data/train/a.csv", mark + "y,a\n1,2\n3,4\n5,5\n");
  EXPECT_EQ(train(), 0) << program_->errors();
}

/// Metric lines that nobody can have are told of once; the model is what the job is for.
TEST_F(TrainContract, AStandardOutputThatTakesNothingDoesNotCostTheModel) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  struct Case {
    std::string redirection;
    std::string reason;
  };
  for (const Case& c : {Case{">/dev/full", "No space left on device"},
                        Case{">&-", "Bad file descriptor"}, Case{"| true", "Broken pipe"}}) {
    const std::string script =
        fmt::format("set -o pipefail; SAGEMAKER_BASE_DIR='{}' '{}' train 2>'{}' {}", tree_.path(),
                    RINGMAKER_BINARY, tree_.path("said"), c.redirection);
    EXPECT_EQ(std::system(fmt::format("bash -c \"{}\"", script).c_str()), 0) << c.redirection;
    EXPECT_EQ(count(tree_.read("said"), "no metric lines on standard output: " + c.reason), 1U)
        << c.redirection << ": " << tree_.read("said");
    EXPECT_EQ(tree_.read("model/model.ringmaker").find("train-mlogloss:"), std::string::npos);
    EXPECT_THAT(tree_.read("output/data/metrics.json"), HasSubstr("\"train:merror\""));
    ASSERT_TRUE(std::filesystem::remove(tree_.path("model/model.ringmaker"))) << c.redirection;
  }
}

TEST_F(TrainContract, AStandardErrorThatTakesNothingDoesNotCostTheModel) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  const std::string train =
      fmt::format("SAGEMAKER_BASE_DIR='{}' '{}' train >/dev/null", tree_.path(), RINGMAKER_BINARY);
  for (const std::string redirection : {"2>/dev/full", "2>&-", "2> >(true)"}) {
    EXPECT_EQ(std::system(fmt::format("bash -c \"{} {}\"", train, redirection).c_str()), 0)
        << redirection;
    EXPECT_TRUE(std::filesystem::remove(tree_.path("model/model.ringmaker"))) << redirection;
  }
  // An error keeps its exit code.
  const std::string wrong = fmt::format("'{}' train --data /nowhere 2>/dev/full", RINGMAKER_BINARY);
  EXPECT_EQ(WEXITSTATUS(std::system(wrong.c_str())), 2);
}

TEST_F(TrainContract, WithoutAThreadToBeHadTheFailureFileSaysSo) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "needs root, to become a user whose threads are counted";
  }
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv", "1,2,3\n2,3,4\n3,1,5\n");
  const std::string script = fmt::format(
      "chmod -R a+rwX '{0}'; ulimit -u 1; ASAN_OPTIONS=detect_leaks=0 SAGEMAKER_BASE_DIR='{0}' "
      "exec setpriv --reuid=65531 "
      "--regid=65531 --clear-groups '{1}' train 2>/dev/null",
      tree_.path(), RINGMAKER_BINARY);
  EXPECT_EQ(WEXITSTATUS(std::system(fmt::format("bash -c \"{}\"", script).c_str())), 3);
  EXPECT_THAT(tree_.read("output/failure"), HasSubstr("cannot start a thread"));
}

TEST_F(TrainContract, ALossOfAnotherTaskIsRefusedBeforeAnythingIsRead) {
  hyperparameters(R"({"predictor_type": "regressor", "loss": "hinge_loss"})");
  expect_failure(2, "hyperparameter \"loss\" is \"hinge_loss\"; a regression model");
}

/// A child that begins with SIGTERM held back: a signal sent at once is seen by whoever asks first.
class HeldBackSigterm {
 public:
  HeldBackSigterm() {
    sigset_t terminate{};
    sigemptyset(&terminate);
    sigaddset(&terminate, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &terminate, &before_);
  }
  ~HeldBackSigterm() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldBackSigterm(const HeldBackSigterm&) = delete;
  HeldBackSigterm& operator=(const HeldBackSigterm&) = delete;

 private:
  sigset_t before_{};
};

/// Numbers that take a linear model many rounds.
std::string slow_rows(int64_t rows) {
  std::string text;
  for (int64_t i = 0; i < rows; ++i) {
    text += fmt::format("{},{},{}\n", i % 97, (i * 7919) % 1013, (i * 104729) % 997);
  }
  return text;
}

TEST_F(TrainContract, SigtermEndsWithTheBestModelSoFar) {
  hyperparameters(R"({"predictor_type": "regressor", "epochs": "1000000", "optimizer": "sgd",
                      "early_stopping_patience": "1000000"})");
  tree_.write("input/data/train/a.csv", slow_rows(2000));
  test::Program program({"train"}, {{"SAGEMAKER_BASE_DIR", tree_.path()}});
  while (program.running() && program.output().find("\n[2]\t") == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(30), 0) << program.errors();
  EXPECT_THAT(program.errors(), HasSubstr("asked to stop: training was cut short after round "));
  EXPECT_TRUE(tree_.exists("model/model.ringmaker"));
  EXPECT_FALSE(tree_.exists("output/failure"));
}

TEST_F(TrainContract, SigtermWhileDataIsReadIsToldAndLeavesNothing) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv", slow_rows(200'000));
  const HeldBackSigterm held_back;
  test::Program program({"train"}, {{"SAGEMAKER_BASE_DIR", tree_.path()}});
  program.signal(SIGTERM);
  EXPECT_EQ(program.wait(30), 0) << program.errors();
  EXPECT_THAT(program.errors(), HasSubstr("\"asked to stop while reading the data "
                                          "before there was a model; nothing was written\""));
  EXPECT_FALSE(tree_.exists("model/model.ringmaker"));
  EXPECT_FALSE(tree_.exists("output/data/metrics.json"));
  EXPECT_FALSE(tree_.exists("output/failure")) << "the platform reads it of failed jobs only";
}

}  // namespace
}  // namespace ringmaker
