#include "cli/native_answers.h"

#include "tests/model/tree/tree_test_support.h"

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
  EXPECT_EQ(answers(linear, "native,raw_score"), "native,raw_score\n6,6\n27,27\n");
  EXPECT_NE(answers(linear, "native,score").find("\"score\" does not go with"), std::string::npos);
}

TEST(NativeAnswers, AreAskedForByTheirNames) {
  EXPECT_TRUE(NativeAnswers::asked_for("native"));
  EXPECT_TRUE(NativeAnswers::asked_for("score, leaf"));
  EXPECT_TRUE(NativeAnswers::asked_for("raw_score,native"));
  EXPECT_FALSE(NativeAnswers::asked_for("raw_score"));
  EXPECT_FALSE(NativeAnswers::asked_for("predicted_label,raw_score"));
  EXPECT_FALSE(NativeAnswers::asked_for("score,predicted_label"));
  EXPECT_FALSE(NativeAnswers::asked_for(""));
}

}  // namespace
}  // namespace ringmaker::cli
