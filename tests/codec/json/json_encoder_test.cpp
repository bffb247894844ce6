#include "codec/json/json_encoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace ringmaker::codec {
namespace {

data::OutputSchema output_of(data::Task task, std::vector<std::string> classes, bool numeric) {
  data::OutputSchema output;
  output.task = task;
  output.class_names = std::move(classes);
  output.numeric_classes = numeric;
  return output;
}

std::string encoded(const data::OutputSchema& output, const std::vector<float>& scores) {
  const JsonEncoder encoder(output);
  const size_t columns = output.score_columns();
  std::string out;
  encoder.encode({scores.data(), scores.size() / columns, columns}, {}, out);
  EXPECT_LE(out.size(), encoder.bytes_max(scores.size() / columns));
  return out;
}

TEST(JsonEncoder, RegressionAnswersScores) {
  EXPECT_EQ(encoded({}, {0.4F, -2}), R"({"predictions":[{"score":0.4},{"score":-2}]})");
}

TEST(JsonEncoder, BinaryAnswersScoreAndLabel) {
  EXPECT_EQ(encoded(output_of(data::Task::kBinary, {"0", "1"}, true), {0.4F, 0.5F, 0.75F}),
            R"({"predictions":[{"score":0.4,"predicted_label":0},)"
            R"({"score":0.5,"predicted_label":0},{"score":0.75,"predicted_label":1}]})");
  EXPECT_EQ(encoded(output_of(data::Task::kBinary, {"no", "y\"es"}, false), {0.75F}),
            R"({"predictions":[{"score":0.75,"predicted_label":"y\"es"}]})");
}

TEST(JsonEncoder, BinaryHonoursTheThreshold) {
  data::OutputSchema output = output_of(data::Task::kBinary, {"0", "1"}, true);
  output.threshold = 0.8F;
  EXPECT_EQ(encoded(output, {0.75F}), R"({"predictions":[{"score":0.75,"predicted_label":0}]})");
}

TEST(JsonEncoder, MulticlassAnswersProbabilitiesAndTheLikeliestClass) {
  EXPECT_EQ(encoded(output_of(data::Task::kMulticlass, {"1", "2", "3"}, true), {0.1F, 0.7F, 0.2F}),
            R"({"predictions":[{"score":[0.1,0.7,0.2],"predicted_label":2}]})");
  EXPECT_EQ(
      encoded(output_of(data::Task::kMulticlass, {"setosa", "versicolor"}, false), {0.5F, 0.5F}),
      R"({"predictions":[{"score":[0.5,0.5],"predicted_label":"setosa"}]})");
}

TEST(JsonEncoder, NumericLabelsAreAlwaysJsonNumbers) {
  EXPECT_EQ(encoded(output_of(data::Task::kBinary, {"+1", "2."}, true), {0, 1}),
            R"({"predictions":[{"score":0,"predicted_label":1},{"score":1,"predicted_label":2}]})");
}

TEST(JsonEncoder, SeveralValuesAreAListAndAClassIndexIsNone) {
  EXPECT_EQ(encoded({.value_names = {"low", "high"}}, {1.5F, 2}),
            R"({"predictions":[{"score":[1.5,2]}]})");
  data::OutputSchema output = output_of(data::Task::kMulticlass, {"0", "1", "2"}, true);
  output.class_index = true;
  EXPECT_EQ(encoded(output, {2}), R"({"predictions":[{"score":2,"predicted_label":2}]})");
}

TEST(JsonEncoder, NotFiniteScoresAreNull) {
  EXPECT_EQ(encoded({}, {NAN, INFINITY}), R"({"predictions":[{"score":null},{"score":null}]})");
  EXPECT_EQ(encoded(output_of(data::Task::kBinary, {"0", "1"}, true), {NAN}),
            R"({"predictions":[{"score":null,"predicted_label":null}]})");
  EXPECT_EQ(encoded(output_of(data::Task::kMulticlass, {"0", "1"}, true), {NAN, 1}),
            R"({"predictions":[{"score":[null,1],"predicted_label":null}]})");
}

TEST(JsonEncoder, MarginsHaveTheClassOfTheirSign) {
  data::OutputSchema output = output_of(data::Task::kBinary, {"no", "yes"}, false);
  output.margin = true;
  output.threshold = 0;
  EXPECT_EQ(encoded(output, {-2.5F, 0, 17, INFINITY, NAN}),
            R"({"predictions":[{"score":-2.5,"predicted_label":"no"},)"
            R"({"score":0,"predicted_label":"no"},{"score":17,"predicted_label":"yes"},)"
            R"({"score":null,"predicted_label":"yes"},{"score":null,"predicted_label":null}]})");
}

TEST(JsonEncoder, SlicesMakeOneDocument) {
  const data::OutputSchema output;
  const JsonEncoder encoder(output);
  const std::vector<float> scores = {1, 2, 3};
  std::string out;
  encoder.encode({scores.data(), 1, 1}, {.first = true, .last = false}, out);
  encoder.encode({scores.data() + 1, 2, 1}, {.first = false, .last = false}, out);
  encoder.encode({scores.data(), 0, 1}, {.first = false, .last = true}, out);
  EXPECT_EQ(out, encoded(output, scores));
}

}  // namespace
}  // namespace ringmaker::codec
