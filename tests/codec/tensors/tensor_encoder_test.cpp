#include "codec/tensors/tensor_encoder.h"

#include "wire/little_endian.h"

#include <gtest/gtest.h>

#include <limits>
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

/// In portions of `step` rows.
std::string encoded(const TensorEncoder& encoder, const std::vector<float>& scores, size_t columns,
                    size_t step = SIZE_MAX) {
  const size_t rows = scores.size() / columns;
  const data::DenseView view{scores.data(), rows, columns};
  std::string out;
  for (size_t pass = 0; pass < encoder.passes(); ++pass) {
    for (size_t at = 0; at < rows; at += std::min(step, rows)) {
      const size_t count = std::min(step, rows - at);
      encoder.encode(view.slice(at, count),
                     {.first = at == 0,
                      .last = at + count == rows,
                      .rows_total = rows,
                      .raw = view.slice(at, count),
                      .pass = pass,
                      .opening = R"("model_name":"m","id":"7",)"},
                     out);
    }
  }
  EXPECT_LE(out.size(), encoder.bytes_max(rows));
  return out;
}

TEST(TensorEncoder, OneTensorAnOutputWhateverThePortions) {
  const auto output = output_of(data::Task::kBinary, {"0", "1"}, true);
  const TensorEncoder encoder(output, native_outputs(output), false);
  const std::string expected =
      R"({"model_name":"m","id":"7","outputs":[)"
      R"({"name":"probability","shape":[3],"datatype":"FP32","data":[0.25,0.75,null]},)"
      R"({"name":"predicted_label","shape":[3],"datatype":"INT64","data":[0,1,null]}]})";
  const std::vector<float> scores = {0.25F, 0.75F, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(encoded(encoder, scores, 1), expected);
  EXPECT_EQ(encoded(encoder, scores, 1, 1), expected);
  EXPECT_EQ(encoded(encoder, scores, 1, 2), expected);
}

TEST(TensorEncoder, ListsHaveAColumnAClassAndTextsAreBytes) {
  const auto output = output_of(data::Task::kMulticlass, {"red", "green"}, false);
  const TensorEncoder encoder(output, native_outputs(output), false);
  EXPECT_EQ(encoded(encoder, {0.25F, 0.75F}, 2),
            R"({"model_name":"m","id":"7","outputs":[)"
            R"({"name":"probabilities","shape":[1,2],"datatype":"FP32","data":[0.25,0.75]},)"
            R"({"name":"predicted_label","shape":[1],"datatype":"BYTES","data":["green"]}]})");
}

TEST(TensorEncoder, ValuesMayFollowTheJsonAsBytes) {
  const auto output = output_of(data::Task::kBinary, {"3", "8"}, true);
  const TensorEncoder encoder(output, native_outputs(output), true);
  const std::string json =
      R"({"model_name":"m","id":"7","outputs":[)"
      R"({"name":"probability","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}},)"
      R"({"name":"predicted_label","shape":[2],"datatype":"INT64",)"
      R"("parameters":{"binary_data_size":16}}]})";
  const std::string out = encoded(encoder, {0.25F, 0.75F}, 1, 1);
  ASSERT_EQ(out.size(), json.size() + 24);
  EXPECT_EQ(out.substr(0, json.size()), json);
  EXPECT_EQ(encoder.json_bytes({.rows_total = 2, .opening = R"("model_name":"m","id":"7",)"}),
            json.size());
  EXPECT_EQ(wire::load_little_endian<float>(out.data() + json.size() + 4), 0.75F);
  EXPECT_EQ(wire::load_little_endian<int64_t>(out.data() + json.size() + 16), 8);
  EXPECT_EQ(encoder.content_type(), "application/octet-stream");
}

TEST(TensorEncoder, ContributionsToSeveralMarginsHaveThreeDimensions) {
  data::OutputSchema output{.value_names = {"x", "y"},
                            .explanation = {.margins = 2, .contributions_each = 2, .leaves = 3}};
  const TensorEncoder encoder(output, OutputSelection::parse("contributions").value(), false);
  const std::vector<float> values{1, 2, 3, 4};
  std::string out;
  encoder.encode({values.data(), 1, 2}, {.rows_total = 1, .contributions = {values.data(), 1, 4}},
                 out);
  EXPECT_EQ(out, R"({"outputs":[{"name":"contributions","shape":[1,2,2],"datatype":"FP32",)"
                 R"("data":[1,2,3,4]}]})");
}

TEST(TensorEncoder, TheDatatypeOfLabelsFollowsTheirNames) {
  const auto label = [](std::vector<std::string> names, bool numeric) {
    return tensor_datatype(output_of(data::Task::kBinary, std::move(names), numeric),
                           OutputField::kPredictedLabel);
  };
  EXPECT_EQ(label({"0", "1"}, true), "INT64");
  EXPECT_EQ(label({"0.5", "1"}, true), "FP64");
  EXPECT_EQ(label({"no", "yes"}, false), "BYTES");
}

TEST(TensorEncoder, WhatAModelAnswersByItself) {
  data::OutputSchema output;
  EXPECT_EQ(native_outputs(output).fields().front(), OutputField::kPredictedScore);
  output = output_of(data::Task::kBinary, {"0", "1"}, true);
  output.margin = true;
  EXPECT_TRUE(native_outputs(output).check(output));
  EXPECT_TRUE(native_outputs(output).wants_raw());
  output = output_of(data::Task::kMulticlass, {"0", "1", "2"}, true);
  output.class_index = true;
  EXPECT_TRUE(native_outputs(output).check(output));
  EXPECT_EQ(native_outputs(output).fields().size(), 1U);
}

}  // namespace
}  // namespace ringmaker::codec
