// `ringmaker train` as SageMaker runs it: the built binary and a directory tree.
#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>

namespace ringmaker {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string sample(const std::string& name) {
  std::ifstream file(std::string(RINGMAKER_SOURCE_DIR) + "/data/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
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
    EXPECT_THAT(program_->errors(), HasSubstr(cause));
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
}

TEST_F(TrainContract, TextInANumericColumnNamesItsPlace) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/part-3.csv", "y,age,city\n1,2,3\n2,n/a,4\n3,n/a,5\n");
  expect_failure(2,
                 "part-3.csv:3, column 2 \"age\": \"n/a\" is not a number. Add na_values=n/a, or "
                 "drop the column with drop_columns=age. There are 2 such cells.");
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
  expect_failure(2, "a.csv:2, column 1 \"column_0\": the label is missing");
}

TEST_F(TrainContract, AnEmptyChannelAndAMissingOneAreTold) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  expect_failure(2, "the train channel has no directory");
  tree_.write("input/data/train/_SUCCESS", "");
  expect_failure(2, "the train channel is empty");
}

TEST_F(TrainContract, OtherModesAndFormatsAreRefusedInOneSentence) {
  hyperparameters(R"({"predictor_type": "regressor"})");
  tree_.write("input/data/train/a.csv", "1,2\n3,4\n");
  tree_.write("input/config/inputdataconfig.json", R"({"train": {"TrainingInputMode": "Pipe"}})");
  expect_failure(2, "the train channel uses Pipe mode");
  tree_.write("input/config/inputdataconfig.json", R"({"train": {"ContentType": "text/libsvm"}})");
  expect_failure(2, "the train channel holds text/libsvm; training reads text/csv");
}

TEST_F(TrainContract, OnlyTheLeaderOfSeveralHostsTrains) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  tree_.write("input/config/resourceconfig.json",
              R"({"current_host": "algo-2", "hosts": ["algo-1", "algo-2"]})");
  EXPECT_EQ(train(), 0);
  EXPECT_FALSE(tree_.exists("model/model.ringmaker"));
}

TEST_F(TrainContract, AnUnwritableModelDirectoryIsThePlatformsFault) {
  hyperparameters(kIris);
  tree_.write("input/data/train/iris.csv", sample("iris.csv"));
  tree_.write("model", "a file where a directory should be");
  EXPECT_EQ(train(), 3);
  EXPECT_THAT(tree_.read("output/failure"), HasSubstr("model"));
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
  EXPECT_THAT(program_->errors(), HasSubstr("ringmaker train: without effect here: margin "));
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
  size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_THAT(line, HasSubstr("\tvalidation-binary_f_beta:"));
    EXPECT_THAT(line, HasSubstr("\ttrain-objective_loss:"));
  }
  EXPECT_GT(count, 2U);
}

TEST_F(TrainContract, ALossOfAnotherTaskIsRefusedBeforeAnythingIsRead) {
  hyperparameters(R"({"predictor_type": "regressor", "loss": "hinge_loss"})");
  expect_failure(2, "hyperparameter \"loss\" is \"hinge_loss\"; a regression model");
}

TEST_F(TrainContract, SigtermEndsWithTheBestModelSoFar) {
  hyperparameters(R"({"predictor_type": "regressor", "epochs": "1000000", "wd": "0",
                      "early_stopping_tolerance": "0"})");
  std::string rows;
  for (int64_t i = 0; i < 60'000; ++i) {
    rows += std::to_string(i % 97) + "," + std::to_string((i * 7919) % 1013) + "," +
            std::to_string((i * 104729) % 997) + "\n";
  }
  tree_.write("input/data/train/a.csv", rows);
  test::Program program({"train"}, {{"SAGEMAKER_BASE_DIR", tree_.path()}});
  program.signal(SIGTERM);
  EXPECT_TRUE(program.wait(30) == 0 || program.output().empty()) << program.errors();
}

}  // namespace
}  // namespace ringmaker
