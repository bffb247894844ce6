#include "train/job/job.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::HasSubstr;

/// A job outside SageMaker: a file, a label, a directory for the model.
JobOptions job_on(const test::TemporaryDirectory& directory, const std::string& rows) {
  directory.write("data.csv", rows);
  JobOptions job;
  job.data = directory.path("data.csv");
  job.model_dir = directory.path("model");
  return job;
}

TEST(Job, OutsideSageMakerTheTaskIsInferredAndNoFailureIsWritten) {
  const test::TemporaryDirectory directory;
  testing::internal::CaptureStdout();
  const auto done = run_job(job_on(directory, "y,a\n1,2\n0,3\n1,1\n0,4\n"));
  testing::internal::GetCapturedStdout();
  EXPECT_TRUE(done) << done.error().message();
  EXPECT_TRUE(directory.exists("model/model.ringmaker"));
  JobOptions broken = job_on(directory, "y,a\n1\n");
  broken.base_dir = directory.path();
  EXPECT_THAT(run_job(broken).error().message(), HasSubstr("data.csv:2 has 1 column"));
  EXPECT_FALSE(directory.exists("output/failure"));
}

TEST(Job, WithoutAPlaceForTheModelNothingIsRead) {
  const test::TemporaryDirectory directory;
  JobOptions job = job_on(directory, "y,a\n1,2\n");
  job.model_dir.clear();
  EXPECT_THAT(run_job(job).error().message(), HasSubstr("--model-dir"));
}

TEST(Job, StaleTemporariesAreCleared) {
  const test::TemporaryDirectory directory;
  directory.write("model/.model.ringmaker.tmp", "half");
  EXPECT_FALSE(run_job(job_on(directory, "y,a\n1\n")));
  EXPECT_FALSE(directory.exists("model/.model.ringmaker.tmp"));
}

}  // namespace
}  // namespace ringmaker::train
