#include "train/dataset/build_dataset.h"

#include "tests/train/reader/table_files.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

base::Result<Dataset> dataset(const std::string& text, data::Task task) {
  return build_training_set(*TableFiles().add("a.csv", text).read(), task);
}

TEST(BuildDataset, NumbersThatAreClassesBecomeTheirPlace) {
  const auto set = dataset("7,1\n-2,2\n7,3\n", data::Task::kBinary);
  ASSERT_TRUE(set);
  EXPECT_THAT(set->output.class_names, ElementsAre("-2", "7"));
  EXPECT_THAT(set->labels, ElementsAre(1, 0, 1));
}

TEST(BuildDataset, LabelsThatDoNotFitTheTaskAreToldAs) {
  EXPECT_THAT(dataset("a,1\n2,2\n", data::Task::kRegression).error().message(),
              HasSubstr("a.csv:1, column 1 (counted from 1): \"a\" is no number, and a regressor "
                        "needs numbers as labels"));
  EXPECT_THAT(dataset("1,1\n2,2\n3,3\n", data::Task::kBinary).error().message(),
              HasSubstr("a binary classifier needs 2 classes"));
}

TEST(BuildDataset, ClassesThatWouldBeOneAreRefused) {
  const std::string labels = "y,a\n9007199254740991,1\n9007199254740993,2\n9007199254740992,3\n";
  for (const auto& text : {labels, labels + "other,4\n"}) {
    EXPECT_THAT(dataset(text, data::Task::kMulticlass).error().message(),
                HasSubstr("a.csv:3, column 1 \"y\": \"9007199254740993\" is a class beyond 2^53"));
  }
  EXPECT_TRUE(dataset(labels, data::Task::kRegression));
  EXPECT_TRUE(dataset("9007199254740991,1\n-9007199254740991,2\n", data::Task::kBinary));
}

TEST(BuildDataset, MeasurementsAreNoClassesOfAMulticlassClassifier) {
  std::string fractions;
  std::string whole;
  for (int i = 0; i < 30; ++i) {
    fractions += fmt::format("{},1\n", 10 + i / 2.0);
    whole += fmt::format("{},1\n", 10 + i);
  }
  EXPECT_THAT(dataset(fractions, data::Task::kMulticlass).error().message(),
              HasSubstr("the labels are 30 different numbers, and not all of them whole (10.5, for "
                        "one)"));
  EXPECT_TRUE(dataset(whole, data::Task::kMulticlass));
  EXPECT_TRUE(dataset("1.5,1\n2.5,2\n3.5,3\n", data::Task::kMulticlass));
}

TEST(BuildDataset, AListThatIsWholeHasNoDotsBehindIt) {
  EXPECT_THAT(dataset("1,1\n2,2\n3,3\n", data::Task::kBinary).error().message(),
              HasSubstr("3 different values (1, 2, 3). "));
  EXPECT_THAT(dataset("1,1\n2,2\n3,3\n4,4\n", data::Task::kBinary).error().message(),
              HasSubstr("4 different values (1, 2, 3, ...). "));
}

TEST(BuildDataset, FeaturesHaveNamesWhereTheDataHasAHeader) {
  EXPECT_FALSE(dataset("1,1\n2,2\n", data::Task::kRegression)->schema.features_named);
  EXPECT_TRUE(dataset("y,x\n1,1\n2,2\n", data::Task::kRegression)->schema.features_named);
}

TEST(BuildDataset, OneRowTeachesNothing) {
  const auto set = dataset("1,2\n", data::Task::kRegression);
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().message(),
            "the training data has 1 row; there is nothing to learn from fewer than 2");
}

TEST(BuildDataset, ValidationKnowsTheClassesOfTraining) {
  const auto table = TableFiles().add("a.csv", "b,1\na,2\n").read();
  const CsvLayout layout = table->layout;
  const auto train =
      build_training_set(*TableFiles().add("a.csv", "b,1\na,2\n").read(), data::Task::kBinary);
  const auto further = [&](const std::string& text) {
    return build_further_set(*TableFiles().add("v.csv", text).read({}, {}, &layout), *train,
                             "validation");
  };
  EXPECT_THAT(further("b,1\nb,2\n")->labels, ElementsAre(1, 1));
  EXPECT_EQ(further("b,1\n\nlong,2\nc,1\n").error().message(),
            "v.csv:3, column 1 (counted from 1): the validation data has the label \"long\", which "
            "the training data has not");
  EXPECT_EQ(
      further("b,1\nB,1\n").error().message(),
      "v.csv:2, column 1 (counted from 1): the validation data has the label \"B\", which the "
      "training data has not; did you mean \"b\"?");
  EXPECT_EQ(
      further("7,1\n").error().message(),
      "v.csv:1, column 1 (counted from 1): the validation data has the label \"7\", which the "
      "training data has not");
}

}  // namespace
}  // namespace ringmaker::train
