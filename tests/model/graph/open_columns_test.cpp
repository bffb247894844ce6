#include "model/graph/open_columns.h"

#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

/// The columns of the one input of a graph; -1 where they stay open.
int64_t columns_of(const OnnxWriter& graph) {
  const auto file = read_onnx(bytes_of_text(graph.file()));
  EXPECT_TRUE(file) << file.error().message();
  const auto inputs = settle_open_columns(file->graph);
  EXPECT_EQ(inputs.size(), 1U);
  return inputs.at(0).dims.at(1);
}

OnnxWriter open_input() {
  OnnxWriter graph;
  graph.input("x", kOnnxFloat, {-1, -1});
  return graph;
}

OnnxTensor weights(int64_t rows, int64_t columns) {
  return {{rows, columns}, std::vector<float>(static_cast<size_t>(rows * columns), 1)};
}

TEST(OpenColumns, WeightsTellThem) {
  EXPECT_EQ(columns_of(open_input().constant("w", weights(4, 3)).node("MatMul", {"x", "w"}, {"y"})),
            4);
  EXPECT_EQ(columns_of(open_input().constant("w", weights(4, 3)).node("Gemm", {"x", "w"}, {"y"})),
            4);
  EXPECT_EQ(columns_of(open_input()
                           .constant("w", weights(4, 3))
                           .node("Gemm", {"x", "w"}, {"y"}, {{"transB", int64_t{1}}})),
            3);
  EXPECT_EQ(columns_of(open_input().constant("w", weights(4, 3)).node("MatMul", {"w", "x"}, {"y"})),
            -1);
}

TEST(OpenColumns, AttributesTellThem) {
  const auto told_by = [](const std::string& op, const OnnxAttributes& attributes) {
    return columns_of(open_input().node("ai.onnx.ml:" + op, {"x"}, {"y"}, attributes));
  };
  const std::vector<float> six(6, 1);
  EXPECT_EQ(told_by("LinearClassifier",
                    {{"coefficients", six}, {"intercepts", std::vector<float>(2, 0)}}),
            3);
  EXPECT_EQ(told_by("LinearRegressor", {{"coefficients", six}, {"targets", int64_t{2}}}), 3);
  EXPECT_EQ(told_by("SVMRegressor", {{"support_vectors", six}, {"n_supports", int64_t{3}}}), 2);
  EXPECT_EQ(told_by("Scaler", {{"offset", six}, {"scale", six}}), 6);
  EXPECT_EQ(told_by("Imputer", {{"imputed_value_floats", six}}), 6);
  EXPECT_EQ(told_by("Scaler", {{"offset", std::vector<float>{1}}}), -1) << "one for all columns";
  EXPECT_EQ(told_by("Normalizer", {}), -1);
}

TEST(OpenColumns, StepsThatKeepThemAreLookedThrough) {
  OnnxWriter graph = open_input();
  graph.node("Cast", {"x"}, {"a"}, {{"to", int64_t{1}}})
      .node("ai.onnx.ml:Normalizer", {"a"}, {"b"})
      .constant("w", weights(5, 1))
      .node("MatMul", {"b", "w"}, {"y"});
  EXPECT_EQ(columns_of(graph), 5);
}

TEST(OpenColumns, WhatTwoNodesTellDifferentlyStaysOpen) {
  OnnxWriter graph = open_input();
  graph.constant("w", weights(5, 1))
      .node("MatMul", {"x", "w"}, {"y"})
      .node("ai.onnx.ml:Scaler", {"x"}, {"z"}, {{"offset", std::vector<float>(4, 0)}});
  EXPECT_EQ(columns_of(graph), -1);
}

TEST(OpenColumns, AModelOfSuchAnInputAnswers) {
  OnnxWriter graph = open_input();
  graph.constant("w", weights(3, 1)).node("MatMul", {"x", "w"}, {"y"}).output("y");
  EXPECT_EQ(outputs_of_file(graph.file(), {1, 2, 3}), std::vector<float>{6});
  OnnxWriter untold = open_input();
  untold.node("Relu", {"x"}, {"y"}).output("y");
  EXPECT_THAT(error_of(untold.file()),
              testing::HasSubstr("has an open dimension behind the first"));
}

}  // namespace
}  // namespace ringmaker::model
