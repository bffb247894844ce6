#include "train/dataset/inferred_task.h"

#include "tests/train/reader/table_files.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

InferredTask inferred(const std::string& text, const std::string& label = {}) {
  CsvOptions options;
  options.label = label;
  return infer_task(TableFiles().add("a.csv", text).read(options).value());
}

/// Rows whose labels are `count` different numbers, `times` each.
std::string rows(int count, int times, double step = 1) {
  std::string text = "y,a\n";
  for (int i = 0; i < count * times; ++i) {
    text += fmt::format("{},1\n", (i % count) * step);
  }
  return text;
}

TEST(InferredTask, WholeNumbersAreClassesUpToTwenty) {
  EXPECT_EQ(inferred(rows(2, 2)).task, data::Task::kBinary);
  EXPECT_EQ(inferred(rows(3, 2)).task, data::Task::kMulticlass);
  EXPECT_EQ(inferred(rows(20, 2)).task, data::Task::kMulticlass);
  EXPECT_EQ(inferred(rows(21, 2)).task, data::Task::kRegression);
  EXPECT_EQ(inferred(rows(18, 2)).reason,
            "18 different whole numbers as labels: taken for classes; predictor_type=regressor "
            "predicts numbers");
  EXPECT_EQ(inferred(rows(21, 2)).reason,
            "more than 20 different numbers as labels: numbers are predicted; "
            "predictor_type=multiclass_classifier takes whole ones for classes");
}

TEST(InferredTask, FractionsAreNumbersToPredict) {
  EXPECT_EQ(inferred(rows(3, 2, 0.5)).task, data::Task::kRegression);
  EXPECT_EQ(inferred(rows(3, 2, 0.5)).reason,
            "labels that are not all whole (0.5, for one): numbers are predicted; "
            "predictor_type=multiclass_classifier takes them for classes");
  EXPECT_EQ(inferred(rows(30, 2, 0.5)).reason,
            "labels that are not all whole (0.5, for one): numbers are predicted");
}

TEST(InferredTask, TextsAreClassesHoweverMany) {
  EXPECT_EQ(inferred("y,a\nyes,1\nno,2\n").task, data::Task::kBinary);
  EXPECT_EQ(inferred("y,a\nyes,1\nno,2\n").reason,
            "2 different texts as labels: taken for classes");
  EXPECT_EQ(inferred("y,a\nyes,1\nno,2\n7,2\n").task, data::Task::kMulticlass);
}

TEST(InferredTask, ClassesOfFewerThanTwoRowsOnAverageAreDoubtful) {
  const std::string months = "month,sales\njan,1\nfeb,2\nmar,3\napr,4\n";
  EXPECT_TRUE(inferred(months).doubtful);
  EXPECT_EQ(inferred(months).reason,
            "4 different texts as labels of 4 rows: taken for classes, though each has fewer "
            "than two rows on average; label=COLUMN takes another column for the label");
  EXPECT_EQ(inferred("week,sales\n1,4\n2,5\n3,7\n4,9\n", "sales").reason,
            "4 different whole numbers as labels of 4 rows: taken for classes, though each has "
            "fewer than two rows on average; predictor_type=regressor predicts numbers");
  EXPECT_TRUE(inferred("y,a\n1,4\n2,5\n3,7\n1,9\n2,3\n").doubtful) << "3 of 5 rows";
  EXPECT_FALSE(inferred("y,a\n1,4\n2,5\n3,7\n1,9\n2,3\n1,2\n").doubtful) << "3 of 6 rows";
  EXPECT_FALSE(inferred(rows(20, 2)).doubtful);
  EXPECT_FALSE(inferred(rows(2, 1)).doubtful) << "two rows show no more than that they differ";
  EXPECT_FALSE(inferred(rows(30, 1)).doubtful) << "numbers to predict differ";
}

}  // namespace
}  // namespace ringmaker::train
