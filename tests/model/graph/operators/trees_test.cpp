#include "tests/model/graph/graph_test_support.h"

#include <cmath>

namespace ringmaker::model {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;

/// x <= 1 ? 10 : (x < 3 ? 20 : 30), with ids that are not dense, and a second tree of one leaf.
OnnxAttributes stump(const std::string& prefix, std::vector<int64_t> targets,
                     std::vector<float> weights) {
  return {{"nodes_treeids", std::vector<int64_t>{4, 4, 4, 4, 4, 9}},
          {"nodes_nodeids", std::vector<int64_t>{10, 2, 7, 3, 5, 0}},
          {"nodes_featureids", std::vector<int64_t>{0, 0, 0, 0, 0, 0}},
          {"nodes_values", std::vector<float>{1, 0, 3, 0, 0, 0}},
          {"nodes_modes",
           std::vector<std::string>{"BRANCH_LEQ", "LEAF", "BRANCH_LT", "LEAF", "LEAF", "LEAF"}},
          {"nodes_truenodeids", std::vector<int64_t>{2, 0, 3, 0, 0, 0}},
          {"nodes_falsenodeids", std::vector<int64_t>{7, 0, 5, 0, 0, 0}},
          {"nodes_missing_value_tracks_true", std::vector<int64_t>{0, 0, 1, 0, 0, 0}},
          {prefix + "_treeids", std::vector<int64_t>{4, 4, 4, 9}},
          {prefix + "_nodeids", std::vector<int64_t>{2, 3, 5, 0}},
          {prefix + "_ids", std::move(targets)},
          {prefix + "_weights", std::move(weights)}};
}

OnnxAttributes regressor(const OnnxAttributes& more = {}) {
  OnnxAttributes attributes = stump("target", {0, 0, 0, 0}, {10, 20, 30, 1});
  attributes.insert(attributes.end(), more.begin(), more.end());
  return attributes;
}

const std::vector<float> kRows{1, 2, 3, NAN};

std::vector<float> regressed(const OnnxAttributes& attributes) {
  return answers_of("ai.onnx.ml:TreeEnsembleRegressor", kRows, 1, attributes);
}

TEST(Trees, LeavesAreSummedAveragedOrChosen) {
  EXPECT_THAT(regressed(regressor()), ElementsAre(11, 21, 31, 21)) << "NaN: no, then yes";
  EXPECT_THAT(regressed(regressor({{"aggregate_function", std::string("AVERAGE")}})),
              ElementsAre(5.5, 10.5, 15.5, 10.5));
  EXPECT_THAT(regressed(regressor({{"aggregate_function", std::string("MIN")}})),
              ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(regressed(regressor({{"aggregate_function", std::string("MAX")},
                                   {"base_values", std::vector<float>{100}}})),
              ElementsAre(110, 120, 130, 120));
  // With one target the reference leaves the transform out.
  EXPECT_THAT(regressed(regressor({{"post_transform", std::string("LOGISTIC")}})),
              ElementsAre(11, 21, 31, 21));
}

std::string classified(const OnnxAttributes& attributes) {
  return OnnxWriter()
      .input("x", kOnnxFloat, {-1, 1})
      .node("ai.onnx.ml:TreeEnsembleClassifier", {"x"}, {"label", "scores"}, attributes)
      .output("label", kOnnxInt64)
      .output("scores")
      .file();
}

OnnxAttributes classifier(std::vector<int64_t> ids, std::vector<float> weights,
                          const std::string& transform) {
  OnnxAttributes attributes = stump("class", std::move(ids), std::move(weights));
  attributes.emplace_back("classlabels_int64s", std::vector<int64_t>{5, 6});
  attributes.emplace_back("post_transform", transform);
  return attributes;
}

TEST(Trees, OneClassIdOfTwoSpeaksOfTheSecondClass) {
  // All weights positive: shares of 1, of which the larger is the label.
  for (const char* transform : {"NONE", "SOFTMAX"}) {
    EXPECT_THAT(outputs_of_file(
                    classified(classifier({0, 0, 0, 0}, {0.25, 0.5, 0.75, 0}, transform)), {1, 3}),
                ElementsAre(5, 0.75, 0.25, 6, 0.25, 0.75));
  }
  // They are so for the label, even where the transform makes probabilities of them.
  EXPECT_THAT(outputs_of_file(
                  classified(classifier({0, 0, 0, 0}, {0.25, 0.5, 0.75, 0}, "LOGISTIC")), {1, 3}),
              ElementsAre(5, FloatNear(0.4378235F, 1e-6F), FloatNear(0.5621765F, 1e-6F), 6,
                          FloatNear(0.3208213F, 1e-6F), FloatNear(0.6791787F, 1e-6F)));
  EXPECT_THAT(
      outputs_of_file(classified(classifier({0, 0, 0, 0}, {0.25, 0.5, 0.75, 0}, "PROBIT")), {1, 3}),
      ElementsAre(5, FloatNear(-0.6745743F, 1e-5F), 0, 6, FloatNear(0.6745743F, 1e-5F), 0));
  EXPECT_THAT(outputs_of_file(classified(classifier({0, 0, 0, 0}, {-1, 0, 2, 0}, "NONE")), {1, 3}),
              ElementsAre(5, 1, -1, 6, -2, 2));
  EXPECT_THAT(outputs_of_file(classified(classifier({0, 0, 0, 0}, {-2, 0, 2, 0}, "LOGISTIC")), {3}),
              ElementsAre(6, FloatNear(0.1192029F, 1e-6F), FloatNear(0.8807971F, 1e-6F)));
}

TEST(Trees, TheThresholdOfServedScoresIsWhereTheLabelChanges) {
  const auto output = [](std::vector<float> weights, const char* transform) {
    const auto predictor =
        compiled(classified(classifier({0, 0, 0, 0}, std::move(weights), transform)));
    EXPECT_TRUE(predictor) << predictor.error().message();
    return (*predictor)->output();
  };
  EXPECT_EQ(output({0.25, 0.5, 0.75, 0}, "NONE").threshold, 0.5F);
  const data::OutputSchema positive = output({0.25, 0.5, 0.75, 0}, "LOGISTIC");
  EXPECT_FLOAT_EQ(positive.threshold, 0.6224593F) << "of a sum of 0.5";
  EXPECT_FALSE(positive.margin);
  const data::OutputSchema signs = output({-1, 0, 2, 0}, "LOGISTIC");
  EXPECT_EQ(signs.threshold, 0.5F);
  EXPECT_FALSE(signs.margin);
  const data::OutputSchema margin = output({-1, 0, 2, 0}, "NONE");
  EXPECT_EQ(margin.threshold, 0.0F);
  EXPECT_TRUE(margin.margin);
  EXPECT_TRUE(output({0.25, 0.5, 0.75, 0}, "PROBIT").class_index) << "the label is the answer";
}

TEST(Trees, OfLeavesThatAllSpeakOfTheSecondClassTheFirstHasNothing) {
  const auto file = [](const char* transform) {
    return classified(classifier({1, 1, 1, 1}, {0.25, 0.5, 0.75, 0}, transform));
  };
  EXPECT_THAT(outputs_of_file(file("NONE"), {1, 3}), ElementsAre(5, 0, 0.25, 6, 0, 0.75));
  EXPECT_THAT(outputs_of_file(file("LOGISTIC"), {3}),
              ElementsAre(6, FloatNear(0.5F, 1e-6F), FloatNear(0.6791787F, 1e-6F)));
  const auto predictor = compiled(file("NONE"));
  ASSERT_TRUE(predictor) << predictor.error().message();
  EXPECT_TRUE((*predictor)->output().class_index) << "the label is no score's";
}

TEST(Trees, SeveralClassIdsAreScoresOfTheirClasses) {
  EXPECT_THAT(outputs_of_file(classified(classifier({0, 1, 0, 1}, {1, 1, 2, 0.5}, "NONE")), {1, 2}),
              ElementsAre(5, 1, 0.5, 6, 0, 1.5));
}

/// x <= 0 has the first two of the weights, else the others.
std::string of_both_classes(const std::vector<float>& weights, const std::string& transform,
                            const std::vector<float>& base = {0, 0}) {
  return classified({{"nodes_treeids", std::vector<int64_t>{0, 0, 0}},
                     {"nodes_nodeids", std::vector<int64_t>{0, 1, 2}},
                     {"nodes_featureids", std::vector<int64_t>{0, 0, 0}},
                     {"nodes_values", std::vector<float>{0, 0, 0}},
                     {"nodes_modes", std::vector<std::string>{"BRANCH_LEQ", "LEAF", "LEAF"}},
                     {"nodes_truenodeids", std::vector<int64_t>{1, 0, 0}},
                     {"nodes_falsenodeids", std::vector<int64_t>{2, 0, 0}},
                     {"class_treeids", std::vector<int64_t>{0, 0, 0, 0}},
                     {"class_nodeids", std::vector<int64_t>{1, 1, 2, 2}},
                     {"class_ids", std::vector<int64_t>{0, 1, 0, 1}},
                     {"class_weights", weights},
                     {"base_values", base},
                     {"classlabels_int64s", std::vector<int64_t>{5, 6}},
                     {"post_transform", transform}});
}

TEST(Trees, TwoScoresAreOneWhereLeavesShareOutOne) {
  const auto output = [](const std::string& file) {
    const auto predictor = compiled(file);
    EXPECT_TRUE(predictor) << predictor.error().message();
    return predictor ? (*predictor)->output() : data::OutputSchema();
  };
  const data::OutputSchema shares = output(of_both_classes({0.75, 0.25, 0.1F, 0.9F}, "NONE"));
  EXPECT_EQ(shares.task, data::Task::kBinary);
  EXPECT_FALSE(shares.margin);
  EXPECT_EQ(output(of_both_classes({0.5, 0.25, 0, 0.75}, "NONE", {0, 0.25})).task,
            data::Task::kBinary)
      << "with what all rows have";
  // Votes, other sums, a base that is left out, negative ones: each class has a sum of its own.
  for (const std::string& file :
       {of_both_classes({3, 1, 1, 3}, "NONE"), of_both_classes({0.75, 0.25, 0.5, 0.25}, "NONE"),
        of_both_classes({0.75, 0.25, 0.25, 0.75}, "NONE", {0, 0.25}),
        of_both_classes({1.5, -0.5, 0.5, 0.5}, "NONE"),
        of_both_classes({1, 1, 1, 1}, "NONE", {-1, 0})}) {
    const data::OutputSchema apart = output(file);
    EXPECT_EQ(apart.task, data::Task::kMulticlass);
    EXPECT_TRUE(apart.margin) << "no probabilities";
  }
  const auto votes = compiled(of_both_classes({3, 1, 1, 3}, "NONE"));
  const std::vector<float> rows{-1, 1};
  std::vector<float> scores(4);
  (*votes)->predict({rows.data(), 2, 1}, {scores.data(), 2, 2});
  EXPECT_THAT(scores, ElementsAre(3, 1, 1, 3));
}

TEST(Trees, SumsOfOneClassThatGoBeyondOneAreNoProbabilities) {
  const auto within = compiled(classified(classifier({0, 0, 0, 0}, {0.25, 0.5, 0.75, 0}, "NONE")));
  EXPECT_EQ((*within)->output().task, data::Task::kBinary);
  EXPECT_FALSE((*within)->output().margin);
  const auto beyond = compiled(classified(classifier({0, 0, 0, 0}, {0.25, 0.5, 3, 0}, "NONE")));
  EXPECT_EQ((*beyond)->output().task, data::Task::kMulticlass);
  EXPECT_TRUE((*beyond)->output().margin);
}

TEST(Trees, WhereATransformLosesTheOrderTheLabelIsTheAnswer) {
  for (const char* transform : {"PROBIT", "SOFTMAX_ZERO"}) {
    const auto predictor = compiled(of_both_classes({-2, 0, 0.25, 0.75}, transform));
    ASSERT_TRUE(predictor) << predictor.error().message();
    EXPECT_TRUE((*predictor)->output().class_index) << transform;
  }
}

TEST(Trees, WhatPointsNowhereIsRefusedByAttributeAndEntry) {
  const auto error = [](size_t attribute, const test::OnnxValue& value) {
    OnnxAttributes attributes = regressor();
    attributes[attribute].second = value;
    return error_of(one_node("ai.onnx.ml:TreeEnsembleRegressor", 1, attributes));
  };
  EXPECT_THAT(error(5, std::vector<int64_t>{99, 0, 3, 0, 0, 0}),
              HasSubstr("attribute \"nodes_truenodeids\", entry 0: tree 4 has no node 99"));
  EXPECT_THAT(error(5, std::vector<int64_t>{10, 0, 3, 0, 0, 0}),
              HasSubstr("tree node 0 is reached a second time"))
      << "round and round";
  EXPECT_THAT(error(2, std::vector<int64_t>{5, 0, 0, 0, 0, 0}),
              HasSubstr("tree node 0 asks for column 5, the input has 1"));
  EXPECT_THAT(error(2, std::vector<int64_t>{-1, 0, 0, 0, 0, 0}), HasSubstr("-1 is no column"));
  EXPECT_THAT(error(3, std::vector<float>{NAN, 0, 3, 0, 0, 0}),
              HasSubstr("the threshold of tree node 0 is NaN"));
  EXPECT_THAT(error(3, std::vector<float>{1}),
              HasSubstr("attribute \"nodes_values\" has 1 values, expected 6"));
  EXPECT_THAT(
      error(4, std::vector<std::string>{"BRANCH_ISH", "LEAF", "BRANCH_LT", "LEAF", "LEAF", "LEAF"}),
      HasSubstr("entry 0: \"BRANCH_ISH\" is not known"));
  EXPECT_THAT(error(9, std::vector<int64_t>{10, 3, 5, 0}), HasSubstr("tree 4 has no leaf 10"));
  EXPECT_THAT(error(10, std::vector<int64_t>{0, 0, 3, 0}),
              HasSubstr("a leaf speaks of target 3, there are 1"));
  EXPECT_THAT(error(11, std::vector<float>{1, NAN, 1, 1}), HasSubstr("weight of a leaf is NaN"));
}

}  // namespace
}  // namespace ringmaker::model
