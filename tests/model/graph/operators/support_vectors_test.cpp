#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

OnnxAttributes regressor(const std::string& kernel) {
  return {{"kernel_type", kernel},
          {"kernel_params", std::vector<float>{0.5, 1, 2}},
          {"support_vectors", std::vector<float>{1, 0, 0, 2}},
          {"coefficients", std::vector<float>{2, -1}},
          {"n_supports", int64_t{2}},
          {"rho", std::vector<float>{0.25}}};
}

TEST(SupportVectors, EachKernelMeasuresInItsOwnWay) {
  const auto answered = [](const std::string& kernel) {
    return answers_of("ai.onnx.ml:SVMRegressor", {1, 1}, 2, regressor(kernel));
  };
  EXPECT_THAT(answered("LINEAR"), ElementsAre(0.25));
  EXPECT_THAT(answered("POLY"), ElementsAre(2 * 2.25F - 4 + 0.25F));
  EXPECT_THAT(answered("RBF"),
              ElementsAre(FloatNear(2 * std::exp(-0.5F) - std::exp(-1.0F) + 0.25F, 1e-6F)));
  EXPECT_THAT(answered("SIGMOID"),
              ElementsAre(FloatNear(2 * std::tanh(1.5F) - std::tanh(2.0F) + 0.25F, 1e-6F)));
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:SVMRegressor", 2, regressor("CHI2"))),
              HasSubstr("attribute \"kernel_type\" is \"CHI2\""));
  EXPECT_THAT(error_of(one_node("ai.onnx.ml:SVMRegressor", 3, regressor("RBF"))),
              HasSubstr("attribute \"support_vectors\" has 4 values, expected 2 x 3"));
}

TEST(SupportVectors, OneClassSaysInsideOrOutside) {
  OnnxAttributes attributes = regressor("LINEAR");
  attributes.emplace_back("one_class", int64_t{1});
  EXPECT_THAT(answers_of("ai.onnx.ml:SVMRegressor", {1, 0, 0, 5}, 2, attributes),
              ElementsAre(1, -1));
}

/// Three classes with one vector each, at 1, 2 and 3.
OnnxAttributes classifier(bool probabilities) {
  OnnxAttributes attributes{{"kernel_type", std::string("LINEAR")},
                            {"support_vectors", std::vector<float>{1, 2, 3}},
                            {"vectors_per_class", std::vector<int64_t>{1, 1, 1}},
                            {"coefficients", std::vector<float>{1, -1, -1, 1, 1, -1}},
                            {"rho", std::vector<float>{0.5, 0.25, 0.125}},
                            {"classlabels_ints", std::vector<int64_t>{7, 8, 9}}};
  if (probabilities) {
    attributes.emplace_back("prob_a", std::vector<float>{-1, -1, -1});
    attributes.emplace_back("prob_b", std::vector<float>{0, 0, 0});
  }
  return attributes;
}

std::string classifier_file(const OnnxAttributes& attributes) {
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 1})
      .node("ai.onnx.ml:SVMClassifier", {"x"}, {"label", "scores"}, attributes)
      .output("label", kOnnxInt64)
      .output("scores")
      .file();
}

TEST(SupportVectors, TheClassWithTheMostPairsWins) {
  // Pairs at x = 1: 1 - 2 + 0.5, 1 - 3 + 0.25, 2 - 3 + 0.125.
  EXPECT_THAT(outputs_of_file(classifier_file(classifier(false)), {1}),
              ElementsAre(9, -0.5, -1.75, -0.875));
}

TEST(SupportVectors, TheOneSumOfTwoClassesIsTransformedAsTheReferenceDoes) {
  const auto scores = [](const std::string& transform) {
    // At x = 1: 1 - 2 + 0.75.
    return outputs_of_file(classifier_file({{"kernel_type", std::string("LINEAR")},
                                            {"support_vectors", std::vector<float>{1, 2}},
                                            {"vectors_per_class", std::vector<int64_t>{1, 1}},
                                            {"coefficients", std::vector<float>{1, -1}},
                                            {"rho", std::vector<float>{1.25}},
                                            {"classlabels_ints", std::vector<int64_t>{7, 8}},
                                            {"post_transform", transform}}),
                           {1});
  };
  EXPECT_THAT(scores("NONE"), ElementsAre(7, -0.25, 0.25));
  EXPECT_THAT(scores("SOFTMAX"), ElementsAre(7, 0.75, 0.25));
  EXPECT_THAT(scores("LOGISTIC"),
              ElementsAre(7, FloatNear(0.4378235F, 1e-6F), FloatNear(0.5621765F, 1e-6F)));
  EXPECT_THAT(scores("PROBIT"), ElementsAre(7, FloatNear(-0.6745743F, 1e-5F), 0));
}

TEST(SupportVectors, PairsAreCoupledToProbabilities) {
  const std::vector<float> found = outputs_of_file(classifier_file(classifier(true)), {1});
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0], 9);
  EXPECT_NEAR(found[1] + found[2] + found[3], 1, 1e-3);
  EXPECT_LT(found[1], found[2]);
  EXPECT_LT(found[2], found[3]);
}

TEST(SupportVectors, TwoProbabilitiesTellEachOtherAsLongAsTheyAddUpToOne) {
  const auto task = [](const std::string& transform) {
    const auto predictor =
        compiled(classifier_file({{"kernel_type", std::string("LINEAR")},
                                  {"support_vectors", std::vector<float>{1, 2}},
                                  {"vectors_per_class", std::vector<int64_t>{1, 1}},
                                  {"coefficients", std::vector<float>{1, -1}},
                                  {"rho", std::vector<float>{0.75}},
                                  {"prob_a", std::vector<float>{-1}},
                                  {"prob_b", std::vector<float>{0}},
                                  {"classlabels_ints", std::vector<int64_t>{7, 8}},
                                  {"post_transform", transform}}));
    EXPECT_TRUE(predictor) << predictor.error().message();
    return predictor ? (*predictor)->output().task : data::Task::kRegression;
  };
  EXPECT_EQ(task("NONE"), data::Task::kBinary);
  EXPECT_EQ(task("SOFTMAX"), data::Task::kBinary);
  EXPECT_EQ(task("LOGISTIC"), data::Task::kMulticlass) << "each is beyond 0.5";
}

TEST(SupportVectors, ListsOfTheWrongLengthAreRefused) {
  OnnxAttributes attributes = classifier(false);
  attributes[3].second = std::vector<float>{1, 2};
  EXPECT_THAT(error_of(classifier_file(attributes)),
              HasSubstr("attribute \"coefficients\" has 2 values, expected 6"));
  attributes = classifier(false);
  attributes[4].second = std::vector<float>{1};
  EXPECT_THAT(error_of(classifier_file(attributes)),
              HasSubstr("attribute \"rho\" has 1 values, expected 3"));
}

}  // namespace
}  // namespace ringmaker::model
