#include "codec/recordio/recordio_encoder.h"

#include "tests/codec/recordio/recordio_payload.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

std::string entry(std::string_view name, const std::vector<float>& values) {
  return field(2, field(1, name) + field(2, field(2, packed_floats(1, values))));
}

std::string encoded(const data::OutputSchema& output, const std::vector<float>& scores) {
  const RecordioEncoder encoder(output);
  const size_t columns = output.score_columns();
  std::string out;
  encoder.encode({scores.data(), scores.size() / columns, columns}, {}, out);
  EXPECT_LE(out.size(), encoder.bytes_max(scores.size() / columns));
  return out;
}

TEST(RecordioEncoder, OneRecordARowWithItsResultsAsLabels) {
  EXPECT_EQ(encoded({}, {0.5F, 1.5F}),
            frame(entry("score", {0.5F})) + frame(entry("score", {1.5F})));
  EXPECT_EQ(encoded({.task = data::Task::kBinary, .class_names = {"0", "1"}}, {0.75F}),
            frame(entry("score", {0.75F}) + entry("predicted_label", {1})));
  EXPECT_EQ(encoded({.task = data::Task::kMulticlass, .class_names = {"5", "6", "7"}},
                    {0.1F, 0.2F, 0.7F}),
            frame(entry("score", {0.1F, 0.2F, 0.7F}) + entry("predicted_label", {7})));
}

TEST(RecordioEncoder, AModelOfXgboostHasTheScoreAlone) {
  EXPECT_EQ(
      encoded({.task = data::Task::kBinary, .class_names = {"0", "1"}, .labels_with_scores = false},
              {0.75F}),
      frame(entry("score", {0.75F})));
}

TEST(RecordioEncoder, ClassesWithoutNumbersAreCalledByTheirIndex) {
  EXPECT_EQ(
      encoded({.task = data::Task::kBinary, .class_names = {"no", "yes"}, .numeric_classes = false},
              {0.75F}),
      frame(entry("score", {0.75F}) + entry("predicted_label", {1})));
}

TEST(RecordioEncoder, TheValuesOfKMeansHaveTheirNames) {
  EXPECT_EQ(
      encoded({.value_names = {"closest_cluster", "distance_to_cluster"}, .values_by_name = true},
              {1, 3.5F}),
      frame(entry("closest_cluster", {1}) + entry("distance_to_cluster", {3.5F})));
}

}  // namespace
}  // namespace ringmaker::codec
