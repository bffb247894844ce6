#include "codec/json/json_row_writer.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

std::string written(const data::OutputSchema& output, const std::vector<float>& scores) {
  const JsonRowWriter writer(output);
  std::string out;
  writer.append(scores.data(), out);
  EXPECT_LE(out.size(), writer.bytes_max());
  return out;
}

TEST(JsonRowWriter, EachTaskHasItsShape) {
  EXPECT_EQ(written({}, {0.4F}), R"({"score":0.4})");
  EXPECT_EQ(
      written({.task = data::Task::kBinary, .class_names = {"no", "yes"}, .numeric_classes = false},
              {0.9F}),
      R"({"score":0.9,"predicted_label":"yes"})");
  EXPECT_EQ(written({.task = data::Task::kMulticlass, .class_names = {"1", "2", "3"}},
                    {0.1F, 0.7F, 0.2F}),
            R"({"score":[0.1,0.7,0.2],"predicted_label":2})");
}

TEST(JsonRowWriter, AModelOfXgboostHasTheScoreAlone) {
  EXPECT_EQ(
      written({.task = data::Task::kBinary, .class_names = {"0", "1"}, .labels_with_scores = false},
              {0.4F}),
      R"({"score":0.4})");
  EXPECT_EQ(written({.task = data::Task::kMulticlass,
                     .class_names = {"0", "1", "2"},
                     .labels_with_scores = false},
                    {0.1F, 0.7F, 0.2F}),
            R"({"score":[0.1,0.7,0.2]})");
  EXPECT_EQ(written({.task = data::Task::kMulticlass,
                     .class_names = {"0", "1", "2"},
                     .class_index = true,
                     .labels_with_scores = false},
                    {2}),
            R"({"score":2})");
}

TEST(JsonRowWriter, WhatIsNoNumberIsNullAndSoIsItsLabel) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(written({}, {nan}), R"({"score":null})");
  EXPECT_EQ(written({.task = data::Task::kBinary, .class_names = {"0", "1"}}, {nan}),
            R"({"score":null,"predicted_label":null})");
}

TEST(JsonRowWriter, TheValuesOfKMeansHaveTheirNames) {
  EXPECT_EQ(
      written({.value_names = {"closest_cluster", "distance_to_cluster"}, .values_by_name = true},
              {1, 3.5F}),
      R"({"closest_cluster":1,"distance_to_cluster":3.5})");
  EXPECT_EQ(written({.value_names = {"low", "high"}}, {1, 3.5F}), R"({"score":[1,3.5]})")
      << "several values of one kind";
}

}  // namespace
}  // namespace ringmaker::codec
