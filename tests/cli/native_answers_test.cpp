#include "cli/native_answers.h"

#include "model/import/onnx/onnx_model.h"
#include "tests/model/tree/tree_test_support.h"
#include "tests/support/onnx_writer.h"

#include <gtest/gtest.h>

#include <array>

namespace ringmaker::cli {
namespace {

model::Model exponential_trees() {
  model::Model model = model::model_of(model::small_trees());
  std::get<model::TreeParameters>(model.parameters).link = model::Link::kExponential;
  std::get<model::TreeParameters>(model.parameters).ensemble.base_values = {-100.25};
  return model;
}

std::string answers(const model::Model& model, std::string_view list) {
  const auto predictor = model::compile(model, base::InstructionSet::kPortable).value();
  const auto native = NativeAnswers::make(model, *predictor, list);
  if (!native) {
    return native.error().message();
  }
  const std::array<float, 4> rows{0, 3, 9, 9};
  std::string text = native->header() + "\n";
  native->append({rows.data(), 2, 2}, text);
  return text;
}

TEST(NativeAnswers, AreTheLibrarysOwn) {
  EXPECT_EQ(answers(exponential_trees(), "raw_score, leaf"),
            "raw_score,leaf_0,leaf_1\n-89.75,3,0\n-69.75,2,0\n");
  EXPECT_EQ(answers(model::model_of(model::small_trees()), "native"), "native\n110.5\n130.5\n");
}

TEST(NativeAnswers, ContributionsAreNamedByTheirFeatures) {
  model::Model one = model::model_of(model::small_trees());
  one.schema.feature_names = {"age", "a, b"};
  const std::string text = answers(one, "contributions,raw_score");
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "contributions_age,\"contributions_a, b\",contributions_bias,raw_score");
  model::Model two = one;
  auto& trees = std::get<model::TreeParameters>(two.parameters).ensemble;
  trees.outputs = 2;
  trees.base_values = {0, 7};
  trees.trees[1].output = 1;
  two.output.value_names = {"x", "y"};
  EXPECT_EQ(answers(two, "contributions")
                .find("contributions_0_age,\"contributions_0_a, b\",contributions_0_bias,"
                      "contributions_1_age,\"contributions_1_a, b\",contributions_1_bias\n"),
            0U);
}

TEST(NativeAnswers, NumbersTellEveryFloatApart) {
  model::Model model = model::model_of(model::small_trees());
  std::get<model::TreeParameters>(model.parameters).ensemble.base_values = {
      static_cast<double>(0.1F)};
  std::get<model::TreeParameters>(model.parameters).rounds = 0;
  EXPECT_EQ(answers(model, "native"), "native\n0.100000001\n0.100000001\n");
}

TEST(NativeAnswers, WhatTheModelHasNotIsRefused) {
  model::Model linear;
  linear.schema.feature_names = {"a", "b"};
  linear.parameters = model::LinearParameters{.weights = {1, 2}, .bias = {0}, .fill = {0, 0}};
  EXPECT_EQ(answers(linear, "leaf"), "--outputs: a linear model has no leaves");
  EXPECT_EQ(answers(linear, "contributions"),
            "contributions_a,contributions_b,contributions_bias\n0,6,0\n9,18,0\n");
  model::Model uncovered = model::model_of(model::small_trees());
  std::get<model::TreeParameters>(uncovered.parameters).ensemble.node_covers.clear();
  std::get<model::TreeParameters>(uncovered.parameters).ensemble.leaf_covers.clear();
  EXPECT_EQ(answers(uncovered, "contributions"),
            "--outputs: the model file does not tell how much of the training data came by each "
            "node, which contributions weigh by");
  EXPECT_EQ(answers(linear, "native,raw_score"), "native,raw_score\n6,6\n27,27\n");
  EXPECT_NE(answers(linear, "native,score").find("\"score\" does not go with"), std::string::npos);
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
  const auto predictor = model::compile(*model, base::InstructionSet::kPortable).value();
  const auto native = NativeAnswers::make(*model, *predictor, "native");
  ASSERT_TRUE(native) << native.error().message();
  const std::array<float, 2> rows{1, 2};
  std::string text = native->header() + "\n";
  native->append({rows.data(), 2, 1}, text);
  EXPECT_EQ(text,
            "number_0,text_0,flat_real\n7,\"x, \"\"y\"\"\",7\n1000000000000,none,"
            "9.99999996e+11\n");
  EXPECT_FALSE(NativeAnswers::make(*model, *predictor, "native,leaf"));
}

TEST(NativeAnswers, AreAskedForByTheirNames) {
  EXPECT_TRUE(NativeAnswers::asked_for("native"));
  EXPECT_TRUE(NativeAnswers::asked_for("raw_score, leaf"));
  EXPECT_FALSE(NativeAnswers::asked_for("score, leaf"));
  EXPECT_FALSE(NativeAnswers::asked_for("predicted_label,contributions"));
  EXPECT_TRUE(NativeAnswers::asked_for("raw_score,native"));
  EXPECT_TRUE(NativeAnswers::asked_for("raw_score,contributions"));
  EXPECT_FALSE(NativeAnswers::asked_for("raw_score"));
  EXPECT_FALSE(NativeAnswers::asked_for("predicted_label,raw_score"));
  EXPECT_FALSE(NativeAnswers::asked_for("score,predicted_label"));
  EXPECT_FALSE(NativeAnswers::asked_for(""));
}

}  // namespace
}  // namespace ringmaker::cli
