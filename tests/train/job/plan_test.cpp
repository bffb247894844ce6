#include "train/job/plan.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

JobOptions job_of(const test::TemporaryDirectory& root, const std::string& channels) {
  root.write("input/config/inputdataconfig.json", channels);
  JobOptions options;
  options.base_dir = root.path();
  return options;
}

base::Result<Plan> plan_of(const test::TemporaryDirectory& root, const std::string& channels) {
  return make_plan(job_of(root, channels));
}

TEST(Plan, ChannelsAreTakenByTheirNames) {
  const test::TemporaryDirectory root;
  const auto plan = plan_of(root, R"({"training": {}, "validation": {}, "test": {}, "code": {}})");
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_THAT(plan->train_path, EndsWith("/input/data/training"));
  EXPECT_THAT(plan->validation_path, EndsWith("/input/data/validation"));
  EXPECT_THAT(plan->test_path, EndsWith("/input/data/test"));
  EXPECT_THAT(plan->model_path, EndsWith("/model/model.ringmaker"));
  EXPECT_THAT(plan->metrics_path, EndsWith("/output/data/metrics.json"));
  EXPECT_THAT(unused_text(*plan), IsEmpty());
}

TEST(Plan, OfTrainAndTrainingTheFirstIsUsed) {
  const test::TemporaryDirectory root;
  const auto plan = plan_of(root, R"({"training": {}, "train": {}})");
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_THAT(plan->train_path, EndsWith("/input/data/train"));
  EXPECT_THAT(plan->unused_channels, ElementsAre("training"));
  EXPECT_THAT(unused_text(*plan), HasSubstr("the channel training is not used, because there is"));
}

TEST(Plan, OnlyChannelsThatAreUsedCanBeWrong) {
  const test::TemporaryDirectory root;
  JobOptions job = job_of(root, R"({"train": {}, "foo": {"TrainingInputMode": "Pipe"}})");
  EXPECT_TRUE(check_channels(job));
  EXPECT_THAT(make_plan(job)->unused_channels, ElementsAre("foo"));
  EXPECT_TRUE(
      check_channels(job_of(root, R"({"train": {}, "training": {"TrainingInputMode": "Pipe"}})")));
  job = job_of(root, R"({"train": {}, "test": {"TrainingInputMode": "Pipe"}})");
  EXPECT_THAT(check_channels(job).error().message(), HasSubstr("the test channel uses Pipe mode"));
  job.data = "a.csv";
  EXPECT_TRUE(check_channels(job)) << "outside SageMaker there are none";
}

TEST(Plan, WithoutADescriptionTheDirectoriesSpeak) {
  const test::TemporaryDirectory root;
  root.write("input/data/training/a.csv", "");
  root.write("input/data/test/a.csv", "");
  const auto plan = plan_of(root, "");
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_THAT(plan->train_path, EndsWith("/input/data/training"));
  EXPECT_THAT(plan->validation_path, IsEmpty());
  EXPECT_THAT(plan->test_path, EndsWith("/input/data/test"));
}

TEST(Plan, WithoutADescriptionTooTheChannelThatIsNotUsedIsTold) {
  const test::TemporaryDirectory root;
  root.write("input/data/train/a.csv", "");
  root.write("input/data/training/a.csv", "");
  const auto plan = plan_of(root, "");
  ASSERT_TRUE(plan) << plan.error().message();
  EXPECT_THAT(plan->train_path, EndsWith("/input/data/train"));
  EXPECT_THAT(unused_text(*plan), HasSubstr("the channel training is not used, because there is"));
}

TEST(Plan, AScoreOfAChannelThatIsNotThereIsTold) {
  Plan plan;
  plan.train_path = "somewhere";
  EXPECT_EQ(absent_channel_text(plan, "validation:auc"),
            "the tuning job looks for \"validation:auc\", and there is no validation channel");
  EXPECT_EQ(absent_channel_text(plan, "test:rmse"),
            "the tuning job looks for \"test:rmse\", and there is no test channel");
  EXPECT_EQ(absent_channel_text(plan, "foo:rmse"),
            "the tuning job looks for \"foo:rmse\", and scores are told of train, validation and "
            "test alone");
  EXPECT_THAT(absent_channel_text(plan, "train:rmse"), IsEmpty());
  EXPECT_THAT(absent_channel_text(plan, "rmse"), IsEmpty());
  EXPECT_THAT(absent_channel_text(plan, ""), IsEmpty());
  plan.validation_path = plan.test_path = "elsewhere";
  EXPECT_THAT(absent_channel_text(plan, "validation:auc"), IsEmpty());
  EXPECT_THAT(absent_channel_text(plan, "test:rmse"), IsEmpty());
}

TEST(Plan, WhyTheDirectoriesCannotBeLookedAtIsTold) {
  const test::TemporaryDirectory root;
  root.write("input/config/hyperparameters.json", "{}");
  // In place of a directory without permission, which root may enter.
  std::filesystem::create_symlink("data", root.path("input/data"));
  const auto plan = plan_of(root, "");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().message(), "cannot look at " + root.path("input/data/train") +
                                        ": Too many levels of symbolic links");
}

TEST(Plan, ASourceDateIsReadBeforeAnythingIsDone) {
  const test::TemporaryDirectory root;
  JobOptions options;
  options.data = root.path("data.csv");
  options.model_dir = root.path("model");
  options.source_date_epoch = "soon";
  EXPECT_THAT(make_plan(options).error().message(), HasSubstr("SOURCE_DATE_EPOCH is \"soon\""));
  options.source_date_epoch = "86400";
  EXPECT_EQ(make_plan(options)->source_date, 86'400);
}

}  // namespace
}  // namespace ringmaker::train
