#include "cli/native_answers.h"

#include "model/import/onnx/onnx_model.h"
#include "tests/model/tree/tree_test_support.h"
#include "tests/support/onnx_writer.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <vector>

namespace ringmaker::cli {
namespace {

model::Model exponential_trees() {
  model::Model model = model::model_of(model::small_trees());
  std::get<model::TreeParameters>(model.parameters).link = model::Link::kExponential;
  std::get<model::TreeParameters>(model.parameters).ensemble.base_values = {-100.25};
  return model;
}

using Output = NativeAnswers::Output;

/// A header and a line for each of two rows, or why there is none.
std::string answers(const model::Model& model, const std::vector<Output>& outputs,
                    const std::array<float, 4>& rows = {0, 3, 9, 9}) {
  const auto predictor = model::compile(model, base::InstructionSet::kPortable).value();
  NativeAnswers native(model, *predictor);
  for (const Output output : outputs) {
    if (const auto added = native.add(output); !added) {
      return added.error().message();
    }
  }
  const size_t columns = model.schema.feature_count();
  native.take({rows.data(), 2, columns});
  std::string text;
  for (size_t at = 0; at < outputs.size(); ++at) {
    text += at == 0 ? "" : ",";
    native.append_header(at, text);
  }
  for (size_t row = 0; row < 2; ++row) {
    for (size_t at = 0; at < outputs.size(); ++at) {
      text += at == 0 ? "\n" : ",";
      native.append(at, row, text);
    }
  }
  return text + "\n";
}

/// Two models that answer as one, whose bases are those of `model` and 2 more.
model::Model average(const model::Model& model) {
  model::Model both = model;
  model::AverageParameters parameters{.members = {model, model}};
  std::get<model::TreeParameters>(parameters.members[1].parameters).ensemble.base_values[0] += 2;
  both.parameters = parameters;
  return both;
}

model::Model logistic_doubles() {
  model::Model model = model::model_of(model::small_trees());
  model.output = {.task = data::Task::kBinary, .class_names = {"0", "1"}};
  auto& trees = std::get<model::TreeParameters>(model.parameters);
  trees.link = model::Link::kLogistic;
  trees.ensemble.precision = model::Precision::kFloat64;
  trees.ensemble.base_values = {-10.4};
  return model;
}

TEST(NativeAnswers, AreTheLibrarysOwn) {
  EXPECT_EQ(answers(exponential_trees(), {Output::kRawScore, Output::kLeaf}),
            "raw_score,leaf_0,leaf_1\n-89.75,3,0\n-69.75,2,0\n");
  EXPECT_EQ(answers(model::model_of(model::small_trees()), {Output::kNative}),
            "native\n110.5\n130.5\n");
}

TEST(NativeAnswers, ContributionsAreNamedByTheirFeatures) {
  model::Model one = model::model_of(model::small_trees());
  one.schema.feature_names = {"age", "a, b"};
  const std::string text = answers(one, {Output::kContributions, Output::kRawScore});
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "contributions_age,\"contributions_a, b\",contributions_bias,raw_score");
  model::Model two = one;
  auto& trees = std::get<model::TreeParameters>(two.parameters).ensemble;
  trees.outputs = 2;
  trees.base_values = {0, 7};
  trees.trees[1].output = 1;
  two.output.value_names = {"x", "y"};
  EXPECT_EQ(answers(two, {Output::kContributions})
                .find("contributions_0_age,\"contributions_0_a, b\",contributions_0_bias,"
                      "contributions_1_age,\"contributions_1_a, b\",contributions_1_bias\n"),
            0U);
}

TEST(NativeAnswers, NumbersTellEveryFloatApart) {
  model::Model model = model::model_of(model::small_trees());
  std::get<model::TreeParameters>(model.parameters).ensemble.base_values = {
      static_cast<double>(0.1F)};
  std::get<model::TreeParameters>(model.parameters).rounds = 0;
  EXPECT_EQ(answers(model, {Output::kNative}), "native\n0.100000001\n0.100000001\n");
}

TEST(NativeAnswers, WhatTheModelHasNotIsRefused) {
  model::Model linear;
  linear.schema.feature_names = {"a", "b"};
  linear.parameters = model::LinearParameters{.weights = {1, 2}, .bias = {0}, .fill = {0, 0}};
  EXPECT_EQ(answers(linear, {Output::kLeaf}), "--outputs: a model of kind linear has no leaves");
  EXPECT_EQ(answers(linear, {Output::kContributions}),
            "contributions_a,contributions_b,contributions_bias\n0,6,0\n9,18,0\n");
  model::Model uncovered = model::model_of(model::small_trees());
  std::get<model::TreeParameters>(uncovered.parameters).ensemble.node_covers.clear();
  std::get<model::TreeParameters>(uncovered.parameters).ensemble.leaf_covers.clear();
  EXPECT_EQ(answers(uncovered, {Output::kContributions}),
            "--outputs: the model file does not tell how much of the training data came by each "
            "node, which contributions weigh by");
  EXPECT_EQ(answers(linear, {Output::kNative, Output::kRawScore}),
            "native,raw_score\n6,6\n27,27\n");
  EXPECT_EQ(NativeAnswers::names_of(linear.output),
            (std::vector<std::string>{"native", "raw_score"}))
      << "what explains is known of a compiled model";
}

TEST(NativeAnswers, OfAGraphAreItsOutputsInTheirOrder) {
  const std::string file =
      test::OnnxWriter()
          .input("s", test::kOnnxString, {-1, 1})
          .node("ai.onnx.ml:LabelEncoder", {"s"}, {"number"},
                {{"keys_strings", std::vector<std::string>{"a", "b"}},
                 {"values_int64s", std::vector<int64_t>{7, 1'000'000'000'000}}})
          .node("ai.onnx.ml:LabelEncoder", {"number"}, {"text"},
                {{"keys_int64s", std::vector<int64_t>{7}},
                 {"values_strings", std::vector<std::string>{"x, \"y\""}},
                 {"default_string", std::string("none")}})
          .node("Cast", {"number"}, {"real"}, {{"to", int64_t{1}}})
          .constant("flat", {.dims = {1}, .values = std::vector<int64_t>{-1}})
          .node("Reshape", {"real", "flat"}, {"flat_real"})
          .output("number", test::kOnnxInt64)
          .output("text", test::kOnnxString)
          .output("flat_real")
          .file();
  const auto model = model::import_onnx(std::as_bytes(std::span(file)));
  ASSERT_TRUE(model) << model.error().message();
  EXPECT_EQ(answers(*model, {Output::kNative}, {1, 2, 0, 0}),
            "number_0,text_0,flat_real\n7,\"x, \"\"y\"\"\",7\n1000000000000,none,"
            "9.99999996e+11\n");
  EXPECT_EQ(answers(*model, {Output::kLeaf}), "--outputs: a model of kind graph has no leaves");
}

TEST(NativeAnswers, RawScoresOfAGraphAreItsMarginsAlone) {
  const auto raw_scores = [](const std::string& transform) {
    const std::string file = test::OnnxWriter()
                                 .input("x", test::kOnnxFloat, {-1, 1})
                                 .node("ai.onnx.ml:LinearClassifier", {"x"}, {"label", "scores"},
                                       {{"coefficients", std::vector<float>{-1, 1}},
                                        {"intercepts", std::vector<float>{0, 0}},
                                        {"classlabels_ints", std::vector<int64_t>{0, 1}},
                                        {"post_transform", transform}})
                                 .output("label", test::kOnnxInt64)
                                 .output("scores")
                                 .file();
    const auto model = model::import_onnx(std::as_bytes(std::span(file)));
    return model ? answers(*model, {Output::kRawScore}, {2, -3}) : model.error().message();
  };
  EXPECT_EQ(raw_scores("NONE"), "raw_score\n2\n-3\n");
  EXPECT_EQ(raw_scores("SOFTMAX"), "--outputs: a model of kind graph has no raw scores");
}

TEST(NativeAnswers, HaveSeventeenDigitsWhereTheLibraryComputesInDouble) {
  EXPECT_EQ(answers(logistic_doubles(), {Output::kRawScore, Output::kNative}),
            "raw_score,native\n0.099999999999999645,0.5249791874789399\n"
            "20.100000000000001,0.99999999813499119\n");
}

TEST(NativeAnswers, OfSeveralModelsAreMeansInDoubleAndTheLeavesOfAll) {
  EXPECT_EQ(
      answers(average(logistic_doubles()), {Output::kRawScore, Output::kNative, Output::kLeaf}),
      "raw_score,native,leaf_0,leaf_1,leaf_2,leaf_3\n"
      "1.0999999999999996,0.70794118314166354,3,0,3,0\n"
      "21.100000000000001,0.99999999894129488,2,0,2,0\n");
}

TEST(NativeAnswers, OfAModelAndItsDoubleAreThoseOfTheModel) {
  model::Model twice = average(logistic_doubles());
  auto& members = std::get<model::AverageParameters>(twice.parameters).members;
  members[1] = members[0];
  const std::vector<Output> outputs{Output::kRawScore, Output::kNative, Output::kContributions};
  EXPECT_EQ(answers(twice, outputs), answers(logistic_doubles(), outputs));
}

TEST(NativeAnswers, WhatIsNoNumberHasNoSign) {
  model::Model linear;
  linear.schema.feature_names = {"a", "b"};
  linear.parameters = model::LinearParameters{.weights = {1, 1}, .bias = {0}, .fill = {0, 0}};
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::string text =
      answers(linear, {Output::kRawScore}, {kInfinity, -kInfinity, -kInfinity, kInfinity});
  EXPECT_EQ(text, "raw_score\nnan\nnan\n");
}

TEST(NativeAnswers, AreAskedForByTheirNames) {
  EXPECT_EQ(NativeAnswers::output_named("native"), Output::kNative);
  EXPECT_EQ(NativeAnswers::output_named("contributions"), Output::kContributions);
  EXPECT_FALSE(NativeAnswers::output_named("score"));
}

}  // namespace
}  // namespace ringmaker::cli
