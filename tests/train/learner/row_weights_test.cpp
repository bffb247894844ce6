#include "train/learner/row_weights.h"

#include "tests/train/learner/learner_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringmaker::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Dataset labelled(std::vector<double> labels, size_t classes) {
  Dataset dataset = random_rows(labels.size(), 1, 1);
  dataset.labels = std::move(labels);
  dataset.output.task = classes == 2 ? data::Task::kBinary : data::Task::kMulticlass;
  for (size_t k = 0; k < classes; ++k) {
    dataset.output.class_names.push_back(fmt::format("{}", k));
  }
  return dataset;
}

TEST(RowWeights, EveryRowCountsTheSameUnlessAsked) {
  EXPECT_THAT(row_weights(labelled({0, 1, 1}, 2), {}), IsEmpty());
  EXPECT_THAT(row_weights(labelled({0, 1, 1}, 2), {.balanced = true}), IsEmpty());
  EXPECT_THAT(row_weights(labelled({0, 1, 2}, 3), {.positive = 4}), IsEmpty());
}

TEST(RowWeights, PositivesCountMore) {
  EXPECT_THAT(row_weights(labelled({0, 1, 1}, 2), {.positive = 4}), ElementsAre(1, 4, 4));
}

TEST(RowWeights, BalancedClassesCountTheSameTogether) {
  EXPECT_THAT(row_weights(labelled({0, 0, 0, 1}, 2), {.positive = -1}),
              ElementsAre(2.0F / 3, 2.0F / 3, 2.0F / 3, 2));
  EXPECT_THAT(row_weights(labelled({0, 0, 1, 2, 2, 2}, 3), {.balanced = true}),
              ElementsAre(1, 1, 2, 2.0F / 3, 2.0F / 3, 2.0F / 3));
}

TEST(RowWeights, MultiplyTheRowsOwn) {
  Dataset dataset = labelled({0, 1}, 2);
  dataset.weights = {3, 5};
  EXPECT_THAT(row_weights(dataset, {}), ElementsAre(3, 5));
  EXPECT_THAT(row_weights(dataset, {.positive = 2}), ElementsAre(3, 10));
}

TEST(CheckWeights, SomeRowOfEveryClassCounts) {
  Dataset dataset = labelled({0, 1, 1}, 2);
  EXPECT_TRUE(check_weights(dataset, "train", true)) << "every row counts 1";
  dataset.output.class_names = {"no", "yes"};
  dataset.weights = {1, 0, 1};
  EXPECT_TRUE(check_weights(dataset, "train", true));
  dataset.weights = {1, 0, 0};
  EXPECT_THAT(check_weights(dataset, "train", true).error().message(),
              HasSubstr("every row of the train data with the label \"yes\" weighs 0"));
  EXPECT_TRUE(check_weights(dataset, "validation", false));
  dataset.weights = {0, 0, 0};
  EXPECT_EQ(check_weights(dataset, "validation", false).error().message(),
            "all 3 weights of the validation data are 0: no row counts");
}

TEST(CheckWeights, LabelsThatAreValuesAreNoClasses) {
  Dataset dataset = labelled({-7.5, 1e9}, 0);
  dataset.output.task = data::Task::kRegression;
  dataset.weights = {0, 1};
  EXPECT_TRUE(check_weights(dataset, "train", true));
  dataset.weights = {0, 0};
  EXPECT_FALSE(check_weights(dataset, "train", true));
}

}  // namespace
}  // namespace ringmaker::train
