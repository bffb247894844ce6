// What classes are called: by name, by number, by index.
#include "codec/class_labels.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ringmaker::codec {
namespace {

TEST(ClassLabels, NamesThatAreNumbersAreNumbers) {
  const ClassLabels labels({.task = data::Task::kMulticlass, .class_names = {"+5", "6.", "7"}});
  EXPECT_EQ(labels.text(0), "+5");
  EXPECT_EQ(labels.json(0), "5");
  EXPECT_EQ(labels.json(1), "6");
  EXPECT_EQ(labels.number(2), 7);
}

TEST(ClassLabels, OtherNamesAreTextsAndCountByTheirIndex) {
  const ClassLabels labels(
      {.task = data::Task::kBinary, .class_names = {"no", "\"1\""}, .numeric_classes = false});
  EXPECT_EQ(labels.count(), 2U);
  EXPECT_EQ(labels.json(1), R"("\"1\"")");
  EXPECT_EQ(labels.number(1), 1);
  EXPECT_GE(labels.bytes_max(), labels.json(1).size());
}

TEST(ClassLabels, ClassesWithoutNamesAreCalledByTheirIndex) {
  const ClassLabels labels({.task = data::Task::kBinary});
  EXPECT_EQ(labels.count(), 2U);
  EXPECT_EQ(labels.text(1), "1");
  EXPECT_EQ(labels.json(1), "1");
  EXPECT_EQ(ClassLabels({}).count(), 0U) << "a regression has none";
}

TEST(ClassLabels, NoClassIsNull) {
  const ClassLabels labels({.task = data::Task::kBinary});
  EXPECT_EQ(labels.json(std::nullopt), "null");
  EXPECT_TRUE(std::isnan(labels.number(std::nullopt)));
}

}  // namespace
}  // namespace ringmaker::codec
