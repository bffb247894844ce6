#include "tests/model/graph/graph_test_support.h"

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

TEST(Dense, GemmScalesTurnsAndAdds) {
  const OnnxAttributes attributes{{"alpha", 2.0F}, {"beta", 10.0F}, {"transB", int64_t{1}}};
  // y = 2 x w^T + 10 c
  EXPECT_THAT(answers_of("Gemm", {1, 2}, 2, attributes,
                         {floats({1, 2, 3, 4, 5, 6}, {3, 2}), floats({1, 0, -1})}),
              ElementsAre(20, 22, 24));
  EXPECT_THAT(answers_of("Gemm", {1, 2}, 2, {}, {floats({1, 2, 3, 4}, {2, 2})}),
              ElementsAre(7, 10));
}

TEST(Dense, MatMulTakesKnownMatricesAndVectors) {
  EXPECT_THAT(answers_of("MatMul", {1, 2, 3, 4}, 2, {}, {floats({1, 2, 3, 4}, {2, 2})}),
              ElementsAre(7, 10, 15, 22));
  EXPECT_THAT(answers_of("MatMul", {1, 2, 3, 4}, 2, {}, {floats({1, 10})}), ElementsAre(21, 43));
}

TEST(Dense, StacksOfMatricesAreMultipliedRowByRow) {
  const std::string file = OnnxWriter()
                               .input("x", kOnnxFloat, {-1, 4})
                               .constant("cube", integers({-1, 2, 2}))
                               .node("Reshape", {"x", "cube"}, {"c"})
                               .node("MatMul", {"c", "c"}, {"y"})
                               .output("y")
                               .file();
  EXPECT_THAT(outputs_of_file(file, {1, 2, 3, 4, 1, 0, 0, 2}),
              ElementsAre(7, 10, 15, 22, 1, 0, 0, 4));
}

TEST(Dense, ShapesThatDoNotFitAreRefused) {
  EXPECT_THAT(error_of(one_node("Gemm", 3, {}, {floats({1, 2, 3, 4}, {2, 2})})),
              HasSubstr("(Gemm): its inputs are [N, 3] and [2, 2]"));
  EXPECT_THAT(error_of(one_node("Gemm", 2, {{"transA", int64_t{1}}}, {floats({1}, {1, 1})})),
              HasSubstr("mixes rows"));
  EXPECT_THAT(error_of(one_node("Gemm", 2, {}, {floats({1, 2}, {2, 1}), floats({1, 2, 3})})),
              HasSubstr("its third input is [3], the product [N, 1]"));
  EXPECT_THAT(error_of(one_node("MatMul", 3, {}, {floats({1, 2}, {2, 1})})),
              HasSubstr("[N, 3] and [2, 1]"));
}

TEST(Dense, BatchNormalizationIsAFactorAndAnOffsetAColumn) {
  EXPECT_THAT(answers_of("BatchNormalization", {3, 5}, 2, {{"epsilon", 0.0F}},
                         {floats({2, 1}), floats({10, 0}), floats({1, 1}), floats({4, 16})}),
              ElementsAre(12, 1));
  EXPECT_THAT(error_of(one_node("BatchNormalization", 2, {},
                                {floats({1}), floats({1}), floats({1}), floats({1})})),
              HasSubstr("input 1 has 1 values, expected 2"));
}

OnnxAttributes classifier(std::vector<float> coefficients, std::vector<float> intercepts,
                          const std::string& transform) {
  return {{"coefficients", std::move(coefficients)},
          {"intercepts", std::move(intercepts)},
          {"classlabels_ints", std::vector<int64_t>{4, 9}},
          {"post_transform", transform}};
}

std::string of_two_outputs(const std::string& op, const OnnxAttributes& attributes) {
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 1})
      .node(op, {"x"}, {"label", "scores"}, attributes)
      .output("label", kOnnxInt64)
      .output("scores")
      .file();
}

TEST(Dense, ALinearClassifierNamesTheFirstLargestSum) {
  const auto answered = [](const OnnxAttributes& attributes) {
    return outputs_of_file(of_two_outputs("ai.onnx.ml:LinearClassifier", attributes), {1});
  };
  EXPECT_THAT(answered(classifier({1, 2}, {1, 0}, "NONE")), ElementsAre(4, 2, 2));
  EXPECT_THAT(answered(classifier({0, 0}, {-1, 1}, "LOGISTIC")),
              ElementsAre(9, FloatNear(0.268941F, 1e-6F), FloatNear(0.731059F, 1e-6F)));
  // One sum for two classes.
  EXPECT_THAT(answered(classifier({2}, {1}, "NONE")), ElementsAre(9, -2, 3));
  EXPECT_THAT(answered(classifier({2}, {1}, "SOFTMAX")), ElementsAre(9, -2, 3));
  EXPECT_THAT(answered(classifier({2}, {1}, "LOGISTIC")),
              ElementsAre(9, FloatNear(0.0474259F, 1e-6F), FloatNear(0.9525741F, 1e-6F)));
  EXPECT_THAT(
      error_of(of_two_outputs("ai.onnx.ml:LinearClassifier", classifier({2}, {1}, "PROBIT"))),
      HasSubstr("PROBIT of one sum for two classes"));
  EXPECT_THAT(error_of(of_two_outputs("ai.onnx.ml:LinearClassifier",
                                      classifier({1, 2, 3}, {1, 2, 3}, "NONE"))),
              HasSubstr("it has 2 classes and 3 intercepts"));
  EXPECT_THAT(
      error_of(of_two_outputs("ai.onnx.ml:LinearClassifier", classifier({1, 2}, {1, 2}, "CUBE"))),
      HasSubstr("attribute \"post_transform\" is \"CUBE\""));
}

TEST(Dense, WhereATransformLosesTheOrderTheLabelIsTheAnswer) {
  const auto is_label = [](const std::string& transform) {
    const auto predictor = compiled(
        of_two_outputs("ai.onnx.ml:LinearClassifier", classifier({-1, 1}, {0, 0}, transform)));
    EXPECT_TRUE(predictor) << predictor.error().message();
    return predictor && (*predictor)->output().class_index;
  };
  EXPECT_TRUE(is_label("PROBIT"));
  EXPECT_TRUE(is_label("SOFTMAX_ZERO"));
  EXPECT_FALSE(is_label("LOGISTIC"));
}

TEST(Dense, ALinearRegressorHasTargets) {
  const OnnxAttributes attributes{{"coefficients", std::vector<float>{1, 2, 3, 4}},
                                  {"intercepts", std::vector<float>{10, 20}},
                                  {"targets", int64_t{2}}};
  EXPECT_THAT(answers_of("ai.onnx.ml:LinearRegressor", {1, 1}, 2, attributes), ElementsAre(13, 27));
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:LinearRegressor", 3, attributes)),
              HasSubstr("attribute \"coefficients\" has 4 values, expected 2 x 3"));
}

}  // namespace
}  // namespace ringmaker::model
