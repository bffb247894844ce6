#include "train/job/job.h"

#include "model/artifact.h"
#include "tests/support/program.h"
#include "train/channel/channel_files.h"
#include "train/dataset/build_dataset.h"
#include "train/learner/model_scores.h"
#include "train/reader/csv_table.h"
#include "train/report/metric_lines.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>

namespace ringmaker::train {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A job outside SageMaker: a file, a label, a directory for the model.
JobOptions job_on(const test::TemporaryDirectory& directory, const std::string& rows) {
  directory.write("data.csv", rows);
  JobOptions job;
  job.data = directory.path("data.csv");
  job.model_dir = directory.path("model");
  return job;
}

base::Result<void> run(const JobOptions& options) {
  const base::SystemClock clock;
  telemetry::Log log(clock, {.level_min = telemetry::Level::kError});
  return run_job(options, log);
}

TEST(Job, OutsideSageMakerTheTaskIsInferredAndNoFailureIsWritten) {
  const test::TemporaryDirectory directory;
  testing::internal::CaptureStdout();
  const auto done = run(job_on(directory, "y,a\n1,2\n0,3\n1,1\n0,4\n"));
  testing::internal::GetCapturedStdout();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_TRUE(directory.exists("model/model.ringmaker"));
  JobOptions broken = job_on(directory, "y,a\n1\n");
  broken.base_dir = directory.path();
  EXPECT_THAT(run(broken).error().message(), HasSubstr("data.csv:2 has 1 column"));
  EXPECT_FALSE(directory.exists("output/failure"));
}

TEST(Job, OutsideSageMakerThereAreNoChannels) {
  const test::TemporaryDirectory directory;
  JobOptions job = job_on(directory, "y,a\n1,2\n0,3\n");
  job.validation = "/none.csv";
  EXPECT_EQ(run(job).error().message(), "--validation has no data: /none.csv does not exist");
  job.data = "/none.csv";
  EXPECT_EQ(run(job).error().message(), "--data has no data: /none.csv does not exist");
}

TEST(Job, ANameOfXgboostIsToldBeforeTheNearestOfOurs) {
  const test::TemporaryDirectory directory;
  JobOptions job = job_on(directory, "y,a\n1,2\n0,3\n");
  job.data.clear();
  job.base_dir = directory.path();
  directory.write("input/config/hyperparameters.json",
                  R"({"predictor_type": "regressor", "epohcs": "3", "max_depth": "6"})");
  directory.write("input/data/train/a.csv", "1,2\n0,3\n");
  EXPECT_THAT(run(job).error().message(),
              HasSubstr("hyperparameter \"max_depth\" is a name of XGBoost; linear models are"));
}

TEST(Job, WithoutAPlaceForTheModelNothingIsRead) {
  const test::TemporaryDirectory directory;
  JobOptions job = job_on(directory, "y,a\n1,2\n");
  job.model_dir.clear();
  EXPECT_THAT(run(job).error().message(), HasSubstr("--model-dir"));
}

TEST(Job, StaleTemporariesOfOursAreCleared) {
  const test::TemporaryDirectory directory;
  directory.write("model/.model.ringmaker.tmp", "half");
  directory.write("model/.metrics.json.tmp", "half");
  directory.write("model/.draft.tmp", "somebody's");
  directory.write("model/.bash_history-123.tmp", "a shell's");
  EXPECT_FALSE(run(job_on(directory, "y,a\n1\n")));
  EXPECT_FALSE(directory.exists("model/.model.ringmaker.tmp"));
  EXPECT_FALSE(directory.exists("model/.metrics.json.tmp"));
  EXPECT_TRUE(directory.exists("model/.draft.tmp"));
  EXPECT_TRUE(directory.exists("model/.bash_history-123.tmp"));
}

TEST(Job, ATuningJobThatLooksForAChannelThatIsNotThereIsTold) {
  const test::TemporaryDirectory directory;
  JobOptions job = job_on(directory, "y,a\n1,2\n0,3\n1,1\n0,4\n");
  job.hyperparameters = {{"_tuning_objective_metric", "test:logloss"}};
  const base::SystemClock clock;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  {
    telemetry::Log log(clock, {.level_min = telemetry::Level::kWarn});
    EXPECT_TRUE(run_job(job, log));
  }
  testing::internal::GetCapturedStdout();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("there is no test channel"));
}

