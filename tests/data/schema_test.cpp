// What rows and scores are.
#include "data/schema.h"

#include <gtest/gtest.h>

namespace ringmaker::data {
namespace {

TEST(Schema, OneScoreARowButForManyClasses) {
  EXPECT_EQ(OutputSchema{}.score_columns(), 1U);
  EXPECT_EQ((OutputSchema{.task = Task::kBinary, .class_names = {"0", "1"}}.score_columns()), 1U);
  EXPECT_EQ(
      (OutputSchema{.task = Task::kMulticlass, .class_names = {"a", "b", "c"}}.score_columns()),
      3U);
}

TEST(Schema, EachTaskHasItsName) {
  EXPECT_EQ(name(Task::kRegression), "regression");
  EXPECT_EQ(name(Task::kBinary), "binary");
  EXPECT_EQ(name(Task::kMulticlass), "multiclass");
}

}  // namespace
}  // namespace ringmaker::data
