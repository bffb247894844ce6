#include "train/job/job_data.h"

#include "tests/support/program.h"
#include "tests/train/learner/learner_test_support.h"
#include "train/dataset/build_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A job on one file, whose plan the tests fill in.
class JobData : public testing::Test {
 protected:
  base::Result<CsvTable> read(const std::string& rows) {
    files_.write("a.csv", rows);
    return read_channel(plan_, files_.path("a.csv"), "train", observer_, log_, nullptr);
  }
  base::Result<void> declared(const std::string& rows) {
    const auto train = build_training_set(*read(rows), data::Task::kMulticlass);
    return check_declared(plan_, *train, observer_);
  }

  test::TemporaryDirectory files_;
  const base::SystemClock clock_;
  telemetry::Log log_{clock_, {.level_min = telemetry::Level::kError}};
  Plan plan_;
  RememberingObserver observer_;
};

TEST_F(JobData, IsReadAsTheHyperparametersSay) {
  plan_.label = "y";
  plan_.hyperparameters.set("drop_columns", "id");
  plan_.hyperparameters.set("na_values", "-");
  const auto table = read("id,a,y\nx,1,2\nz,-,4\n");
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(table->labels, ElementsAre(2, 4));
  EXPECT_THAT(table->layout.feature_names, ElementsAre("a"));
  plan_.hyperparameters.set("csv_header", "perhaps");
  EXPECT_THAT(read("y,a\n1,2\n").error().message(), HasSubstr("\"csv_header\" is \"perhaps\""));
}

TEST_F(JobData, AFirstRowThatMayBeAHeaderIsTold) {
  EXPECT_TRUE(read("0,1,2,3\n2,3,1,0\n"));
  EXPECT_THAT(observer_.notes,
              ElementsAre("train: the first row, 0 to 3, is taken for values; if it is a header, "
                          "say csv_header=true"));
  EXPECT_TRUE(read("0,1,2,3\na,3.5,1,0\n"));
  ASSERT_EQ(observer_.notes.size(), 2U);
  EXPECT_THAT(observer_.notes[1], HasSubstr("is taken for a header, though 4 of its 4 names"));
}

TEST_F(JobData, AHeaderThatMayBeARowIsTold) {
  EXPECT_TRUE(read("unacc,1,2,3\nacc,3,1,2\nacc,1,1,2\n"));
  EXPECT_TRUE(read("y,red,big,3\n1,3,1,2\n0,1,1,2\n"));
  EXPECT_THAT(observer_.notes,
              ElementsAre("train: the first row is taken for a header, though 3 of its 4 names are "
                          "numbers; if it holds values, say csv_header=false",
                          "train: the first row is taken for a header, though 1 of its 4 names is "
                          "a number; if it holds values, say csv_header=false"));
  plan_.hyperparameters.set("csv_header", "false");
  EXPECT_TRUE(read("unacc,1,2,3\nacc,3,1,2\nacc,1,1,2\n"));
  EXPECT_EQ(observer_.notes.size(), 2U);
}

TEST_F(JobData, WhatWasDeclaredIsHeldAgainstIt) {
  EXPECT_TRUE(declared("y,a\n1,2\n0,3\n"));
  EXPECT_THAT(observer_.notes, IsEmpty());
  plan_.hyperparameters.set("num_classes", "3");
  EXPECT_TRUE(declared("y,a\n1,2\n0,3\n"));
  EXPECT_THAT(observer_.notes, ElementsAre(HasSubstr("the labels have 2 different values")));
  EXPECT_THAT(declared("y,a\n1,2\n0,3\n2,4\n3,5\n").error().message(),
              HasSubstr("\"num_classes\" is 3; the labels have 4 different values"));
  plan_.hyperparameters.set("feature_dim", "2");
  EXPECT_THAT(declared("y,a\n1,2\n0,3\n").error().message(),
              HasSubstr("\"feature_dim\" is 2; the data has 1 feature"));
}

TEST_F(JobData, WithoutAFurtherChannelThereIsNoFurtherData) {
  const auto table = read("y,a\n1,2\n0,3\n");
  ASSERT_TRUE(table) << table.error().message();
  const CsvLayout layout = table->layout;
  const auto train = build_training_set(std::move(*read("y,a\n1,2\n0,3\n")), data::Task::kBinary);
  EXPECT_FALSE(read_further(plan_, "", "test", *train, layout, observer_, log_)->has_value());
  files_.write("b.csv", "y,a\n0,7\n");
  const auto further =
      read_further(plan_, files_.path("b.csv"), "test", *train, layout, observer_, log_);
  ASSERT_TRUE(further) << further.error().message();
  EXPECT_EQ((*further)->rows(), 1U);
}

TEST_F(JobData, FilesAreNamedAsThePathWasGiven) {
  EXPECT_THAT(read("y,a\n1\n").error().message(),
              testing::StartsWith(files_.path("a.csv") + ":2 has 1 column"));
  plan_.inside_sagemaker = true;
  EXPECT_EQ((*list_channel(plan_, files_.path(""), "train"))[0].name, "train/a.csv");
}

TEST_F(JobData, AnIndexWithoutANameIsTold) {
  plan_.label = "y";
  ASSERT_TRUE(read(",y,a\n0,1,5\n1,0,6\n2,1,7\n"));
  EXPECT_THAT(observer_.notes, ElementsAre(HasSubstr("train: the first column has no name")));
}

TEST_F(JobData, FilesWithoutAHeaderAreTold) {
  const auto table = read("y,a\n1,2\n0,3\n");
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_THAT(observer_.notes, IsEmpty());
  files_.write("b.csv", "0,7\n");
  ASSERT_TRUE(
      read_channel(plan_, files_.path("b.csv"), "validation", observer_, log_, &table->layout));
  EXPECT_THAT(observer_.notes,
              ElementsAre("validation: " + files_.path("b.csv") +
                          " has no header; columns are taken in the order of the first header"));
}

}  // namespace
}  // namespace ringmaker::train