TEST(Job, NamesThatATerminalWouldObeyAreNotWrittenAsTheyAre) {
  const test::TemporaryDirectory directory;
  JobOptions job = job_on(directory, "");
  job.data.clear();
  job.model_dir.clear();
  job.base_dir = directory.path();
  directory.write("input/config/hyperparameters.json", R"({"predictor_type": "regressor"})");
  directory.write("input/data/train/\x1b[2J.csv", "y,\x1b[31ma\n1,2\n3,four\n");
  const auto done = run(job);
  ASSERT_FALSE(done);
  const std::string sentence =
      R"(train/\x1b[2J.csv:3, column 2 "\x1b[31ma": "four" is not a number.)";
  EXPECT_THAT(done.error().message(), testing::StartsWith(sentence));
  EXPECT_THAT(directory.read("output/failure"), testing::StartsWith(sentence));
}

TEST(Job, TheScoresThatAreWrittenAreThoseOfTheModelThatIsWritten) {
  const test::TemporaryDirectory directory;
  std::string rows = "y,a,b\n";
  for (int i = 0; i < 60; ++i) {
    rows += fmt::format("{},{},{}\n", 3 * i + i % 7, i, i * i % 11);
  }
  JobOptions job = job_on(directory, rows);
  job.hyperparameters = {{"predictor_type", "regressor"},
                         {"optimizer", "sgd"},
                         {"learning_rate", "0.08"},
                         {"mini_batch_size", "1"},
                         {"early_stopping_patience", "100"},
                         {"use_lr_scheduler", "false"},
                         {"epochs", "40"},
                         {"seed", "1"}};
  testing::internal::CaptureStdout();
  const auto done = run(job);
  const std::string lines = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(done) << done.error().message();
  const std::string bytes = directory.read("model/model.ringmaker");
  const auto model = model::decode_artifact(std::as_bytes(std::span(bytes)));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(directory.read("model/metrics.json"), metrics_json(*model));
  auto table = read_csv_table(*list_files(job.data, "train", "--data"), {});
  ASSERT_TRUE(table) << table.error().message();
  const auto dataset = build_training_set(std::move(*table), data::Task::kRegression);
  const auto scores = score_model(*model, *dataset, {});
  const auto& told = model->provenance.metrics;
  ASSERT_THAT(told, testing::SizeIs(2));
  EXPECT_NEAR(told[0].second, scores->at(0).value, 1e-4 * told[0].second);
  EXPECT_NEAR(told[1].second, scores->at(1).value, 1e-4 * told[1].second);
  EXPECT_THAT(lines.substr(lines.rfind('[')),
              Not(HasSubstr(fmt::format("train-rmse:{:.6g}\t", told[0].second))))
      << "the last epoch is the best, and nothing is shown";
}

/// The log of a job that succeeds.
std::string log_of(const JobOptions& job) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const base::SystemClock clock;
  telemetry::Log log(clock, {});
  const auto done = run_job(job, log);
  log.flush();
  testing::internal::GetCapturedStdout();
  EXPECT_TRUE(done) << done.error().message();
  return testing::internal::GetCapturedStderr();
}

TEST(Job, ATaskThatWasNotAskedForIsTold) {
  const test::TemporaryDirectory directory;
  JobOptions job = job_on(directory, "y,a\n3,2\n5,3\n3,1\n5,4\n");
  EXPECT_THAT(log_of(job),
              HasSubstr(R"("level":"info","event":"task_inferred","detail":"2 different whole)"));
  job.hyperparameters = {{"predictor_type", "regressor"}};
  EXPECT_THAT(log_of(job), Not(HasSubstr("task_inferred")));
  EXPECT_THAT(log_of(job_on(directory, "y,a\nu,2\nv,3\nw,1\n")),
              HasSubstr(R"("level":"warn","event":"task_inferred","detail":"3 different texts)"));
}

TEST(Job, LabelsThatLoseZerosAreTold) {
  const test::TemporaryDirectory directory;
  const std::string told = log_of(job_on(directory, "y,a\n007,2\n008,3\n007,1\n008,4\n"));
  EXPECT_THAT(told, HasSubstr("data.csv:2, column 1"));
  EXPECT_THAT(told, HasSubstr("the class is called so without the zeros in front"));
}

}  // namespace
}  // namespace ringmaker::train
