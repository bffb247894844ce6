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

OutputSelection as_bytes(OutputSelection selection, std::initializer_list<size_t> places) {
  for (const size_t place : places) {
    selection.give_as_bytes(place);
  }
  return selection;
}

/// In portions of `step` rows.
std::string encoded(const TensorEncoder& encoder, const std::vector<float>& scores, size_t columns,
                    size_t step = SIZE_MAX) {
  const size_t rows = scores.size() / columns;
  const data::DenseView view{scores.data(), rows, columns};
  TensorSizes sizes;
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
                      .opening = R"("model_name":"m","id":"7",)",
                      .sizes = &sizes},
                     out);
    }
  }
  EXPECT_LE(out.size(), encoder.bytes_max(rows));
  // Whether there are bytes behind the JSON or not, it ends where it says.
  const auto json_bytes = encoder.json_bytes(
      {.rows_total = rows, .opening = R"("model_name":"m","id":"7",)", .sizes = &sizes});
  EXPECT_EQ(
      out.substr(0, json_bytes.value_or(out.size())).substr(json_bytes.value_or(out.size()) - 3),
      "}]}");
  return out;
}

TEST(TensorEncoder, OneTensorAnOutputWhateverThePortions) {
  const auto output = output_of(data::Task::kBinary, {"0", "1"}, true);
  const TensorEncoder encoder(output, native_outputs(output));
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
  const TensorEncoder encoder(output, native_outputs(output));
  EXPECT_EQ(encoded(encoder, {0.25F, 0.75F}, 2),
            R"({"model_name":"m","id":"7","outputs":[)"
            R"({"name":"probabilities","shape":[1,2],"datatype":"FP32","data":[0.25,0.75]},)"
            R"({"name":"predicted_label","shape":[1],"datatype":"BYTES","data":["green"]}]})");
}

TEST(TensorEncoder, ValuesMayFollowTheJsonAsBytes) {
  const auto output = output_of(data::Task::kBinary, {"3", "8"}, true);
  const TensorEncoder encoder(output, as_bytes(native_outputs(output), {0, 1}));
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

TEST(TensorEncoder, TextsAmongBytesHaveTheirLengthsBeforeThem) {
  const auto output = output_of(data::Task::kMulticlass, {"red", "grün", ""}, false);
  const TensorEncoder encoder(output,
                              as_bytes(OutputSelection::parse("predicted_label").value(), {0}));
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> scores = {0, 1, 0, 1, 0, 0, 0, 0, 1, kNan, kNan, kNan};
  const std::string expected =
      R"({"model_name":"m","id":"7","outputs":[{"name":"predicted_label","shape":[4],)"
      R"("datatype":"BYTES","parameters":{"binary_data_size":24}}]})" +
      std::string("\5\0\0\0grün\3\0\0\0red\0\0\0\0\0\0\0\0", 24);
  for (const size_t step : {size_t{1}, size_t{3}, SIZE_MAX}) {
    EXPECT_EQ(encoded(encoder, scores, 3, step), expected) << step;
  }
  EXPECT_EQ(encoder.content_type(), "application/octet-stream");
}

TEST(TensorEncoder, EachOutputMayBeBytesOrNot) {
  const auto output = output_of(data::Task::kBinary, {"no", "yes"}, false);
  const auto selection = OutputSelection::parse("labels,probability,predicted_label").value();
  const auto head = [](const char* name, const char* shape, const char* datatype) {
    return std::string(R"({"name":")") + name + R"(","shape":)" + shape + R"(,"datatype":")" +
           datatype + R"(",)";
  };
  const auto size = [](const char* bytes) {
    return std::string(R"("parameters":{"binary_data_size":)") + bytes + "}}";
  };
  const std::string labels = head("labels", "[2,2]", "BYTES");
  const std::string probability = head("probability", "[2]", "FP32");
  const std::string predicted = head("predicted_label", "[2]", "BYTES");
  const std::string opening = R"({"model_name":"m","id":"7","outputs":[)";
  const std::string both("\2\0\0\0no\3\0\0\0yes", 13);
  std::string numbers(8, '\0');
  wire::store_little_endian(numbers.data(), 0.25F);
  wire::store_little_endian(numbers.data() + 4, 0.75F);
  const std::string labels_json = R"("data":["no","yes","no","yes"]})";
  const std::string predicted_json = R"("data":["no","yes"]})";
  struct Case {
    std::initializer_list<size_t> places;
    std::string expected;
  };
  for (const Case& c : {
           Case{{0},
                labels + size("26") + "," + probability + R"("data":[0.25,0.75]},)" + predicted +
                    predicted_json + "]}" + both + both},
           Case{{1},
                labels + labels_json + "," + probability + size("8") + "," + predicted +
                    predicted_json + "]}" + numbers},
           Case{{1, 2},
                labels + labels_json + "," + probability + size("8") + "," + predicted +
                    size("13") + "]}" + numbers + both},
           Case{{0, 1, 2},
                labels + size("26") + "," + probability + size("8") + "," + predicted + size("13") +
                    "]}" + both + both + numbers + both},
       }) {
    const TensorEncoder encoder(output, as_bytes(selection, c.places));
    for (const size_t step : {size_t{1}, SIZE_MAX}) {
      EXPECT_EQ(encoded(encoder, {0.25F, 0.75F}, 1, step), opening + c.expected);
    }
  }
}

TEST(TensorEncoder, ContributionsToSeveralMarginsHaveThreeDimensions) {
  data::OutputSchema output{.value_names = {"x", "y"},
                            .explanation = {.margins = 2, .contributions_each = 2, .leaves = 3}};
  const TensorEncoder encoder(output, OutputSelection::parse("contributions").value());
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
